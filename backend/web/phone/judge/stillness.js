// A phone that lies still for hours is on no patrol: which part of a recording is one, fix by fix.
import { distanceM } from "./measure.js";
import { STILL_WITHIN_M } from "./rules.js";

/** @typedef {import("./fixes.js").Fix} Fix */

/**
 * The part of a journey before a stillness of more than so many minutes; one before any movement is skipped instead.
 * `kept` goes on, or is another list when what was kept before is no longer so.
 */
export class Movement {
  /** @param {Fix[]} fixes a journey, which may go on @param {number} still_end_min */
  constructor(fixes, still_end_min) {
    this.fixes = fixes;
    this.still_ms = still_end_min * 60_000;
    this.kept = /** @type {Fix[]} */ ([]);
    this.seen = 0;
    this.first = 0;
    this.anchor = 0; // from every fix before it no stillness starts
    this.lying = -1; // where the phone has lain ever since, and had not moved before
    this.isOver = false;
  }

  /** Take what has come to the journey. */
  follow() {
    while (this.seen < this.fixes.length && !this.isOver) this.take(this.seen++);
  }

  /** @param {number} newest index of the fix to take */
  take(newest) {
    const fixes = this.fixes;
    if (this.lying >= 0) {
      if (isClose(fixes[this.lying], fixes[newest])) return;
      // It begins to move: the patrol starts where it lay last.
      Object.assign(this, { lying: -1, first: newest - 1, anchor: newest });
      this.kept = fixes.slice(this.first, newest + 1);
      return;
    }
    this.kept.push(fixes[newest]);
    for (; fixes[newest].ms - fixes[this.anchor].ms > this.still_ms; this.anchor++) {
      if (!isStill(fixes, this.anchor, newest)) continue;
      this.kept = fixes.slice(this.first, this.anchor + 1);
      this.isOver = hasMoved(fixes, this.first, this.anchor);
      this.lying = this.anchor;
      return;
    }
  }
}

/** @param {Fix} one @param {Fix} other */
function isClose(one, other) {
  return distanceM(one, other) <= STILL_WITHIN_M;
}

/** Say whether the phone lay still from one fix to another. @param {Fix[]} fixes @param {number} anchor @param {number} newest */
function isStill(fixes, anchor, newest) {
  if (!isClose(fixes[anchor], fixes[newest])) return false; // mostly so, and the rest need not be looked at
  for (let index = anchor + 1; index < newest; index++) if (!isClose(fixes[anchor], fixes[index])) return false;
  return true;
}

/**
 * Say whether it came from further away than wandering positions explain.
 * @param {Fix[]} fixes @param {number} first @param {number} anchor
 */
function hasMoved(fixes, first, anchor) {
  for (let index = first; index < anchor; index++) {
    if (distanceM(fixes[index], fixes[anchor]) > 2 * STILL_WITHIN_M) return true;
  }
  return false;
}
