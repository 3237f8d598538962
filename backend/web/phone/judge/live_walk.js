// A walk while it is being walked: what is covered now, found from the newest fixes alone.
import { Walk } from "./coverage.js";
import { settled } from "./fixes.js";
import { Reach } from "./reach.js";
import { needed } from "./rules.js";
import { Track, clean } from "./track.js";

/**
 * Takes fixes as they come, at the cost of these fixes. Only what changes the past is reckoned anew: a fix that comes out
 * of order, a run of false positions found out, a phone that lay still for hours. What it says is what `forecast` would.
 */
export class LiveWalk {
  /**
   * @param {import("./reach.js").Segment} segment the answer of `GET /api/v1/segments/{id}`
   * @param {import("./rules.js").Rule} rule the answer of `GET /api/v1/rules/current`
   * @param {import("./rules.js").Level} level whose minimum is asked
   */
  constructor(segment, rule, level) {
    this.limits = rule.body;
    this.fixes = /** @type {import("./fixes.js").Fix[]} */ ([]);
    this.track = new Track(this.limits);
    const reach = new Reach(segment);
    this.walk = new Walk(reach, this.limits, this.track.kept);
    /** Metres and minutes that a patrol needs here. */
    this.needed = needed(rule, level, reach.length_m);
  }

  /** Take the next fixes. @param {import("./fixes.js").Row[]} rows */
  add(rows) {
    let isUpset = false;
    for (const row of rows) {
      const fix = settled(row);
      this.fixes.push(fix);
      isUpset = isUpset || this.track.isUpsetBy(fix);
      if (!isUpset) this.track.follow(fix);
    }
    if (isUpset) this.track = clean(this.fixes, this.limits);
    const { kept } = this.track;
    if (kept !== this.walk.kept) this.walk = new Walk(this.walk.reach, this.limits, kept, this.walk.sights);
    this.walk.follow();
  }

  /** The stretches walked, in metres along the reach. */
  get covered() {
    return this.walk.covered;
  }

  /** Metres of the reach that were walked. */
  get length_m() {
    return this.walk.length_m;
  }

  /** Seconds near the reach. */
  get near_s() {
    return this.walk.near_ms / 1000;
  }

  /** Metres from the edge of the water or a levee, the least so far; null without a usable position. */
  get nearest_m() {
    return this.walk.nearest_m;
  }
}
