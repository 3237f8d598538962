// Accounts (账号) on this phone: who has signed in, with what only this phone knows. A PIN seals it on a shared phone.
import { database, one, set, setting, written } from "./database.js";
import { newId } from "./ids.js";
import { alone } from "../alone.js";
import { changed } from "../news.js";

const ROUNDS = 310_000;
const MOST_TRIES = 5;

/**
 * @typedef {object} Account
 * @property {string} id of the person @property {string} name @property {string} device_id
 * @property {string} [refresh] the token that makes others, when no PIN seals it
 * @property {{ salt: Uint8Array, iv: Uint8Array, data: ArrayBuffer }} [sealed] the same under a PIN
 * @property {number} [tries] wrong PINs in a row
 * @property {boolean} [isShut] too many of them: nothing is shown before the password was typed
 */

/** Keys of PINs that were typed since the app was opened: never on the disk. @type {Map<string, CryptoKey>} */
const keys = new Map();

/** @returns {Promise<Account[]>} */
export const accounts = async () => (await database()).getAll("accounts");

/** @param {string} id @returns {Promise<Account | undefined>} */
export const account = (id) => one("accounts", id);

/** Who holds the phone now. @returns {Promise<Account | undefined>} */
export async function holder() {
  const id = await setting("holder");
  return id && account(id);
}

/** From hand to hand: with nobody in between who is known, every PIN is asked for again. @param {string | null} id */
export async function handTo(id) {
  if (id === null) lockNow();
  await set("holder", id);
  changed("account");
}

/** @param {{ id: string, name: string }} person @param {string} refresh */
export async function welcome(person, refresh) {
  const known = await account(person.id);
  const device_id = known?.device_id ?? newId();
  await written(["accounts"], ({ accounts: store }) => store.put({ id: person.id, name: person.name, device_id, refresh }));
  keys.delete(person.id);
  await handTo(person.id);
}

/** @param {Account} whose whether a PIN or the password has to be typed before anything is shown or sent */
export const isLocked = ({ id, sealed, isShut }) => Boolean(isShut) || (Boolean(sealed) && !keys.has(id));

/** The token that makes others; undefined when there is none, or a PIN seals it. @param {string} id */
export async function refreshToken(id) {
  const found = await account(id);
  if (!found?.sealed) return found?.refresh;
  const key = keys.get(id);
  return key && opened(found.sealed, key);
}

/**
 * Work on the token that makes others: while it is exchanged it is not sealed, nor the other way round, in any tab.
 * @template T
 * @param {string} id @param {() => Promise<T>} work @returns {Promise<T>}
 */
export const withToken = (id, work) => alone(`refresh-${id}`, work);

/** The next token, in the place of the one before it. @param {string} id @param {string | undefined} refresh none: the login is over */
export async function renew(id, refresh) {
  const box = (await account(id))?.sealed, key = keys.get(id);
  const kept = box && key && refresh
    ? { sealed: { ...(await sealed(refresh, key)), salt: box.salt }, refresh: undefined }
    : { refresh, sealed: undefined };
  await amend(id, () => ({ ...kept, tries: 0 }));
  if (!refresh) changed("account");
}

/** From now on a PIN is asked for. @param {string} id @param {string} pin four to eight digits */
export async function lockWith(id, pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await keyOf(pin, salt);
  await withToken(id, async () => {
    const refresh = await refreshToken(id);
    if (!refresh) return;
    const box = { ...(await sealed(refresh, key)), salt };
    await amend(id, () => ({ sealed: box, refresh: undefined, tries: 0 }));
    keys.set(id, key);
  });
  changed("account");
}

/** No PIN any more. @param {string} id */
export async function unlockForGood(id) {
  await withToken(id, async () => {
    const refresh = await refreshToken(id);
    if (refresh) await amend(id, () => ({ refresh, sealed: undefined, tries: 0 }));
  });
  changed("account");
}

/**
 * Type the PIN.
 * @param {string} id
 * @param {string} pin
 * @returns {Promise<number>} tries that are left; 0: the password has to be typed anew; Infinity: it was right
 */
export async function unlock(id, pin) {
  const found = await account(id);
  if (!found?.sealed) return found?.refresh ? Infinity : 0;
  const key = await keyOf(pin, found.sealed.salt);
  try {
    await opened(found.sealed, key);
  } catch { // it does not open: the PIN is wrong
    return wrongPin(id);
  }
  keys.set(id, key);
  await amend(id, () => ({ tries: 0 }));
  changed("account");
  return Infinity;
}

/** One try less, whichever tab it was in. @param {string} id @returns {Promise<number>} tries that are left */
async function wrongPin(id) {
  let left = 0;
  await amend(id, ({ tries = 0 }) => {
    left = Math.max(0, MOST_TRIES - tries - 1);
    return left ? { tries: tries + 1 } : { sealed: undefined, refresh: undefined, tries: 0, isShut: true };
  });
  return left;
}

/** Change something of an account; what else was changed meanwhile stays. @param {string} id @param {(found: Account) => Partial<Account>} change */
const amend = (id, change) => written(["accounts"], async ({ accounts: store }) => {
  const found = await store.get(id);
  if (found) await store.put({ ...found, ...change(found) });
});

/** The phone is laid down or handed on: PINs are asked for again. */
export function lockNow() {
  if (!keys.size) return;
  keys.clear();
  changed("account");
}

/** Nobody of that name uses this phone any more; what came down for them goes with them. @param {string} id */
export async function farewell(id) {
  await written(["accounts", "things", "settings"], async ({ accounts: store, things, settings }) => {
    await store.delete(id);
    await things.delete(IDBKeyRange.bound([id], [id, []]));
    if ((await settings.get("holder")) === id) await settings.delete("holder");
  });
  keys.delete(id);
  changed("account");
}

/** @param {string} pin @param {Uint8Array} salt */
async function keyOf(pin, salt) {
  const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt: /** @type {BufferSource} */ (salt), iterations: ROUNDS },
    typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"],
  );
}

/** @param {string} refresh @param {CryptoKey} key */
async function sealed(refresh, key) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(refresh)) };
}

/** @param {{ iv: Uint8Array, data: ArrayBuffer }} box @param {CryptoKey} key */
async function opened(box, key) {
  const iv = /** @type {BufferSource} */ (box.iv);
  return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, box.data));
}
