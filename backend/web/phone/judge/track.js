// From what a phone recorded to a clean track: order, doubles, accuracy, jumps, stillness; as a whole or fix by fix.
import { inOrder, vagueness } from "./fixes.js";
import { Journey } from "./jumps.js";
import { Movement } from "./stillness.js";

/** @typedef {import("./fixes.js").Fix} Fix */
/** @typedef {import("./rules.js").Limits} Limits */

/** A clean track that grows: kept fixes in order, and what was wrong with the rest. */
export class Track {
  /** @param {Limits} limits */
  constructor(limits) {
    this.limits = limits;
    this.journey = new Journey(limits.jump_kmh);
    this.movement = new Movement(this.journey.chosen, limits.still_end_min);
    this.newest = /** @type {Fix | null} */ (null);
    this.isUnsorted = false;
    this.isMocked = false;
  }

  /** The fixes that are left: a list that goes on, or another one when what was kept before is no longer so. */
  get kept() {
    return this.movement.kept;
  }

  /** Say whether a fix comes too late to be followed and would change what was followed. @param {Fix} fix */
  isUpsetBy(fix) {
    if (!this.newest || fix.ms > this.newest.ms) return false;
    return fix.ms < this.newest.ms || vagueness(fix) < vagueness(this.newest);
  }

  /** Take the next fix; of a moment that is there already the first one stays. @param {Fix} fix */
  follow(fix) {
    // Mocked positions claim an accuracy of exactly 0 m.
    this.isMocked = this.isMocked || fix.accuracy_m === 0;
    if (this.newest && fix.ms <= this.newest.ms) return;
    this.newest = fix;
    if (fix.accuracy_m > this.limits.presence_accuracy_m) return;
    this.journey.follow(fix);
    const { chosen } = this.journey;
    if (chosen !== this.movement.fixes) this.movement = new Movement(chosen, this.limits.still_end_min);
    this.movement.follow();
  }
}

/** Sort fixes, drop doubles, useless and impossible ones, cut a forgotten recording. @param {Fix[]} fixes @param {Limits} limits */
export function clean(fixes, limits) {
  const track = new Track(limits);
  for (const fix of inOrder(fixes)) track.follow(fix);
  track.isMocked = fixes.some((fix) => fix.accuracy_m === 0);
  track.isUnsorted = fixes.some((fix, index) => index > 0 && fix.ms < fixes[index - 1].ms);
  return track;
}
