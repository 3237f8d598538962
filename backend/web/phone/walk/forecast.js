// What the office will say of a walk, foretold on the phone by the same rules; the office decides.
import { forecast } from "../judge/forecast.js";
import { say } from "../words.js";

/**
 * The forecast of what is being recorded; undefined where the phone does not know the reach or the rule.
 * @param {import("./recorder.js").Recorder} recorder
 */
export function foretell({ walk, fixes, where }) {
  if (!where.reach) return undefined;
  const now = Date.now();
  const { reach, rule, level, isAssigned } = where;
  const found = forecast({ fixes, reach, rule, level, isAssigned, startedAt: Date.parse(walk.started_at), endedAt: now, now });
  return { ...found, reasons: found.reasons.map((/** @type {any} */ each) => ({ code: each.code, sentence: sentenceOf(each) })) };
}

/** @param {{ outcome: string, length_m: number, near_s: number }} found the verdict in one sentence */
export const verdictOf = ({ outcome, length_m, near_s }) =>
  say(`phone.forecast.${outcome}`, { metres: Math.round(length_m), minutes: Math.floor(near_s / 60) });

/** @param {{ code: string, cause?: string, points?: number }} because the words are the server's own */
function sentenceOf({ code, cause, ...values }) {
  const why = cause ?? (code === "no_track" && values.points === 0 ? "empty" : "");
  return say(why ? `reason.${code}.${why}` : `reason.${code}`, /** @type {any} */ (values));
}
