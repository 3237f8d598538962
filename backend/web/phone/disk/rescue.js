// Rescue (备份文件): everything that is only on this phone in one file, and back again, on this phone or another.
import { ofOwner, one, set, setting, written } from "./database.js";
import { sha256 } from "./digests.js";
import { digestOf, digestsOf, letGo, queued } from "./queue.js";
import { fixesOf, live } from "./walks.js";
import { changed } from "../news.js";

const FORM = "hezhang-rescue-1";

/** Hand the file to whoever holds the phone. @param {string} owner @param {(file: Blob, name: string) => void} give */
export async function rescued(owner, give) {
  const found = await gathered(owner);
  const minute = found.made_at.slice(0, 16).replace(/[:T]/g, "-");
  give(new Blob([JSON.stringify(found)], { type: "application/json" }), `hezhang-${minute}.json`);
  await set(`rescued-${owner}`, found.items.map(({ id }) => id)); // what was said meanwhile is not in it
}

/** Whether everything that waits is in a file that was made. @param {string} owner */
export async function isRescued(owner) {
  const inFile = new Set(await setting(`rescued-${owner}`, []));
  return (await queued(owner)).every(({ id }) => inFile.has(id));
}

/**
 * Everything of one person: items, drafts, the walk that is going on, and the photos and recordings they name.
 * @param {string} owner
 */
async function gathered(owner) {
  const [items, drafts, walk] = [await queued(owner), await ofOwner("drafts", owner), await live(owner)];
  const named = [...items, ...drafts, ...(walk ? [walk] : [])].flatMap(digestsOf);
  const photos = [];
  for (const digest of new Set(named)) {
    const photo = await one("photos", digest);
    if (photo) photos.push({ sha256: digest, type: photo.type, base64: await base64(photo.bytes) });
  }
  return { form: FORM, owner, made_at: new Date().toISOString(), items, drafts, photos, walk: walk && { ...walk, fixes: await fixesOf(walk.id) } };
}

/**
 * Put what a file holds back on the disk; what is here already stays as it is.
 * @param {string} text of the file
 * @param {string} owner who brings it: only their own reports are taken
 * @returns {Promise<number>} how many reports came back; an Error where the file is none of ours, or was altered
 */
export async function bringBack(text, owner) {
  const said = JSON.parse(text);
  if (said.form !== FORM || said.owner !== owner) throw new Error("not a file of this person");
  if (!isWhole(said)) throw new Error("altered");
  const photos = await Promise.all(said.photos.map((/** @type {any} */ each) => unpacked(each, owner)));
  for (const { id, type, body, sha256: digest } of said.items) {
    if ((await digestOf(id, type, body)) !== digest) throw new Error("altered");
  }
  const count = await written(["items", "drafts", "photos", "walks", "fixes", "things"], async (tables) => {
    for (const photo of photos) if (!(await tables.photos.get(photo.sha256))) await tables.photos.put(photo);
    const drafts = await putDrafts(said.drafts, owner, tables);
    const walks = said.walk ? await putWalk(said.walk, owner, tables) : 0;
    const items = await putItems(said.items, owner, tables.items);
    await letGo(photos.map(({ sha256: digest }) => digest), /** @type {any} */ (tables)); // of what was handed in since
    return drafts + walks + items;
  });
  for (const noun of ["queue", "drafts", "walk"]) changed(noun);
  return count;
}

/** Whether it has the members without which no page could show it; what the digests of items do not cover. @param {any} said */
function isWhole({ items, drafts, photos, walk }) {
  const isText = (/** @type {any[]} */ ...texts) => texts.every((each) => typeof each === "string");
  return [items, drafts, photos].every(Array.isArray)
    && items.every((/** @type {any} */ each) => isText(each.id, each.type, each.made_at) && Array.isArray(each.photos))
    && drafts.every((/** @type {any} */ each) => isText(each.id, each.description, each.changed_at) && Array.isArray(each.photos))
    && (!walk || (isText(walk.id, walk.segment, walk.started_at, walk.note) && [walk.fixes, walk.checkins, walk.frozen].every(Array.isArray)));
}

/** Whether something was handed in since, here or from another phone: it is not begun again. @param {string} id @param {string} owner @param {any} tables */
async function isHandedIn(id, owner, { items, things }) {
  const there = await Promise.all([items.get(id), things.get([owner, "hazard", id]), things.get([owner, "patrol", id])]);
  return there.some(Boolean);
}

/** @param {any[]} found @param {string} owner @param {any} tables @returns {Promise<number>} how many are new here */
async function putDrafts(found, owner, tables) {
  let count = 0;
  for (const draft of found) {
    if ((await tables.drafts.get(draft.id)) || (await isHandedIn(draft.id, owner, tables))) continue;
    await tables.drafts.put({ ...draft, owner });
    count += 1;
  }
  return count;
}

/** The walk that was going on, unless one is going on here. @param {any} found @param {string} owner @param {any} tables @returns {Promise<number>} */
async function putWalk({ fixes, ...walk }, owner, tables) {
  if ((await tables.walks.index("owner").count(owner)) || (await isHandedIn(walk.id, owner, tables))) return 0;
  await tables.walks.put({ ...walk, owner, handfuls: 1 });
  await tables.fixes.put({ walk: walk.id, seq: 0, fixes });
  return 1;
}

/** @param {import("./queue.js").Item[]} found @param {string} owner @param {any} items @returns {Promise<number>} how many are new here */
async function putItems(found, owner, items) {
  let count = 0;
  for (const item of found) {
    if (await items.get(item.id)) continue;
    await items.put({ ...item, owner, state: item.state === "told" ? "told" : "waiting", tries: 0, next_at: 0 });
    count += 1;
  }
  return count;
}

/** @param {{ sha256: string, type: string, base64: string }} photo @param {string} owner */
async function unpacked({ sha256: digest, type, base64: packed }, owner) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0)).buffer;
  if ((await sha256(bytes)) !== digest) throw new Error("altered");
  return { sha256: digest, owner, bytes, type, tries: 0, next_at: 0 };
}

/** @param {ArrayBuffer} bytes @returns {Promise<string>} */
const base64 = (bytes) => new Promise((done, fail) => {
  const reader = new FileReader();
  reader.onload = () => done(String(reader.result).split(",")[1] ?? "");
  reader.onerror = () => fail(reader.error);
  reader.readAsDataURL(new Blob([bytes]));
});
