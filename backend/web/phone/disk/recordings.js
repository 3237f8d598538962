// Recordings (录音) on this phone: kept like photos, by the digest of their bytes, and named by the draft they belong to.
import { one, written } from "./database.js";
import { sha256 } from "./digests.js";
import { changed } from "../news.js";

/** As many as one report may name; the office's rule. */
export const MOST = 5;

/** Under which name the part of a recording lies that is being made. @param {string} draft */
export const partOf = (draft) => `part-${draft}`;

/**
 * What was said so far: when the phone dies in the middle of a sentence, the sentences before are there.
 * @param {{ id: string, owner: string }} draft @param {Blob} said
 */
export async function keepPart({ id, owner }, said) {
  const bytes = await said.arrayBuffer();
  await written(["photos"], ({ photos }) => photos.put(rowOf(partOf(id), owner, bytes, said.type)));
}

/**
 * A recording that is over: its bytes and that the draft names it, in one act.
 * @param {{ id: string, owner: string }} draft @param {Blob} said @param {number} seconds
 */
export async function keepRecording({ id, owner }, said, seconds) {
  const bytes = await said.arrayBuffer();
  const digest = await sha256(bytes);
  await written(["photos", "drafts"], async ({ photos, drafts }) => {
    const found = await drafts.get(id);
    await photos.delete(partOf(id));
    if (!found || !bytes.byteLength) return;
    await photos.put(rowOf(digest, owner, bytes, said.type));
    const others = (found.recordings ?? []).filter((/** @type {any} */ each) => each.sha256 !== digest);
    await drafts.put({ ...found, recordings: [...others, { sha256: digest, seconds }], changed_at: new Date().toISOString() });
  });
  changed("drafts");
}

/** The part of a recording in which the phone died becomes one. @param {{ id: string, owner: string }} draft @returns {Promise<boolean>} whether there was one */
export async function adoptPart(draft) {
  const part = await one("photos", partOf(draft.id));
  if (part) await keepRecording(draft, new Blob([part.bytes], { type: part.type }), 0);
  return Boolean(part);
}

/** @param {string} digest @param {string} owner @param {ArrayBuffer} bytes @param {string} type */
const rowOf = (digest, owner, bytes, type) => ({ sha256: digest, owner, bytes, type, tries: 0, next_at: 0 });
