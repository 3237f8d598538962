// Duty (巡河任务) of the period: how many walks are owed, how many are done.
import { html } from "htm/preact";
import { say } from "../words.js";

/** @param {{ duties: any[] }} given as `/me` tells them */
export function Duties({ duties }) {
  return html`${duties.map((each) => html`<p class="duty ${each.done >= each.needed ? "done" : ""}" key=${each.river.code}>
    <b>${each.river.name}</b>
    <span>${say(sentence(each), { needed: each.needed, left: each.needed - each.done, until: named(lastOf(each.period)) })}</span>
  </p>`)}`;
}

/** @param {any} duty */
function sentence({ needed, done, period }) {
  if (!needed) return "phone.duty.nothing";
  if (isToday(lastOf(period))) return done >= needed ? "phone.duty.done_today" : "phone.duty.left_today";
  return done >= needed ? "phone.duty.done" : "phone.duty.left";
}

/** The last day of a period; `until` is the first day after it. @param {{ until: string }} period */
function lastOf({ until }) {
  const [year, month, day] = until.split("-").map(Number);
  return new Date(year, month - 1, day - 1);
}

/** @param {Date} day */
const isToday = (day) => day.toDateString() === new Date().toDateString();

/** @param {Date} day */
const named = (day) => say("phone.month_day", { month: day.getMonth() + 1, day: day.getDate() });
