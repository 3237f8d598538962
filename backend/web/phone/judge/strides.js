// How much of a walk was driven, with the wobble of the positions averaged away.
import { distanceM } from "./measure.js";

/** @typedef {import("./coverage.js").Step} Step */
/**
 * An average of good fixes: degrees, seconds, and whether most of them were near the river.
 * @typedef {{ lon: number, lat: number, s: number, isNear: boolean }} Place
 */

// At 20 s an error of 30 m still reads as a walking speed, and a car still reads as a car.
const STRIDE_MS = 20_000;
const SHORTEST_S = 10;

/**
 * Give the share (0 to 1) of the path near the river that went faster than the rule allows; of the whole path where the
 * walker never came near it.
 * @param {Step[]} good @param {import("./rules.js").Limits} limits
 */
export function drivenShare(good, limits) {
  const places = averaged(good);
  const metres = places.slice(1).map((place, index) => distanceM(places[index], place));
  const seconds = places.slice(1).map((place, index) => place.s - places[index].s);
  const near = places.slice(1).map((place, index) => place.isNear && places[index].isNear);
  const counted = near.some(Boolean) ? near : near.map(() => true);
  const kmh = speeds(metres, seconds, limits.gap_s);
  let total = 0, fast = 0;
  metres.forEach((length, index) => {
    if (!counted[index]) return;
    total += length;
    if (kmh[index] > limits.driven_kmh) fast += length;
  });
  return total > 0 ? fast / total : 0;
}

/** Average good fixes over 20 s at a time. @param {Step[]} good @returns {Place[]} */
function averaged(good) {
  const groups = /** @type {Step[][]} */ ([]);
  let box = -1;
  for (const step of good) {
    const now = Math.floor((step.fix.ms - good[0].fix.ms) / STRIDE_MS);
    if (now !== box) groups.push([]);
    groups[groups.length - 1].push(step);
    box = now;
  }
  const places = groups.map((group) => average(group, good[0]));
  // Averages would cut half a stride off both ends of the walk.
  for (const [index, step] of /** @type {[number, Step][]} */ ([[places.length - 1, good[good.length - 1]], [0, good[0]]])) {
    if (!step) continue;
    Object.assign(places[index], { lon: step.fix.lon, lat: step.fix.lat, s: (step.fix.ms - good[0].fix.ms) / 1000 });
  }
  return places;
}

/** @param {Step[]} group @param {Step} first @returns {Place} */
function average(group, first) {
  // Averaging differences keeps the digits that averaging large numbers would lose.
  const mean = (/** @type {"lon" | "lat" | "ms"} */ key) =>
    group.reduce((sum, step) => sum + (step.fix[key] - first.fix[key]), 0) / group.length;
  const isNear = group.filter((step) => step.isNear).length * 2 >= group.length;
  return { lon: first.fix.lon + mean("lon"), lat: first.fix.lat + mean("lat"), s: mean("ms") / 1000, isNear };
}

/**
 * Give the speed in km/h over each stride and its neighbours; a gap tells nothing about what lies beside it.
 * @param {number[]} metres @param {number[]} seconds @param {number} gap_s
 */
function speeds(metres, seconds, gap_s) {
  const isWhole = (/** @type {number} */ index) => seconds[index] <= gap_s; // not so beyond the ends either
  return metres.map((length, index) => {
    if (!isWhole(index)) return (length / Math.max(seconds[index], SHORTEST_S)) * 3.6;
    const beside = [index - 1, index, index + 1].filter(isWhole);
    const near_m = beside.reduce((sum, each) => sum + metres[each], 0);
    const near_s = beside.reduce((sum, each) => sum + seconds[each], 0);
    return (near_m / Math.max(near_s, SHORTEST_S)) * 3.6;
  });
}
