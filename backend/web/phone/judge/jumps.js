// Dropping positions nobody can have been at: which fixes of a track form the longest possible journey, fix by fix.
import { distanceM } from "./measure.js";
import { REFIX_M } from "./rules.js";

/** @typedef {import("./fixes.js").Fix} Fix */
/**
 * Fixes that follow each other without a jump: its place among them, the most fixes of a chain that ends with it, and the
 * run before it in that chain.
 * @typedef {{ fixes: Fix[], best: number, before: Run | null }} Run
 */

// A false position is soon over, so a run looks this many runs back for one it can follow.
const LOOK_BACK = 32;
// Both sides of a sudden correction stay when each has more fixes than this; fewer are strays.
const REFIX_COST = 10;

/**
 * Say whether reaching the second fix from the first needs more than that speed; their accuracies are taken off first.
 * @param {Fix} before @param {Fix} after @param {number} jump_kmh
 */
export function isImpossible(before, after, jump_kmh) {
  return excessM(before, after) > reachM(before, after, jump_kmh);
}

/**
 * The chain of possible runs that holds the most fixes, as it is after each fix. `chosen` goes on, or is another list when
 * what was chosen before is no longer so.
 */
export class Journey {
  /** @param {number} jump_kmh */
  constructor(jump_kmh) {
    this.jump_kmh = jump_kmh;
    this.chosen = /** @type {Fix[]} */ ([]);
    this.runs = /** @type {Run[]} */ ([]);
    this.last = /** @type {Fix | null} */ (null);
    this.top = /** @type {Run | null} */ (null);
  }

  /** Take the next fix in order of time. @param {Fix} fix */
  follow(fix) {
    const run = this.last && !isImpossible(this.last, fix, this.jump_kmh) ? this.runs[this.runs.length - 1] : this.begin(fix);
    run.fixes.push(fix);
    run.best += 1;
    this.last = fix;
    if (run === this.top) this.chosen.push(fix);
    else if (!this.top || run.best > this.top.best) this.choose(run);
  }

  /** A run after a jump, with the chain that it best goes on; the nearest one of several as good. @param {Fix} fix */
  begin(fix) {
    const run = /** @type {Run} */ ({ fixes: [], best: 0, before: null });
    for (let lag = 1; lag <= Math.min(LOOK_BACK, this.runs.length); lag++) {
      const before = this.runs[this.runs.length - lag];
      const gain = before.best - this.cost(before.fixes[before.fixes.length - 1], fix);
      if (gain > run.best) Object.assign(run, { best: gain, before });
    }
    this.runs.push(run);
    return run;
  }

  /** Price following a run: nothing, a correction's cost, or infinity. @param {Fix} before @param {Fix} after */
  cost(before, after) {
    const excess = excessM(before, after);
    if (!(excess > reachM(before, after, this.jump_kmh))) return 0;
    return excess <= REFIX_M ? REFIX_COST : Infinity;
  }

  /** @param {Run} run */
  choose(run) {
    if (run.before === this.top) {
      for (const fix of run.fixes) this.chosen.push(fix);
    } else {
      const chain = /** @type {Run[]} */ ([]);
      for (let each = /** @type {Run | null} */ (run); each; each = each.before) chain.unshift(each);
      this.chosen = [];
      for (const each of chain) for (const fix of each.fixes) this.chosen.push(fix);
    }
    this.top = run;
  }
}

/** @param {Fix} before @param {Fix} after @param {number} jump_kmh */
function reachM(before, after, jump_kmh) {
  return ((jump_kmh / 3.6) * (after.ms - before.ms)) / 1000;
}

/** @param {Fix} before @param {Fix} after */
function excessM(before, after) {
  const slack = before.accuracy_m + after.accuracy_m;
  return distanceM(before, after) - (Number.isNaN(slack) ? 0 : slack);
}
