// Times as a person says them.
import { say } from "../words.js";

/** @param {number} seconds @returns {string} 12:05, or 1:02:05 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (/** @type {number} */ count) => String(count).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
}

/** @param {string | number} at @returns {string} the day, when it is not today, and the minute */
export function moment(at) {
  const then = new Date(at);
  return onDay(then, `${String(then.getHours()).padStart(2, "0")}:${String(then.getMinutes()).padStart(2, "0")}`);
}

/** Until when: the end of a day is its 24:00, for whoever reads 00:00 comes a day late. @param {string} at */
export function until(at) {
  const then = new Date(at);
  return then.getHours() || then.getMinutes() ? moment(at) : onDay(new Date(then.getTime() - 1), "24:00");
}

/** @param {Date} day @param {string} hour */
function onDay(day, hour) {
  const isToday = day.toDateString() === new Date().toDateString();
  return isToday ? say("phone.today_at", { hour }) : say("phone.day_at", { month: day.getMonth() + 1, day: day.getDate(), hour });
}

/** How long, in the largest unit that fits. @param {number} ms */
export function span(ms) {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return say("phone.span.minutes", { count: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 24 ? say("phone.span.hours", { count: hours }) : say("phone.span.days", { count: Math.round(hours / 24) });
}

/** @param {number} metres */
export const metres = (metres) => say("phone.metres", { metres: Math.round(metres) });

const HOUR_MS = 3_600_000;

/** How long there is still time, or since when it is late, as one says it. @param {string} at */
export function left(at) {
  const hours = Math.abs(Date.parse(at) - Date.now()) / HOUR_MS;
  const isLate = Date.parse(at) <= Date.now();
  if (hours < 1) return say(isLate ? "phone.left.late_now" : "phone.left.now");
  const [unit, count] = hours < 48 ? ["hours", Math.floor(hours)] : ["days", Math.floor(hours / 24)];
  return say(isLate ? `phone.left.late_${unit}` : `phone.left.${unit}`, { count });
}
