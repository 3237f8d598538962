// Mine (我的): duty, reaches, calls, what I was told, what the one before me left, and this phone.
import { html } from "htm/preact";
import { Page } from "../parts/frame.js";
import { useKept } from "../parts/kept.js";
import { moment, until } from "../parts/times.js";
import { go } from "../routes.js";
import { actsOn } from "../disk/acts.js";
import { answered } from "../disk/answers.js";
import { thing, things } from "../disk/things.js";
import { say } from "../words.js";
import { isOpen, unanswered } from "../disk/calls.js";
import { Doors } from "./call.js";
import { Duties } from "./duties.js";
import { isNo, sentence } from "./task.js";

/** Letters of the law, which are answered at a desk. */
const LETTERS = ["suggestion", "clue"];

/** @param {{ owner: string }} given */
export function Mine({ owner }) {
  const me = useKept(() => thing(owner, "me"), ["things"], [owner]);
  const calls = useKept(() => things(owner, "callout"), ["things"], [owner]) ?? [];
  const open = useKept(async () => (await unanswered(owner)).map(({ id }) => id), ["things", "queue"], [owner]) ?? [];
  return html`<${Page} title=${say("phone.mine.title")} back="" owner=${owner}>
    ${calls.length > 0 && html`<h2>${say("phone.mine.calls")}</h2><div class="list">${calls.map((each) => html`
      <button class="row" key=${each.id} onClick=${() => go(`call/${each.id}`)}><b>${each.drill ? say("phone.call.drill") : ""}${say(`warning.level.${each.level}`)} · ${each.headline}</b>
      <span class=${open.includes(each.id) ? "late" : ""}>${say(!isOpen(each) ? "phone.mine.call_over" : open.includes(each.id) ? "phone.home.answer" : "phone.mine.call_open")}</span></button>`)}</div>`}
    ${me?.doors?.length > 0 && html`<h2>${say("phone.mine.doors")}</h2><${Doors} doors=${me.doors} />`}
    ${me?.tasks?.length > 0 && html`<h2>${say("phone.mine.tasks")}</h2><div class="list">${me.tasks.map((/** @type {any} */ each) => html`<${Waiting} key=${`${each.id}-${each.segment}`} owner=${owner} task=${each} />`)}</div>`}
    <h2>${say("phone.mine.duty")}</h2>
    <${Duties} duties=${me?.duties ?? []} />
    <h2>${say("phone.mine.reaches")}</h2>
    <div class="list">${(me?.segments ?? []).map((/** @type {any} */ each) => html`<div class="row" key=${each.code}><b>${each.name}</b>
      <span>${each.for ? say("phone.home.for", { name: each.for.name }) + say("phone.comma") : ""}${say("phone.metres", { metres: Math.round(each.length_m) })}</span></div>`)}</div>
    <nav class="tiles">
      ${["hazards", "news", "handover", "queue", "away", "account", "help"].map((each) => html`<button key=${each} onClick=${() => go(each)}>${say(`phone.mine.to.${each}`)}</button>`)}
    </nav>
  </${Page}>`;
}

/** What waits for this person: a hazard, an order, a reach that a campaign asks about, a letter of the law; what was said shows at once. @param {{ owner: string, task: any }} given */
function Waiting({ owner, task }) {
  const isHazard = task.type === "hazard", isCampaign = task.type === "campaign", isLetter = LETTERS.includes(task.type);
  const said = useKept(async () => (!isCampaign ? null : answered(owner, task.id, task.segment)), ["queue", "things"], [owner, task.id, task.segment]);
  const acts = useKept(async () => (isHazard ? actsOn(owner, task.id) : []), ["queue"], [owner, task.id]);
  return html`<button class="row" onClick=${() => go(wayTo(task))}>
    <b>${nameOf(task)}</b>
    ${task.about && html`<span>${task.about}</span>`}
    ${isLetter && html`<span>${say("phone.mine.at_desk")}</span>`}
    ${said && html`<span class=${isNo(said) ? "late" : "told"}>${sentence(said)}</span>`}
    ${acts?.map((each) => html`<span class=${isNo(each) ? "late" : "told"} key=${each.id}>${say(isNo(each) ? "phone.case.not_taken" : "phone.case.kept", { what: say(`phone.act.${each.body.action}`) })}</span>`)}
    ${!said && html`<span class=${task.is_late ? "late" : ""}>${say(task.is_late ? "phone.mine.late" : "phone.mine.due", { when: until(task.deadline) })}</span>`}</button>`;
}

/** @param {any} task @returns {string} what it is, and what is to be done with it */
function nameOf({ type, kind, what, name }) {
  if (type === "hazard") return `${say(`hazard.kind.${kind}`)} · ${say(`today.task.${what}`)}`;
  if (type === "order") return `${name} · ${say(`today.task.order.${what}`)}`;
  return LETTERS.includes(type) ? `${say(`today.task.${type}`)} · ${name}` : name;
}

/** @param {any} task @returns {string} the screen on which it is done, or read */
function wayTo({ type, id, hazard, segment }) {
  if (type === "order") return `order/${id}`;
  if (type === "campaign") return `task/${id}/${segment}`;
  return `case/${hazard ?? id}`;
}

/** What I was told: orders, warnings, word on my reports. @param {{ owner: string }} given */
export function News({ owner }) {
  const listed = useKept(() => thing(owner, "notices"), ["things"], [owner]);
  return html`<${Page} title=${say("phone.mine.to.news")} back="mine" owner=${owner}>
    ${!listed && html`<p class="note">${say("phone.hazards.not_here")}</p>`}
    ${listed?.items.length === 0 && html`<p class="note">${say("phone.news.none")}</p>`}
    <div class="list">${(listed?.items ?? []).map((/** @type {any} */ each) => html`<article class="row ${each.is_drill ? "drill" : ""}" key=${each.id}>
      <b>${each.title}</b><span class="pre">${each.text}</span><span>${moment(each.created_at)}</span></article>`)}</div>
  </${Page}>`;
}

/** What the one before me left: reaches, and hazards that are open on them. @param {{ owner: string }} given */
export function Handover({ owner }) {
  const listed = useKept(() => thing(owner, "handovers"), ["things"], [owner]);
  const mine = (listed ?? []).filter((/** @type {any} */ each) => each.taker.id === owner);
  return html`<${Page} title=${say("phone.mine.to.handover")} back="mine" owner=${owner}>
    ${mine.length === 0 && html`<p class="note">${say("phone.handover.none")}</p>`}
    <div class="list">${mine.map((/** @type {any} */ each) => html`<article class="row" key=${each.id}>
      <b>${each.segments.map((/** @type {any} */ reach) => reach.name).join(say("phone.enumeration"))}</b>
      <span>${say(each.giver ? "phone.handover.from" : "phone.handover.vacant", { name: each.giver?.name, day: each.from })}</span>
      <span>${say("phone.handover.hazards", { count: each.hazards.length })}</span><span class="pre">${each.reason}</span></article>`)}</div>
  </${Page}>`;
}
