// Photos on this phone: made small enough for a weak signal, kept by the digest of the bytes that are sent.
import { one, written } from "./database.js";
import { sha256 } from "./digests.js";

/** As many as one report, act or walk may name; the office's rule. */
export const MOST = 50;
const LONGEST_PX = 2048;
const QUALITY = 0.85;

/**
 * Bytes of a photo or a recording.
 * @typedef {object} Kept
 * @property {string} sha256 @property {string} owner @property {ArrayBuffer} bytes @property {string} type a media type
 * @property {number} tries @property {number} next_at Unix ms before which it is not sent again by itself
 * @property {number} [asked_until] Unix ms before which the office does not want to be asked again
 * @property {string} [problem] why the office does not take it
 */

/**
 * A photo as the phone took it, made smaller, on the disk.
 * @param {Blob} taken
 * @param {string} owner
 * @returns {Promise<string>} its digest; an Error where it is no picture
 */
export async function keepPhoto(taken, owner) {
  const small = await smaller(taken);
  const bytes = await small.arrayBuffer();
  const digest = await sha256(bytes);
  await written(["photos"], ({ photos }) => photos.put({ sha256: digest, owner, bytes, type: small.type, tries: 0, next_at: 0 }));
  return digest;
}

/** @param {string} digest @returns {Promise<Kept | undefined>} */
export const fileOf = (digest) => one("photos", digest);

/** Those of some files that the office does not take, with its reason. @param {string[]} digests @returns {Promise<Kept[]>} */
export async function refusedOf(digests) {
  const found = await Promise.all(digests.map(fileOf));
  return found.filter((each) => each !== undefined).filter(({ problem }) => problem);
}

/** What became of sending it, and when it is tried again. @param {string} digest @param {Partial<Kept>} what */
export const waitWith = (digest, what) => written(["photos"], async ({ photos }) => {
  const found = await photos.get(digest);
  if (found) await photos.put({ ...found, ...what });
});

/** @param {string} digest @returns {Promise<Blob | undefined>} */
export async function photo(digest) {
  const row = await fileOf(digest);
  return row && new Blob([row.bytes], { type: row.type });
}

/** @param {Blob} taken @returns {Promise<Blob>} a JPEG of at most 2,048 px */
async function smaller(taken) {
  const picture = await createImageBitmap(taken, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done, fail) => canvas.toBlob(
    (small) => (small ? done(small) : fail(new Error("no picture"))), "image/jpeg", QUALITY,
  ));
}
