// The queue (待上传): what has been said and is not yet at the office. Nothing leaves it but against a receipt.
import { bodyDigest } from "./digests.js";
import { ofOwner, one, written } from "./database.js";
import { changed } from "../news.js";

/**
 * waiting: not at the office. told: the words are there, photos are not. refused, conflict: the office said no, and
 * the person has to see it.
 * @typedef {"waiting" | "told" | "refused" | "conflict"} State
 * @typedef {"patrol" | "hazard" | "hazard_action" | "ack" | "campaign_answer" | "order_word"} Type
 * @typedef {object} Item
 * @property {string} id @property {string} owner @property {Type} type @property {any} body
 * @property {string} sha256 digest of the body, as a receipt names it
 * @property {string[]} photos digests of photos and recordings that are still on this phone
 * @property {string[]} [after] items that have to be at the office before it: what it names, or stands on
 * @property {string} [head] of an act: the end of its hazard's chain, as the person saw it
 * @property {string} made_at RFC 3339 @property {State} state @property {number} tries
 * @property {number} next_at Unix ms before which it is not tried again by itself
 * @property {number} [asked_until] Unix ms before which the office does not want to be asked again
 * @property {string} label what a person calls it @property {string} [problem] why the office said no
 */

/** What names photos, and the photos. */
export const TABLES = ["items", "photos", "drafts", "walks"];
/**
 * Members of a body that stand beside what was said: the receipt of an answer knows nothing of them.
 * @type {Record<string, string[]>}
 */
const ENVELOPE = { ack: ["callout"], campaign_answer: ["campaign"], order_word: ["order"], hazard_action: ["hazard", "if_match"] };
/** Bodies that name themselves: their receipt is over the name, too. */
const NAMES_ITSELF = new Set(["ack", "hazard_action"]);

/**
 * An item that is ready to be put on the disk.
 * @param {{ id: string, owner: string, type: Type, body: any, photos?: string[], label: string, after?: string[] }} said
 * @returns {Promise<Item>}
 */
export async function itemOf({ id, owner, type, body, photos = [], label, after = [] }) {
  const sha256 = await digestOf(id, type, body);
  const made_at = new Date().toISOString();
  return { id, owner, type, body, sha256, photos, label, after, made_at, state: "waiting", tries: 0, next_at: 0 };
}

/** What a receipt will name it by. @param {string} id @param {Type} type @param {any} body */
export async function digestOf(id, type, body) {
  const told = { ...body };
  for (const name of ENVELOPE[type] ?? []) delete told[name];
  if (NAMES_ITSELF.has(type)) told.id = id;
  return bodyDigest(told);
}

/**
 * Put an item on the disk, and in the same act what this phone remembers of it; when this is over it is there.
 * @param {Item} item
 * @param {{ type: string, id: string, body: any }} [thing]
 */
export async function enqueue(item, thing) {
  await written(["items", "things"], async ({ items, things }) => {
    await items.put(item);
    if (thing) await things.put({ owner: item.owner, ...thing });
  });
  changed("queue");
  changed("things");
}

/** Everything of one person that is still here, the oldest first. @param {string} owner @returns {Promise<Item[]>} */
export async function queued(owner) {
  const items = await ofOwner("items", owner);
  return items.sort((one, other) => (one.made_at < other.made_at ? -1 : 1));
}

/**
 * What a person is told: how many reports, and how many photos and recordings of them, are not at the office.
 * @param {string} owner
 */
export async function unsent(owner) {
  const items = await queued(owner);
  const files = items.map(filesOf);
  return {
    items: items.filter(({ state }) => state === "waiting").length,
    photos: files.reduce((sum, { photos }) => sum + photos, 0),
    recordings: files.reduce((sum, { recordings }) => sum + recordings, 0),
    trouble: items.filter(({ state }) => state === "refused" || state === "conflict").length,
  };
}

/** How many photos and how many recordings an item waits for. @param {Item} item */
export function filesOf({ photos, body }) {
  const recordings = photos.filter((sha256) => body.recordings?.includes(sha256)).length;
  return { photos: photos.length - recordings, recordings };
}

/** Whether nothing that has to be at the office first is still here. @param {Item} item @param {Item[]} all */
export const isFree = ({ after = [] }, all) => !all.some(({ id, state }) => after.includes(id) && state !== "told");

/**
 * The office has an item, by its receipt: it goes from this phone, unless photos of it have still to come.
 * @param {string} id
 * @param {{ body_sha256: string, photos?: File[], recordings?: File[] }} receipt @typedef {{ sha256: string, state: string }} File
 * @returns {Promise<boolean>} false when the receipt is that of something else
 */
export async function settle(id, receipt) {
  const here = [...(receipt.photos ?? []), ...(receipt.recordings ?? [])].filter(({ state }) => state === "stored").map(({ sha256 }) => sha256);
  const isOurs = await written(TABLES, async (tables) => {
    const item = /** @type {Item | undefined} */ (await tables.items.get(id));
    if (!item) return true;
    if (receipt.body_sha256 !== item.sha256) return false;
    await leave(item, here, tables);
    return true;
  });
  changed("queue");
  return isOurs;
}

/** The office has the bytes of a photo or recording, or will never have them: what of somebody is there already waits for them no longer. @param {string} owner @param {string} sha256 */
export async function waitNoLonger(owner, sha256) {
  await written(TABLES, async (tables) => {
    for (const item of await tables.items.index("owner").getAll(owner)) {
      if (item.photos.includes(sha256) && item.state === "told") await leave(item, [sha256], tables);
    }
  });
  changed("queue");
}

/** What became of an item, and when it is tried again. @param {string} id @param {Partial<Item> | ((item: Item) => Partial<Item>)} what */
export async function mark(id, what) {
  await written(["items"], async ({ items }) => {
    const item = await items.get(id);
    if (item) await items.put({ ...item, ...(typeof what === "function" ? what(item) : what) });
  });
  changed("queue");
}

/** The person has seen that an item is not wanted, and lets go of it, and of an answer that names it. @param {string} id */
export async function drop(id) {
  await written(TABLES, async (tables) => {
    const item = await tables.items.get(id);
    if (!item) return;
    for (const each of await tables.items.index("owner").getAll(item.owner)) {
      if (each.type === "campaign_answer" && each.after?.includes(id)) await tables.items.delete(each.id);
    }
    await leave(item, item.photos, tables);
  });
  changed("queue");
}

/** @param {string} id @returns {Promise<Item | undefined>} */
export const item = (id) => one("items", id);

/**
 * An item that waits for these photos no longer, and goes when it waits for none; their bytes go when nobody names them.
 * @param {Item} item @param {string[]} here digests @param {Record<string, any>} tables
 */
async function leave(item, here, tables) {
  const left = item.photos.filter((sha256) => !here.includes(sha256));
  if (left.length) await tables.items.put({ ...item, photos: left, state: "told", tries: 0, next_at: 0 });
  else await tables.items.delete(item.id);
  await letGo(item.photos, tables);
}

/**
 * Bytes that nothing names any more, of whomever, leave the phone: two people may have taken the same file.
 * @param {string[]} digests @param {Record<string, any>} tables all that name photos
 */
export async function letGo(digests, { items, photos, drafts, walks }) {
  if (!digests.length) return;
  const all = await Promise.all([items, drafts, walks].map((table) => table.getAll()));
  const named = new Set(all.flat().flatMap(digestsOf));
  for (const sha256 of digests) if (!named.has(sha256)) await photos.delete(sha256);
}

/** A photo that was taken out of what named it leaves the phone, unless something else names it. @param {string} sha256 */
export const dropPhoto = (sha256) => written(TABLES, (tables) => letGo([sha256], tables));

/** Every photo and recording that an item, a draft or a walk names. @param {any} named @returns {string[]} */
export function digestsOf({ photos = [], recordings = [], checkins = [] }) {
  return [...photos, ...recordings, ...checkins.flatMap((/** @type {any} */ each) => each.photos)].map((each) => each.sha256 ?? each);
}
