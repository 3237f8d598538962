// A walk (巡河) on the disk while it is being walked: positions in handfuls, so that a dying phone loses ten seconds.
import { newId } from "./ids.js";
import { database, written } from "./database.js";
import { TABLES, digestsOf, itemOf, letGo } from "./queue.js";
import { changed } from "../news.js";

const MOST_FIXES = 20_000;

/**
 * A position: degrees, degrees, Unix ms, metres.
 * @typedef {[lon: number, lat: number, at_ms: number, accuracy_m: number]} Fix
 * @typedef {object} Walk
 * @property {string} id @property {string} owner @property {string} segment code @property {string} segment_name
 * @property {string} started_at @property {number} handfuls how many handfuls of positions are on the disk
 * @property {{ checkpoint: string, at: string, photos: string[] }[]} checkins
 * @property {number[][]} frozen [Unix ms, Unix ms] in which the browser was asleep
 * @property {string} note @property {string[]} [photos] digests
 */

/** The walk that is going on, of whoever holds the phone. @param {string} owner @returns {Promise<Walk | undefined>} */
export async function live(owner) {
  return (await (await database()).getAllFromIndex("walks", "owner", owner))[0];
}

/** Whether any walk is going on, whoever's; without a disk there is none. */
export const isAnybodyWalking = () => database().then(async (disk) => (await disk.count("walks")) > 0, () => false);

/** @param {string} owner @param {{ code: string, name: string }} segment @returns {Promise<Walk>} */
export async function begin(owner, segment) {
  const walk = {
    id: newId(), owner, segment: segment.code, segment_name: segment.name,
    started_at: new Date().toISOString(), handfuls: 0, checkins: [], frozen: [], note: "", photos: [],
  };
  const isFirst = await written(["walks"], async ({ walks }) => {
    if (await walks.index("owner").count(owner)) return false;
    await walks.add(walk);
    return true;
  });
  changed("walk");
  return isFirst ? walk : /** @type {Walk} */ (await live(owner));
}

/**
 * Put what came in since the last time on the disk.
 * @param {string} id
 * @param {Fix[]} fixes
 * @param {Partial<Pick<Walk, "checkins" | "frozen" | "note" | "photos">>} [rest]
 */
export async function add(id, fixes, rest = {}) {
  await written(["walks", "fixes"], async ({ walks, fixes: store }) => {
    const walk = await walks.get(id);
    if (!walk) return;
    if (fixes.length) await store.put({ walk: id, seq: walk.handfuls, fixes });
    await walks.put({ ...walk, ...rest, handfuls: walk.handfuls + (fixes.length ? 1 : 0) });
  });
}

/** @param {string} id @returns {Promise<Fix[]>} in the order in which they came */
export async function fixesOf(id) {
  const rows = await (await database()).getAll("fixes", IDBKeyRange.bound([id], [id, []]));
  return rows.flatMap(({ fixes }) => fixes);
}

/**
 * The end: the walk becomes an item of the queue in one act. When this is over it is on the disk.
 * @param {Walk} walk
 * @param {Fix[]} fixes
 * @param {string} label
 * @param {any} said what else is reported: checklist, readings
 */
export async function end(walk, fixes, label, said) {
  const body = {
    segment: walk.segment,
    started_at: walk.started_at,
    ended_at: new Date(Math.max(Date.now(), Date.parse(walk.started_at))).toISOString(),
    track: { crs: "WGS84", points: thinned(fixes) },
    ...(walk.checkins.length && { checkins: walk.checkins }),
    ...(walk.photos?.length && { photos: walk.photos }),
    ...(walk.note.trim() && { note: walk.note.trim() }),
    ...said,
    ...(walk.frozen.length && { client: { frozen: walk.frozen } }),
  };
  const photos = [...new Set(digestsOf(walk))];
  const item = await itemOf({ id: walk.id, owner: walk.owner, type: "patrol", body, photos, label });
  await written(["walks", "fixes", "items"], async ({ walks, fixes: store, items }) => {
    if (!(await walks.get(walk.id))) return; // touched twice: it is an item already, and perhaps at the office
    await items.put(item);
    await walks.delete(walk.id);
    await store.delete(IDBKeyRange.bound([walk.id], [walk.id, []]));
  });
  changed("walk");
  changed("queue");
  return item;
}

/** As many positions as the office takes in one walk: of a very long one every second, third, … and the last. @param {Fix[]} fixes */
function thinned(fixes) {
  const step = Math.ceil(fixes.length / (MOST_FIXES - 1));
  return step < 2 ? fixes : fixes.filter((_, at) => at % step === 0 || at === fixes.length - 1);
}

/** A walk begun by mistake, which nobody is to hear of. @param {string} id */
export async function forget(id) {
  await written([...TABLES, "fixes"], async ({ fixes, ...tables }) => {
    const found = await tables.walks.get(id);
    await tables.walks.delete(id);
    await fixes.delete(IDBKeyRange.bound([id], [id, []]));
    if (found) await letGo(digestsOf(found), /** @type {any} */ (tables));
  });
  changed("walk");
}
