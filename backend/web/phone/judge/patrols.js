// Whether a patrol (巡河) counts, flaw by flaw, as the server will find them. Times are Unix ms.
import { rounded } from "./rounding.js";
import { because } from "./reasons.js";
import { drivenShare } from "./strides.js";

/** @typedef {import("./reasons.js").Because} Because */
/** @typedef {import("./rules.js").Rule} Rule */
/** @typedef {import("./track.js").Track} Track */
/** @typedef {import("./coverage.js").Walk} Walk */
/** @typedef {{ startedAt: number, endedAt: number, now: number }} Times */
/** @typedef {{ walkedAt: number, ahead_min: number, isDoubted: boolean, age_days: number }} Timing */
/** @typedef {{ needed_m: number, needed_minutes: number }} Needed */

const MINUTE_MS = 60_000, DAY_MS = 86_400_000;

/**
 * When it really happened, and whether that can be. A phone cannot know that its own clock is wrong, so unlike the
 * server it corrects nothing; a walk that ends before it begins is dated the other way round.
 * @param {import("./fixes.js").Fix[]} fixes @param {Rule} rule @param {Times} times @returns {Timing}
 */
export function timing(fixes, rule, times) {
  const begin = Math.min(times.startedAt, times.endedAt), end = Math.max(times.startedAt, times.endedAt);
  // A track outside these times makes them doubtful; positions carry satellite time.
  let off_ms = Math.max(end - times.now, 0);
  for (const fix of fixes) off_ms = Math.max(off_ms, begin - fix.ms, fix.ms - end);
  const isDoubted = off_ms / MINUTE_MS > rule.body.clock_ahead_min;
  return {
    walkedAt: isDoubted ? times.now : begin,
    ahead_min: off_ms / MINUTE_MS,
    isDoubted,
    age_days: (times.now - end) / DAY_MS,
  };
}

/**
 * What the walk itself lacks: way, time, nearness, or a walker on foot.
 * @param {number} points as recorded @param {Walk} walk @param {Rule} rule @param {Needed} need @returns {Because[]}
 */
export function ofTheTrack(points, walk, rule, need) {
  if (points < 2) return [because("no_track", { points })];
  if (walk.nearest_m === null) return [because("no_track", { points, cause: "vague" })];
  if (!walk.pointsNear) return [because("too_far", { metres: rounded(walk.nearest_m) })];
  const reasons = [];
  if (walk.near_ms < need.needed_minutes * MINUTE_MS) {
    const minutes = Math.floor(walk.near_ms / MINUTE_MS);
    reasons.push(because("too_short", { minutes, needed_minutes: rounded(need.needed_minutes) }));
  }
  if (walk.length_m < need.needed_m) {
    reasons.push(because("too_little", { metres: Math.floor(walk.length_m), needed_metres: rounded(need.needed_m) }));
  }
  const driven = drivenShare(walk.good, rule.body);
  if (driven > rule.body.driven_share) reasons.push(because("driven", { percent: rounded(driven * 100) }));
  const gaps = walk.gapShare;
  if (gaps > rule.body.gap_share) reasons.push(because("incomplete_track", { percent: rounded(gaps * 100) }));
  return reasons;
}

/** What makes the recording doubtful. @param {Track} track @param {Times} times @param {Timing} when @returns {Because[]} */
export function ofThePhone(track, times, when) {
  const reasons = [];
  if (track.isMocked) reasons.push(because("mock_location"));
  if (track.isUnsorted) reasons.push(because("unsorted"));
  const reversed_min = (times.startedAt - times.endedAt) / MINUTE_MS;
  if (reversed_min > 0) reasons.push(because("clock", { minutes: rounded(reversed_min), cause: "reversed" }));
  else if (when.isDoubted) reasons.push(because("clock", { minutes: rounded(when.ahead_min) }));
  return reasons;
}

/** What comes late; nobody knows of a walk whose date is doubted. @param {Rule} rule @param {Timing} when @returns {Because[]} */
export function ofItsAge(rule, when) {
  if (when.isDoubted || !(when.age_days > rule.body.note_age_days)) return [];
  const days = Math.trunc(when.age_days);
  return [because("late", when.age_days > rule.body.late_age_days ? { days } : { days, outcome: "valid" })];
}

/**
 * What the walker lacks: a reach that is still there, or a duty on it.
 * @param {string | null} until the day from which the reach is no more @param {string} day of the walk @param {boolean} isAssigned
 * @returns {Because[]}
 */
export function ofTheStanding(until, day, isAssigned) {
  if (until !== null && until <= day) return [because("segment_ended", { day: until })];
  return isAssigned ? [] : [because("not_assigned")];
}
