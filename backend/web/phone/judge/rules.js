// The judging rules as the server gives them, and the few numbers of its geometry that no rule changes.

/** @typedef {"village" | "town" | "county" | "city"} Level the rank of a chief or a reach */
/**
 * What `GET /api/v1/rules/current` answers; metres, seconds, minutes, days, km/h and shares are in the names.
 * @typedef {object} Rule
 * @property {number} version
 * @property {{
 *   near_m: number, near_most_m: number, good_accuracy_m: number, presence_accuracy_m: number, driven_kmh: number,
 *   driven_share: number, jump_kmh: number, walking_kmh: number, gap_s: number, gap_share: number, still_end_min: number,
 *   clock_ahead_min: number, note_age_days: number, late_age_days: number, length_share: number,
 *   minimums: Record<Level, { minutes: number, metres: number }>,
 * }} body
 */
/** @typedef {Rule["body"]} Limits */

// A file that tells no accuracy came from a decent receiver.
export const ASSUMED_ACCURACY_M = 10;
// Positions of a phone lying still wander about this far.
export const STILL_WITHIN_M = 50;
// A phone that finds its satellites again corrects itself by no more than it may be off.
export const REFIX_M = 150;

/** What a patrol of that level needs on a reach so long. @param {Rule} rule @param {Level} level @param {number} length_m */
export function needed(rule, level, length_m) {
  const least = rule.body.minimums[level];
  return { needed_m: Math.min(least.metres, rule.body.length_share * length_m), needed_minutes: least.minutes };
}
