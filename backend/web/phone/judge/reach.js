// A river reach made ready for judging tracks: its line, the width of its channel and its levees.
import { Ruler } from "./chainage.js";
import { Legs } from "./nearest.js";

/**
 * What `GET /api/v1/segments/{id}` gives of a reach, as far as a walk is judged by it: degrees of WGS 84, metres, a day.
 * @typedef {object} Segment
 * @property {{ type: string, coordinates: number[][] }} geometry a LineString
 * @property {{
 *   width_m: number, until: string | null, levee: { type: string, coordinates: number[][][] } | null,
 * }} properties the levee (a MultiLineString) may be walked instead; from the day `until` on the reach is no more
 */
/**
 * A position seen from a reach: plane metres, chainage, metres to the line and to the edge of the water or a levee.
 * @typedef {{ x: number, y: number, chainage_m: number, line_m: number, edge_m: number }} Sight
 */

const SAMPLE_M = 5;

/** A reach prepared once and then asked about any number of positions; it never changes. */
export class Reach {
  /** A line without length is a RangeError. @param {Segment} segment */
  constructor(segment) {
    const { levee, width_m } = segment.properties;
    this.ruler = new Ruler(segment.geometry.coordinates);
    this.length_m = this.ruler.length_m;
    this.width_m = Math.max(0, width_m);
    const parts = levee ? levee.coordinates.filter((part) => part.length > 1) : [];
    this.levee = parts.length ? new Legs(parts.map((part) => part.map((place) => this.metres(place)))) : null;
  }

  /** See a position from the river: where along it and how far off it is. @param {{ lon: number, lat: number }} fix */
  sight(fix) {
    const [x, y] = this.ruler.plane.metres(fix.lon, fix.lat);
    const { chainage_m, metres } = this.ruler.nearest(x, y);
    const bank_m = Math.max(metres - this.width_m / 2, 0);
    const edge_m = this.levee ? Math.min(bank_m, this.levee.nearest(x, y).metres) : bank_m;
    return { x, y, chainage_m, line_m: metres, edge_m };
  }

  /**
   * Give the stretches between the chainages of two sights that lie within so many metres of the way between them.
   * @param {Sight} a @param {Sight} b @param {number} within_m @returns {import("./chainage.js").Stretch[]}
   */
  beside(a, b, within_m) {
    const from_m = Math.min(a.chainage_m, b.chainage_m), to_m = Math.max(a.chainage_m, b.chainage_m);
    const way = new Legs([[[a.x, a.y], [b.x, b.y]]]);
    const found = /** @type {import("./chainage.js").Stretch[]} */ ([]);
    for (let sample = 0; from_m + (sample + 0.5) * SAMPLE_M < to_m; sample++) {
      const middle = from_m + (sample + 0.5) * SAMPLE_M;
      const [x, y] = this.ruler.planePointAt(middle);
      if (way.nearest(x, y).metres > within_m) continue;
      found.push([Math.max(middle - SAMPLE_M / 2, from_m), Math.min(middle + SAMPLE_M / 2, to_m)]);
    }
    return found;
  }

  /** @param {number[]} place lon, lat */
  metres(place) {
    return this.ruler.plane.metres(place[0], place[1]);
  }
}
