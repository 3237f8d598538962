// Reports of hazards that are being written: every touch is on the disk, so that the draft survives anything.
import { newId } from "./ids.js";
import { foundItem } from "./answers.js";
import { ofOwner, one, written } from "./database.js";
import { partOf } from "./recordings.js";
import { TABLES, digestsOf, itemOf, letGo } from "./queue.js";
import { changed } from "../news.js";

/**
 * @typedef {object} Place @property {number} lon @property {number} lat @property {number} accuracy_m @property {string} at
 * @typedef {object} Draft
 * @property {string} id @property {string} owner @property {string} changed_at
 * @property {{ sha256: string, at: string, location?: { lon: number, lat: number, accuracy_m: number } }[]} photos
 * @property {{ sha256: string, seconds: number }[]} [recordings] voice notes
 * @property {string} [kind] @property {string} severity @property {string} description
 * @property {Place} [place] @property {string} [segment] @property {string} [segment_name] @property {string} [patrol]
 * @property {import("./answers.js").Asked} [asked] the campaign that it answers
 * @property {string[]} [kinds] what is looked for: kinds, or groups of them; none: all
 * @property {import("./acts.js").Act} [act] no report, but what is done about one
 */

/** @param {string} owner @param {Partial<Draft>} [begun] @returns {Draft} */
export function blank(owner, begun = {}) {
  const changed_at = new Date().toISOString();
  return { id: newId(), owner, changed_at, photos: [], severity: "ordinary", description: "", ...begun };
}

/** @param {Draft} draft */
export async function keepDraft(draft) {
  await written(["drafts"], ({ drafts }) => drafts.put({ ...draft, changed_at: new Date().toISOString() }));
  changed("drafts");
}

/**
 * Change something of a draft; what else was changed meanwhile stays.
 * @param {string} id
 * @param {(draft: Draft) => Partial<Draft>} change
 */
export async function amend(id, change) {
  await written(["drafts"], async ({ drafts }) => {
    const found = await drafts.get(id);
    if (found) await drafts.put({ ...found, ...change(found), changed_at: new Date().toISOString() });
  });
  changed("drafts");
}

/** @param {string} id @returns {Promise<Draft | undefined>} */
export const draft = (id) => one("drafts", id);

/** Reports that are being written. @param {string} owner @returns {Promise<Draft[]>} the last one touched first */
export async function draftsOf(owner) {
  const found = (await ofOwner("drafts", owner)).filter(({ act }) => !act);
  return found.sort((one, other) => (one.changed_at > other.changed_at ? -1 : 1));
}

/** Throw it away, with photos that nothing else names. @param {Draft} draft */
export async function dropDraft(draft) {
  await written(TABLES, async (tables) => {
    await tables.drafts.delete(draft.id);
    await letGo([...digestsOf(draft), partOf(draft.id)], tables);
  });
  changed("drafts");
}

/** One photo or recording less. @param {Draft} draft @param {string} sha256 */
export async function dropFile({ id }, sha256) {
  const without = (/** @type {any[]} */ files = []) => files.filter((each) => each.sha256 !== sha256);
  await written(TABLES, async (tables) => {
    const found = await tables.drafts.get(id);
    if (!found) return;
    await tables.drafts.put({ ...found, photos: without(found.photos), recordings: without(found.recordings), changed_at: new Date().toISOString() });
    await letGo([sha256], tables);
  });
  changed("drafts");
}

/**
 * What is missing before it can be handed in, by the names of the steps.
 * @param {Draft} draft
 * @returns {("kind" | "place" | "words")[]}
 */
export function missing(draft) {
  /** @type {("kind" | "place" | "words")[]} */
  const found = [];
  if (!draft.kind) found.push("kind");
  if (!draft.place && !draft.segment) found.push("place");
  if (!digestsOf(draft).length && !draft.description.trim()) found.push("words");
  return found;
}

/**
 * Hand it in: the draft becomes an item of the queue in one act, with the answer to the campaign that asked for it.
 * When this is over it is on the disk.
 * @param {Draft} draft
 * @param {string} label
 */
export async function handIn(draft, label) {
  const body = {
    kind: draft.kind,
    severity: draft.severity,
    description: draft.description.trim(),
    photos: draft.photos,
    ...(draft.recordings?.length && { recordings: draft.recordings.map(({ sha256 }) => sha256) }),
    observed_at: draft.photos[0]?.at ?? draft.place?.at ?? draft.changed_at,
    ...(draft.place && { location: located(draft.place) }),
    ...(draft.segment && { segment: draft.segment }),
    ...(draft.patrol && { patrol: draft.patrol }),
  };
  const item = await itemOf({ id: draft.id, owner: draft.owner, type: "hazard", body, photos: digestsOf(draft), label });
  const answer = draft.asked && (await foundItem(draft.owner, draft.asked, draft.id));
  await written(["drafts", "items"], async ({ drafts, items }) => {
    if (!(await drafts.get(draft.id))) return; // touched twice
    await items.put(item);
    if (answer) await items.put(answer);
    await drafts.delete(draft.id);
  });
  changed("queue");
  changed("drafts");
}

/**
 * A report that the office did not take is written anew: it becomes a draft of another name, in one act, and whatever
 * answered a campaign by it waits for the new one.
 * @param {import("./queue.js").Item} item a hazard
 * @returns {Promise<string>} the name of the draft
 */
export async function writeAnew({ id, owner, body }) {
  const { photos, recordings = [], location, observed_at, kind, severity, description, patrol } = body;
  const begun = blank(owner, {
    photos, kind, severity, description, patrol,
    recordings: recordings.map((/** @type {string} */ sha256) => ({ sha256, seconds: 0 })),
    ...(location && { place: { ...location, at: observed_at } }),
  });
  await written(["drafts", "items"], async ({ drafts, items }) => {
    if (!(await items.get(id))) return; // touched twice
    const mine = await items.index("owner").getAll(owner);
    const answer = mine.find((/** @type {import("./queue.js").Item} */ each) => each.type === "campaign_answer" && each.after?.includes(id));
    const asked = answer && { id: answer.body.campaign, segment: answer.body.segment, name: answer.label };
    await drafts.put(asked ? { ...begun, asked, segment: asked.segment } : begun); // a reach that was wrong is chosen anew
    await items.delete(id);
    if (answer) await items.delete(answer.id);
  });
  changed("queue");
  changed("drafts");
  return begun.id;
}

/** @param {Place} place */
const located = ({ lon, lat, accuracy_m }) => ({ lon, lat, accuracy_m });
