// The phone's disk: one IndexedDB database, its tables, and how an older one becomes the present one.
import { openDB } from "idb";

const NAME = "hezhang";

/**
 * Every version of the tables, one step after the other; a step that has been out in the field is never changed.
 * @type {((db: import("idb").IDBPDatabase<any>, act: any) => void | Promise<void>)[]}
 */
const STEPS = [
  (db) => {
    db.createObjectStore("settings");
    db.createObjectStore("items", { keyPath: "id" });
    db.createObjectStore("photos", { keyPath: "sha256" });
    db.createObjectStore("drafts", { keyPath: "id" });
    db.createObjectStore("walks", { keyPath: "id" });
    db.createObjectStore("fixes", { keyPath: ["walk", "seq"] });
  },
  // Several people share a phone: everything has an owner, and what came down from the server is kept for each.
  async (db, act) => {
    db.createObjectStore("accounts", { keyPath: "id" });
    db.createObjectStore("things", { keyPath: ["owner", "type", "id"] });
    const login = await act.objectStore("settings").get("login");
    if (login) {
      await act.objectStore("accounts").put(login);
      await act.objectStore("settings").put(login.id, "holder");
    }
    for (const name of ["items", "photos", "drafts", "walks"]) {
      const store = act.objectStore(name);
      store.createIndex("owner", "owner");
      for (let row = await store.openCursor(); row; row = await row.continue()) {
        if (!row.value.owner && login) await row.update({ ...row.value, owner: login.id });
      }
    }
  },
];

/** What is told to whoever shows the database when another tab needs it in a newer version. */
let onOutgrown = () => {};

/** @param {() => void} tell called when a newer app in another tab has to wait for this one */
export function whenOutgrown(tell) { onOutgrown = tell; }

/** What is told while an older app in another tab, which does not hear that it should, keeps this one from the database. */
let onBlocked = () => {};
let isBlocked = false;

/** @param {() => void} tell called when this app has to wait for an older one */
export function whenBlocked(tell) {
  onBlocked = tell;
  if (isBlocked) tell();
}

/** @type {Promise<import("idb").IDBPDatabase<any>> | undefined} */
let opening;

/** The database, opened once; after the browser has taken it away it is opened again. */
export function database() {
  opening ||= openDB(NAME, STEPS.length, {
    async upgrade(db, before, _after, act) {
      for (const step of STEPS.slice(before)) await step(db, act);
    },
    blocked() { isBlocked = true; onBlocked(); },
    blocking(_old, _new, event) {
      opening = undefined;
      /** @type {IDBDatabase} */ (event.target).close();
      onOutgrown();
    },
    terminated() { opening = undefined; },
  }).catch((wrong) => { opening = undefined; throw wrong; });
  return opening;
}

/**
 * Do something with several tables, wholly or not at all; when it is over, it is on the disk and not only on its way.
 * @template T
 * @param {string[]} names
 * @param {(stores: Record<string, any>) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function written(names, work) {
  const act = (await database()).transaction(names, "readwrite", { durability: "strict" });
  try {
    const done = await work(Object.fromEntries(names.map((name) => [name, act.objectStore(name)])));
    await act.done;
    return done;
  } catch (wrong) {
    try { act.abort(); } catch { /* it is over by itself */ }
    await act.done.catch(() => {});
    throw wrong;
  }
}

/** @param {string} store @param {any} key */
export const one = async (store, key) => (await database()).get(store, key);

/** Everything of one person in a table. @param {string} store @param {string} owner @returns {Promise<any[]>} */
export const ofOwner = async (store, owner) => (await database()).getAllFromIndex(store, "owner", owner);

/** @param {string} name @param {any} [otherwise] */
export const setting = async (name, otherwise) => (await (await database()).get("settings", name)) ?? otherwise;

/** @param {string} name @param {any} value */
export const set = async (name, value) => written(["settings"], ({ settings }) => settings.put(value, name));

/** @param {unknown} wrong whether an act failed because the phone is full */
export const isFull = (wrong) => wrong instanceof DOMException && wrong.name === "QuotaExceededError";
