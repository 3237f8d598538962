// Which metres of a river were really walked, and how near and how long the walker was; as a whole or fix by fix.
import { coveredM, joinIn } from "./chainage.js";
import { isImpossible } from "./jumps.js";
import { ASSUMED_ACCURACY_M } from "./rules.js";

/** @typedef {import("./fixes.js").Fix} Fix */
/** @typedef {import("./reach.js").Sight} Sight */
/** @typedef {import("./chainage.js").Stretch} Stretch */
/**
 * A kept fix seen from the reach; two of them between which the phone corrected itself have different `breaks`.
 * @typedef {{ fix: Fix, sight: Sight, within_m: number, isNear: boolean, breaks: number }} Step
 */

// A leg gains more river than this only where the river bends away from the path.
const TRUSTED_GAIN = 1.5, TRUSTED_GAIN_M = 20;
// A walker on a far levee is beside a bend no further off than this many times the river.
const LEVEE_REACH = 1.5;

/** What kept fixes prove about a reach, as they go on; metres, and times in ms. */
export class Walk {
  /**
   * @param {import("./reach.js").Reach} reach @param {import("./rules.js").Limits} limits
   * @param {Fix[]} kept of a clean track, which may go on @param {WeakMap<Fix, Sight>} sights those known from earlier
   */
  constructor(reach, limits, kept, sights = new WeakMap()) {
    this.reach = reach;
    this.limits = limits;
    this.kept = kept;
    this.sights = sights;
    this.steps = 0;
    this.covered = /** @type {Stretch[]} */ ([]);
    this.good = /** @type {Step[]} */ ([]);
    this.last = /** @type {Step | null} */ (null);
    this.near_ms = 0;
    this.nearest_m = /** @type {number | null} */ (null);
    this.pointsNear = 0;
    this.firstNear_ms = 0;
    this.lastNear_ms = 0;
    this.lost_ms = 0; // in gaps since the first fix near the river,
    this.lostNear_ms = 0; // and of those, before the last one near it
  }

  /** Take what has come to the track. */
  follow() {
    while (this.steps < this.kept.length) this.take(this.kept[this.steps++]);
  }

  /** The union of the covered metres, bridged ones included. */
  get length_m() {
    return coveredM(this.covered);
  }

  /** The part (0 to 1) of the time from the first to the last fix near the river that fell into gaps, bridged or not. */
  get gapShare() {
    const window_ms = this.lastNear_ms - this.firstNear_ms;
    return window_ms > 0 ? this.lostNear_ms / window_ms : 0;
  }

  /** @param {Fix} fix */
  take(fix) {
    const step = this.stepOf(fix);
    this.nearest_m = Math.min(this.nearest_m === null ? Infinity : this.nearest_m, step.sight.edge_m);
    if (this.last) this.pass(this.last, step);
    if (step.isNear) {
      if (!this.pointsNear) this.firstNear_ms = fix.ms;
      this.pointsNear += 1;
      this.lastNear_ms = fix.ms;
      this.lostNear_ms = this.lost_ms;
    }
    this.last = step;
    if (fix.accuracy_m > this.limits.good_accuracy_m) return;
    if (this.good.length) this.cover(this.good[this.good.length - 1], step);
    this.good.push(step);
  }

  /** @param {Fix} fix @returns {Step} */
  stepOf(fix) {
    const sight = this.sights.get(fix) || this.reach.sight(fix);
    this.sights.set(fix, sight);
    const accuracy_m = Number.isNaN(fix.accuracy_m) ? ASSUMED_ACCURACY_M : fix.accuracy_m;
    const within_m = Math.min(this.limits.near_m + accuracy_m, this.limits.near_most_m);
    const isBroken = this.last !== null && isImpossible(this.last.fix, fix, this.limits.jump_kmh);
    const breaks = (this.last ? this.last.breaks : 0) + (isBroken ? 1 : 0);
    return { fix, sight, within_m, isNear: sight.edge_m <= within_m, breaks };
  }

  /** Count the time between two fixes of any accuracy. @param {Step} before @param {Step} step */
  pass(before, step) {
    const ms = step.fix.ms - before.fix.ms;
    if (this.pointsNear && ms / 1000 > this.limits.gap_s) this.lost_ms += ms;
    if (this.proof(before, step)) this.near_ms += ms;
  }

  /** Count the metres between two good fixes. @param {Step} before @param {Step} step */
  cover(before, step) {
    const proof = this.proof(before, step);
    if (!proof) return;
    const from_m = Math.min(before.sight.chainage_m, step.sight.chainage_m);
    const to_m = Math.max(before.sight.chainage_m, step.sight.chainage_m);
    if (proof === "bridged" || to_m - from_m <= TRUSTED_GAIN * straightM(before, step) + TRUSTED_GAIN_M) {
      joinIn(this.covered, from_m, to_m);
    } else {
      this.coverDetour(before, step, to_m - from_m);
    }
  }

  /**
   * Where the river makes a detour, count only what lies beside the path.
   * @param {Step} before @param {Step} step @param {number} gained_m
   */
  coverDetour(before, step, gained_m) {
    const radius_m = Math.max(this.besideM(before), this.besideM(step)) + this.reach.width_m / 2;
    // More river than this does not fit beside so short a path: a huge loop is not even looked at.
    if (gained_m > 3 * straightM(before, step) + 8 * radius_m) return;
    for (const [from_m, to_m] of this.reach.beside(before.sight, step.sight, radius_m)) joinIn(this.covered, from_m, to_m);
  }

  /** @param {Step} step */
  besideM(step) {
    const isOnLevee = step.sight.edge_m < step.sight.line_m - this.reach.width_m / 2;
    return isOnLevee ? Math.max(LEVEE_REACH * step.sight.line_m, step.within_m) : step.within_m;
  }

  /** What two fixes prove: that the way between was walked, or a gap a walk explains. @param {Step} before @param {Step} step */
  proof(before, step) {
    if (!before.isNear || !step.isNear || before.breaks !== step.breaks) return null;
    const seconds = (step.fix.ms - before.fix.ms) / 1000;
    if (!(seconds > this.limits.gap_s)) return "walked";
    const way_m = Math.max(Math.abs(step.sight.chainage_m - before.sight.chainage_m), straightM(before, step));
    return way_m <= (this.limits.walking_kmh / 3.6) * seconds ? "bridged" : null;
  }
}

/** @param {Step} a @param {Step} b */
function straightM(a, b) {
  return Math.hypot(b.sight.x - a.sight.x, b.sight.y - a.sight.y);
}
