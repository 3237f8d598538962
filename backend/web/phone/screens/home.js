// Home (首页): one big button for the river, what is owed this week, and what waits.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { useKept } from "../parts/kept.js";
import { Page } from "../parts/frame.js";
import { useTried } from "../parts/tried.js";
import { go } from "../routes.js";
import { actsOn } from "../disk/acts.js";
import { answered } from "../disk/answers.js";
import { draftsOf } from "../disk/drafts.js";
import { thing } from "../disk/things.js";
import * as walks from "../disk/walks.js";
import { span } from "../parts/times.js";
import { say } from "../words.js";
import { unanswered } from "../disk/calls.js";
import { Waiting } from "./call.js";
import { Duties } from "./duties.js";
import { setting, set } from "../disk/database.js";
import { roomLeft } from "../walk/room.js";
import { clockAhead } from "../server/office.js";

const WRONG_CLOCK_MS = 10 * 60_000;

/** @param {{ owner: string, name: string }} given */
export function Home({ owner, name }) {
  const me = useKept(() => thing(owner, "me"), ["things"], [owner]);
  const live = useKept(() => walks.live(owner), ["walk"], [owner]);
  const drafts = useKept(() => draftsOf(owner), ["drafts"], [owner]);
  const calls = useKept(() => unanswered(owner), ["things", "queue"], [owner]) ?? [];
  const left = useKept(() => leftToDo(owner), ["things", "queue"], [owner]) ?? 0;
  const chosen = useKept(() => setting(`segment-${owner}`), ["things", "choice"], [owner]);
  const reaches = me?.segments ?? [];
  const reach = reaches.find((/** @type {any} */ each) => each.code === chosen) ?? reaches[0];
  return html`<${Page} title=${say("phone.home.hello", { name })} owner=${owner} kind="home">
    <${Warnings} />
    <div class="list">${calls.map((call) => html`<${Waiting} key=${call.id} call=${call} />`)}</div>
    ${live
      ? html`<button class="great live" onClick=${() => go("walk")}>
          <b><${Named} reach=${reaches.find((/** @type {any} */ each) => each.code === live.segment) ?? { name: live.segment_name }} /></b><span>${say("phone.home.go_on")}</span></button>`
      : reach && html`<${Start} owner=${owner} reach=${reach} />`}
    ${me && !reaches.length && html`<p class="note">${say("phone.home.no_reach")}</p>`}
    ${!me && html`<p class="note">${say("phone.home.loading")}</p>`}
    ${!live && reaches.length > 1 && html`<button class="quiet" onClick=${() => go("reaches")}>${say("phone.home.other_reach", { count: reaches.length })}</button>`}
    <${Duties} duties=${me?.duties ?? []} />
    <nav class="tiles">
      <button onClick=${() => go("hazards")}>${say("phone.home.hazard")}${drafts?.length ? html`<i>${say("phone.home.drafts", { count: drafts.length })}</i>` : ""}</button>
      <button onClick=${() => go("mine")}>${say("phone.home.mine")}${left ? html`<i>${say("phone.home.left", { count: left })}</i>` : ""}</button>
    </nav>
  </${Page}>`;
}

/** How many things wait for this person's hand; what was said and waits for signal does not. @param {string} owner */
async function leftToDo(owner) {
  const { tasks = [], doors = [], waiting = 0 } = (await thing(owner, "me")) ?? {};
  const isOpen = async (/** @type {any} */ { type, id, segment }) => {
    if (type === "hazard") return (await actsOn(owner, id)).every(({ body, problem }) => problem || body.action === "comment");
    const said = await answered(owner, id, segment);
    return !said || Boolean(said.problem);
  };
  const untold = Math.max(0, waiting - tasks.length - doors.length); // the office counts more than it tells
  return (await Promise.all(tasks.map(isOpen))).filter(Boolean).length + doors.length + untold;
}

/** A reach in large letters: where one line is too short for it, it breaks after its river. @param {{ reach: any }} given */
function Named({ reach: { name, river } }) {
  if (!river || !name.startsWith(river.name)) return name;
  return html`<span>${river.name}</span><span>${name.slice(river.name.length)}</span>`;
}

/** @param {{ owner: string, reach: any }} given */
function Start({ owner, reach }) {
  const isKnown = useKept(async () => Boolean(await thing(owner, "reach", reach.code)), ["things"], [owner, reach.code]);
  const [isFull, setFull] = useState(false);
  const { trouble, tried } = useTried();
  const begin = () => tried("keep", async () => {
    if (!isFull && !(await roomLeft())) return setFull(true);
    await walks.begin(owner, reach);
    return go("walk");
  });
  return html`${trouble && html`<p class="note bad" role="alert">${say(trouble)}</p>`}
    ${isFull && html`<p class="note bad" role="alert">${say("phone.home.full")}</p>`}
    ${isKnown === false && html`<p class="note unknown">${say("phone.home.unknown_reach")}</p>`}
    <button class="great" onClick=${begin}>
      <b><${Named} reach=${reach} /></b>
      ${reach.for && html`<span>${say("phone.home.for", { name: reach.for.name })}</span>`}
      <span>${say(isFull ? "phone.home.start_anyway" : "phone.home.start")}</span>
    </button>`;
}

/** What is wrong with this phone: its clock. */
function Warnings() {
  const ahead = useKept(clockAhead, ["things", "sending"]) ?? 0;
  if (Math.abs(ahead) < WRONG_CLOCK_MS) return null;
  return html`<p class="note bad" role="alert">${say(ahead > 0 ? "phone.clock.ahead" : "phone.clock.behind", { time: span(Math.abs(ahead)) })}</p>`;
}

/** Choose another reach. @param {{ owner: string }} given */
export function Reaches({ owner }) {
  const me = useKept(() => thing(owner, "me"), ["things"], [owner]);
  const choose = async (/** @type {string} */ code) => {
    await set(`segment-${owner}`, code);
    go("");
  };
  return html`<${Page} title=${say("phone.reaches.title")} back="" owner=${owner}>
    <div class="list">${(me?.segments ?? []).map((/** @type {any} */ each) => html`<button class="row" key=${each.code} onClick=${() => choose(each.code)}>
      <b>${each.name}</b>
      <span>${each.for ? say("phone.home.for", { name: each.for.name }) : say("phone.reaches.own")}${say("phone.comma")}${say("phone.metres", { metres: Math.round(each.length_m) })}</span>
    </button>`)}</div>
  </${Page}>`;
}
