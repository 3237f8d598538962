// A sentence of the office: its moments as one says them, and whole at the end of a line.
import { html } from "htm/preact";
import { say } from "../words.js";

/** @param {{ text: string }} given */
export const Sentence = ({ text }) => text.split(/(\d{4}-\d\d-\d\d \d\d:\d\d)/).map((part, at) => (at % 2 ? html`<time>${spoken(part)}</time>` : part));

/** @param {string} at */
function spoken(at) {
  const [year, month, day, hour, minute] = at.split(/\D/);
  if (Number(year) !== new Date().getFullYear()) return at;
  return say("phone.day_at", { month: Number(month), day: Number(day), hour: `${hour}:${minute}` });
}
