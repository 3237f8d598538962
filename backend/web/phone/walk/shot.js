// A photo with the fix of the moment: the proof of place, for many phones take it out of the photo itself.
import { amend } from "../disk/drafts.js";
import { keepPhoto } from "../disk/photos.js";
import { whereAmI } from "./recorder.js";

/** Photos that are still being kept and fixes that are still looked for, by draft. @type {Map<string, Promise<void>>} */
const sought = new Map();

/**
 * Take a photo into what is being written: it is on the disk at once, and the fix follows when the phone has one.
 * @param {string} owner @param {string} id of the draft @param {File} file
 */
export async function addShot(owner, id, file) {
  const at = new Date().toISOString();
  const fix = whereAmI().catch(() => undefined);
  const kept = keepPhoto(file, owner).then(async (sha256) => {
    await amend(id, (draft) => ({ photos: [...draft.photos.filter((each) => each.sha256 !== sha256), { sha256, at }] }));
    return sha256;
  });
  const bound = kept.then(async (sha256) => { const place = await fix; if (place) await bind(id, sha256, place); });
  sought.set(id, Promise.allSettled([sought.get(id), bound]).then(() => {}));
  await kept;
}

/** When all its photos are kept and their fixes were found, or given up. @param {string} id of a draft */
export const located = async (id) => sought.get(id);

/** @param {string} id @param {string} sha256 @param {import("../disk/drafts.js").Place} place */
const bind = (id, sha256, { lon, lat, accuracy_m, at }) => amend(id, (draft) => ({
  photos: draft.photos.map((each) => (each.sha256 === sha256 ? { ...each, location: { lon, lat, accuracy_m } } : each)),
  place: draft.place ?? { lon, lat, accuracy_m, at },
}));
