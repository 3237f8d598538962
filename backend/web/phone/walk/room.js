// Whether there is room on the phone for a walk with its photos, asked before the walk and not in the middle of it.
import { isFull, set, setting } from "../disk/database.js";

const WANTED_BYTES = 60_000_000;
const PROBE = "room";

/** @returns {Promise<boolean>} true also where the browser cannot say */
export async function roomLeft() {
  const isThere = await isGiven(WANTED_BYTES);
  if (isThere !== undefined) return isThere;
  if (!navigator.storage?.estimate) return true;
  const { quota, usage } = await navigator.storage.estimate();
  return quota === undefined || quota - (usage ?? 0) >= WANTED_BYTES;
}

/**
 * What browsers estimate is no longer what they have, lest it tells who one is: so the room is asked for, and given back
 * without a byte being written.
 * @param {number} bytes
 * @returns {Promise<boolean | undefined>} undefined where that cannot be asked
 */
async function isGiven(bytes) {
  try {
    const folder = await navigator.storage.getDirectory();
    const probe = await (await folder.getFileHandle(PROBE, { create: true })).createWritable();
    try {
      await probe.truncate(bytes);
      return true;
    } finally {
      await probe.abort();
      await folder.removeEntry(PROBE);
    }
  } catch (wrong) {
    return isFull(wrong) ? false : undefined;
  }
}

/** Ask the browser never to clear what has not arrived; asked again until it says yes. */
export async function askToStay() {
  if (!navigator.storage?.persist || (await setting("stays"))) return;
  if (await navigator.storage.persist()) await set("stays", true);
}
