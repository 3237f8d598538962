// What the server will most likely decide about a walk, found on the phone by the same rules; the server decides.
//
// It knows this walk alone: whether it came too soon after another, copies one, or lies in another datum is not foreseen.
import { Walk } from "./coverage.js";
import { settled } from "./fixes.js";
import { ofItsAge, ofThePhone, ofTheStanding, ofTheTrack, timing } from "./patrols.js";
import { Reach } from "./reach.js";
import { inOrder, worst } from "./reasons.js";
import { needed } from "./rules.js";
import { clean } from "./track.js";

/**
 * @typedef {object} Asked
 * @property {import("./fixes.js").Row[]} fixes in the order in which the phone recorded them
 * @property {import("./reach.js").Segment} reach the answer of `GET /api/v1/segments/{id}`
 * @property {import("./rules.js").Rule} rule the answer of `GET /api/v1/rules/current`
 * @property {import("./rules.js").Level} level whose minimum is asked
 * @property {boolean} isAssigned whether the walker answers for the reach on that day, or stands in for who does
 * @property {number} startedAt Unix ms
 * @property {number} endedAt Unix ms
 * @property {number} now Unix ms
 * @property {string} [zone] the business zone, in which the day of the walk is reckoned
 */
/**
 * @typedef {object} Forecast
 * @property {import("./reasons.js").Outcome} outcome
 * @property {import("./reasons.js").Because[]} reasons the one that decides first
 * @property {number} length_m metres of the reach that were walked
 * @property {number} near_s seconds near the reach
 * @property {import("./chainage.js").Stretch[]} covered in metres along the reach
 * @property {number} needed_m
 * @property {number} needed_minutes
 * @property {number | null} nearest_m metres from the edge of the water or a levee; null without a usable position
 */

/** Judge a whole walk. @param {Asked} asked @returns {Forecast} */
export function forecast(asked) {
  const { rule, level } = asked;
  const fixes = asked.fixes.map(settled);
  const reach = new Reach(asked.reach);
  const track = clean(fixes, rule.body);
  const walk = new Walk(reach, rule.body, track.kept);
  walk.follow();
  const need = needed(rule, level, reach.length_m);
  const when = timing(fixes, rule, asked);
  const reasons = [
    ...ofTheTrack(fixes.length, walk, rule, need),
    ...ofThePhone(track, asked, when),
    ...ofItsAge(rule, when),
    ...ofTheStanding(asked.reach.properties.until, dayOf(when.walkedAt, asked.zone), asked.isAssigned),
  ];
  return {
    outcome: worst(reasons),
    reasons: inOrder(reasons),
    length_m: walk.length_m,
    near_s: walk.near_ms / 1000,
    covered: walk.covered,
    ...need,
    nearest_m: walk.nearest_m,
  };
}

/** The day (YYYY-MM-DD) of a moment in a zone. @param {number} ms @param {string} [zone] */
function dayOf(ms, zone = "Asia/Shanghai") {
  const options = /** @type {const} */ ({ year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone });
  const parts = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", options).formatToParts(ms);
  return ["year", "month", "day"].map((name) => parts.find((part) => part.type === name)?.value).join("-");
}
