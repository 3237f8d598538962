// A call (叫应): the whole screen, three buttons, no other way out until it is answered.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { Page } from "../parts/frame.js";
import { useKept } from "../parts/kept.js";
import { until } from "../parts/times.js";
import { go } from "../routes.js";
import { answer, isOpen, lastSaid } from "../disk/calls.js";
import { keep, thing } from "../disk/things.js";
import { Trouble, ask } from "../server/office.js";
import { send } from "../server/sending.js";
import { isFull } from "../disk/database.js";
import { say } from "../words.js";

const ALARM_MS = [600, 200, 600, 200, 1200];

/** @param {{ owner: string, id: string }} given */
export function Call({ owner, id }) {
  const call = useKept(async () => (await thing(owner, "callout", id)) ?? null, ["things"], [owner, id]);
  const said = useKept(() => lastSaid(owner, id), ["queue", "things"], [owner, id]);
  const [trouble, setTrouble] = useState("");
  useEffect(() => { void bring(owner, id); }, [owner, id]);
  useEffect(() => { if (call && !said && isOpen(call)) navigator.vibrate?.(ALARM_MS); }, [Boolean(call), Boolean(said)]);
  if (call === undefined || said === undefined) return null;
  if (call === null) return html`<${Page} title=${say("phone.call.title")} back=""><p class="note">${say("phone.call.not_here")}</p></${Page}>`;
  const tell = async (/** @type {string} */ status) => {
    try {
      await answer(owner, id, status, call.number);
      void send({ atOnce: true });
      setTrouble("");
    } catch (wrong) {
      setTrouble(isFull(wrong) ? "phone.trouble.full" : "phone.trouble.not_kept");
    }
  };
  const isOver = !isOpen(call);
  return html`<${Page} title=${call.headline} kind="call ${call.drill ? "drill" : call.level} ${isOver ? "over" : ""}" back=${isOver || said ? "" : undefined}>
    <p class="level">${call.drill ? say("phone.call.drill") : ""}${say(`warning.level.${call.level}`)}</p>
    ${isOver && html`<p class="note" role="status">${say("phone.call.over")}</p>`}
    <p class="big pre">${call.instruction}</p>
    ${call.contact && html`<p class="note">${say("phone.call.contact", { who: "" })}${reachable(call.contact)}</p>`}
    <p class="small">${[call.place, call.expires_at && say("phone.call.until", { when: until(call.expires_at) }), call.number].filter(Boolean).map((each) => html`<span class="line" key=${each}>${each}</span>`)}</p>
    ${said && html`<p class="verdict valid" role="status">${say(said.isSent ? "phone.call.told" : "phone.call.kept", { what: say(`phone.call.${said.status}`) })}</p>`}
    ${trouble && html`<p class="note bad" role="alert">${say(trouble)}</p>`}
    ${!isOver && html`<div class="acts answers">
      ${!said && html`<button class="second" onClick=${() => tell("received")}>${say("phone.call.received")}</button>`}
      ${said?.status !== "acting" && html`<button class="first" onClick=${() => tell("acting")}>${say("phone.call.acting")}</button>`}
      ${said?.status !== "unable" && html`<button class="danger" onClick=${() => tell("unable")}>${say("phone.call.unable")}</button>`}
    </div>`}
  </${Page}>`;
}

/** Whom to ask; a number in it is rung with one tap. @param {string} contact */
const reachable = (contact) => contact.split(/(\+?\d[\d\s-]{5,}\d)/).map((part, at) =>
  (at % 2 ? html`<a class="number" href=${`tel:${part.replace(/[^+\d]/g, "")}`}>${part}</a>` : part));

/** A call that waits for an answer and does not take the screen. @param {{ call: any }} given */
export const Waiting = ({ call }) => html`<button class="row summons ${call.drill ? "drill" : ""} ${call.level}" onClick=${() => go(`call/${call.id}`)}>
  <b class="level">${call.drill ? say("phone.call.drill") : ""}${say(`warning.level.${call.level}`)}${say("phone.comma")}${say("phone.home.answer")}</b>
  <span>${call.headline}</span></button>`;

/** A call that a message led to may not have come down yet. @param {string} owner @param {string} id */
async function bring(owner, id) {
  try {
    const call = await ask(owner, "GET", `/flood/callouts/${id}`);
    if (call?.id === id) await keep(owner, "callout", call, id);
  } catch (wrong) {
    if (!(wrong instanceof Trouble)) throw wrong;
  }
}

/** Doors to knock at (上门), on the page of what is mine. @param {{ doors: any[] }} given */
export function Doors({ doors }) {
  return html`${doors.map((each) => html`<div class="row" key=${each.id}><b>${say("phone.doors.knock", { name: each.person.name })}</b>
    <span>${each.place ?? ""}</span><button class="second" onClick=${() => go(`door/${each.id}`)}>${say("phone.doors.tell")}</button></div>`)}`;
}
