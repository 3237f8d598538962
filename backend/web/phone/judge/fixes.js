// Positions with their times and accuracies, as the browser gave them, rounded as the server will keep them.
import { rounded } from "./rounding.js";

/**
 * A position: degrees of WGS 84, Unix ms, metres of accuracy (NaN: unknown).
 * @typedef {{ lon: number, lat: number, ms: number, accuracy_m: number }} Fix
 */
/**
 * What a walk is handed in as: degrees of WGS 84, Unix ms, metres of accuracy (null or missing: unknown).
 * @typedef {[lon: number, lat: number, ms: number, accuracy_m?: number | null]} Row
 */

const DEGREES = 1_000_000;
const WORST_ACCURACY_M = 60_000;
const LATEST_MS = 253_402_300_799_999; // the last of the year 9999: the server takes none later

/** Take a row as the server does; a RangeError when it cannot be a position. @param {Row} row @returns {Fix} */
export function settled(row) {
  const [lon, lat, ms, accuracy_m] = row;
  // A NaN fails every comparison, so finiteness needs no check of its own.
  if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90 && ms >= 0 && ms <= LATEST_MS)) {
    throw new RangeError("a position or time is out of range or not finite");
  }
  return {
    lon: rounded(lon * DEGREES) / DEGREES, lat: rounded(lat * DEGREES) / DEGREES, ms: rounded(ms), accuracy_m: whole(accuracy_m),
  };
}

/** Put fixes in order of time, the most accurate of each moment. @param {Fix[]} fixes @returns {Fix[]} */
export function inOrder(fixes) {
  if (fixes.every((fix, index) => index === 0 || fix.ms > fixes[index - 1].ms)) return fixes;
  // Sorting keeps the order of equals only in newer browsers; the place decides in all of them.
  const places = fixes.map((_, index) => index);
  places.sort((a, b) => fixes[a].ms - fixes[b].ms || vagueness(fixes[a]) - vagueness(fixes[b]) || a - b);
  const ordered = places.map((place) => fixes[place]);
  return ordered.filter((fix, index) => index === 0 || fix.ms > ordered[index - 1].ms);
}

/** Metres by which fixes of one moment are ranked; an unknown accuracy is the worst. @param {Fix} fix */
export function vagueness(fix) {
  return Number.isNaN(fix.accuracy_m) ? WORST_ACCURACY_M + 1 : fix.accuracy_m;
}

/** Whole metres of accuracy. @param {number | null | undefined} accuracy_m */
function whole(accuracy_m) {
  if (accuracy_m === null || accuracy_m === undefined) return NaN;
  // A negative accuracy is how some phones say "no position"; so bad a fix is later dropped.
  const metres = accuracy_m < 0 ? WORST_ACCURACY_M : Math.min(accuracy_m, WORST_ACCURACY_M);
  // Exactly nought is the mark of a mocked position, which rounding must never make up.
  return metres > 0 ? Math.max(rounded(metres), 1) : metres;
}
