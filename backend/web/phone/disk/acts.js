// Acts (处置) on a hazard that is at the office: written like a report, with photos, and handed in on the version seen.
import { blank, keepDraft } from "./drafts.js";
import { ofOwner, written } from "./database.js";
import { itemOf, mark, queued } from "./queue.js";
import { thing } from "./things.js";
import { changed } from "../news.js";

/**
 * @typedef {{ hazard: string, action: string, measure?: string }} Act measure: the interim measure that was checked
 */
/** What an act cannot be understood without; the office's rule. @type {Record<string, "photos" | "note">} */
const NEEDS = { report_done: "photos", return: "note", comment: "note", answer_coordination: "note" };

/**
 * A hazard as this phone saw it last: whole, or as a batch or a list told of it.
 * @param {string} owner @param {string} id
 */
export async function caseOf(owner, id) {
  const whole = (await thing(owner, "case", id)) ?? (await thing(owner, "hazard", id));
  if (whole) return whole;
  return (await thing(owner, "hazards"))?.items.find((/** @type {any} */ each) => each.id === id);
}

/** Acts of one person on a hazard that are not at the office. @param {string} owner @param {string} hazard */
export const actsOn = async (owner, hazard) =>
  (await queued(owner)).filter(({ type, body }) => type === "hazard_action" && body.hazard === hazard);

/**
 * The act that is being written, begun when there is none: it is found again after anything.
 * @param {string} owner @param {Act} act
 * @returns {Promise<import("./drafts.js").Draft>}
 */
export async function begun(owner, act) {
  const known = (await ofOwner("drafts", owner)).find((/** @type {any} */ each) => isSame(each.act, act));
  if (known) return known;
  const draft = blank(owner, { act });
  await keepDraft(draft);
  return draft;
}

/** @param {Act | undefined} one @param {Act} other */
const isSame = (one, other) => one?.hazard === other.hazard && one.action === other.action && one.measure === other.measure;

/** What is missing before it can be handed in. @param {import("./drafts.js").Draft} draft @returns {"photos" | "note" | undefined} */
export function lacking({ act, photos, description }) {
  const need = NEEDS[act?.action ?? ""];
  const isThere = need === "photos" ? photos.length > 0 : description.trim() !== "";
  return need && !isThere ? need : undefined;
}

/**
 * Hand it in on what the person saw; behind other acts of theirs on it. When this is over it is on the disk.
 * @param {import("./drafts.js").Draft} draft @param {any} seen the hazard as it was shown @param {string} label
 */
export async function handInAct(draft, seen, label) {
  const { hazard, action, measure } = /** @type {Act} */ (draft.act);
  const body = {
    hazard, if_match: seen.etag, action, note: draft.description.trim(), photos: draft.photos, ...(measure && { measure }),
  };
  const after = (await actsOn(draft.owner, hazard)).map(({ id }) => id);
  const photos = draft.photos.map(({ sha256 }) => sha256);
  const item = await itemOf({ id: draft.id, owner: draft.owner, type: "hazard_action", body, photos, label, after });
  await written(["drafts", "items"], async ({ drafts, items }) => {
    if (!(await drafts.get(draft.id))) return; // touched twice
    await items.put({ ...item, head: seen.receipt.chain_hash });
    await drafts.delete(draft.id);
  });
  changed("queue");
  changed("drafts");
}

/**
 * Let an act stand on the hazard as it is now, and be sent again.
 * @param {string} id @param {any} present @param {number} [next_at]
 */
export const standOn = (id, present, next_at = 0) => mark(id, (item) => ({
  body: { ...item.body, if_match: present.etag }, head: present.receipt.chain_hash, state: "waiting", problem: undefined, next_at,
}));
