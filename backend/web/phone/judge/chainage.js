// Metres along the river (桩号, chainage) to places and back, and arithmetic on the stretches walked.
import { Plane, distanceM } from "./measure.js";
import { Legs } from "./nearest.js";

/** From and to, in metres along the river. @typedef {[from_m: number, to_m: number]} Stretch */

/** A line made ready for measuring along it many times: its plane, its legs and their chainages. */
export class Ruler {
  /** A line without any length is a RangeError. @param {number[][]} places lon, lat in degrees */
  constructor(places) {
    this.plane = Plane.around(places);
    this.at_m = [0];
    for (let vertex = 1; vertex < places.length; vertex++) {
      this.at_m.push(this.at_m[vertex - 1] + distanceM(asFix(places[vertex - 1]), asFix(places[vertex])));
    }
    this.length_m = this.at_m[this.at_m.length - 1];
    if (!(this.length_m > 0)) throw new RangeError("a line without length cannot be measured along");
    this.xy = places.map((place) => this.plane.metres(place[0], place[1]));
    this.legs = new Legs([this.xy]);
  }

  /** Find the chainage of the nearest place and the metres to it. @param {number} x plane metres @param {number} y */
  nearest(x, y) {
    const { leg, fraction, metres } = this.legs.nearest(x, y);
    return { chainage_m: this.at_m[leg] + fraction * (this.at_m[leg + 1] - this.at_m[leg]), metres };
  }

  /** Give the position in plane metres at a chainage; beyond the ends it is the end. @param {number} at_m */
  planePointAt(at_m) {
    const last = this.at_m.length - 1;
    if (at_m <= 0) return this.xy[0];
    if (at_m >= this.length_m) return this.xy[last];
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.at_m[middle] <= at_m) low = middle;
      else high = middle;
    }
    const part = (at_m - this.at_m[low]) / (this.at_m[high] - this.at_m[low]);
    return [0, 1].map((axis) => this.xy[low][axis] + part * (this.xy[high][axis] - this.xy[low][axis]));
  }
}

/**
 * Put a stretch into sorted separate ones, in place: it joins those that it touches; an empty one vanishes.
 * @param {Stretch[]} stretches @param {number} from_m @param {number} to_m
 */
export function joinIn(stretches, from_m, to_m) {
  if (!(to_m > from_m)) return;
  let first = 0;
  while (first < stretches.length && stretches[first][1] < from_m) first++;
  let after = first;
  while (after < stretches.length && stretches[after][0] <= to_m) after++;
  const joined = stretches.slice(first, after);
  const begin = joined.reduce((least, [start]) => Math.min(least, start), from_m);
  const end = joined.reduce((most, [, stop]) => Math.max(most, stop), to_m);
  stretches.splice(first, after - first, [begin, end]);
}

/** Add up the metres of separate stretches. @param {Stretch[]} stretches */
export function coveredM(stretches) {
  return stretches.reduce((sum, [start, end]) => sum + (end - start), 0);
}

/** @param {number[]} place */
function asFix(place) {
  return { lon: place[0], lat: place[1] };
}
