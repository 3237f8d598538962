// One hazard (问题): where it stands and until when, its photos, what was done, and what this person may do now.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { Page } from "../parts/frame.js";
import { useKept } from "../parts/kept.js";
import { Sentence } from "../parts/sentence.js";
import { Shot } from "../parts/shot.js";
import { left, moment } from "../parts/times.js";
import { Heard } from "../parts/heard.js";
import { go } from "../routes.js";
import { actsOn, caseOf, standOn } from "../disk/acts.js";
import { drop } from "../disk/queue.js";
import { thing } from "../disk/things.js";
import { bringCase } from "../server/fetching.js";
import { Trouble } from "../server/office.js";
import { send } from "../server/sending.js";
import { say } from "../words.js";

/** What a chief does on a phone, what presses most first; the rest of the acts belongs to a desk. */
export const ACTS = ["report_done", "check_interim", "verify", "close", "answer_coordination", "return", "comment"];
/** Acts after which a hazard is where it was. */
const STAYS = new Set(["check_interim", "comment"]);
/** States in which somebody says that it is mended. */
const LOOKED_AT = new Set(["done_reported", "verified"]);

/** @param {{ owner: string, id: string }} given */
export function Case({ owner, id }) {
  const found = useKept(async () => (await caseOf(owner, id)) ?? null, ["things"], [owner, id]);
  const waiting = useKept(() => actsOn(owner, id), ["queue"], [owner, id]);
  const isTask = useKept(async () => (await thing(owner, "me"))?.tasks.some((/** @type {any} */ each) => each.id === id), ["things"], [owner, id]);
  const [isAway, setAway] = useState(false);
  useEffect(() => { if (found !== undefined) void bring(owner, id).then((isHere) => setAway(!isHere)); }, [owner, id, found === undefined, found?.etag]);
  if (found === undefined || !waiting) return null;
  if (found === null) return html`<${Page} title=${say("phone.case.title")} back="hazards"><p class="note">${say(isAway ? "phone.hazards.not_here" : "phone.busy")}</p></${Page}>`;
  const isOver = !found.deadlines.due_at;
  return html`<${Page} title=${say(`hazard.kind.${found.kind}`)} back=${isTask ? "mine" : "hazards"} owner=${owner} kind="case">
    <p class="verdict ${found.deadlines.is_late ? "invalid" : isOver ? "valid" : "doubtful"}" data-state=${found.state}><${Sentence} text=${found.sentence} />${isOver ? "" : html`<br />${left(found.deadlines.due_at)}`}</p>
    <p class="big pre">${found.description}</p>
    ${waiting.length > 0 && html`<div class="list">${waiting.map((each) => html`<${Pending} key=${each.id} item=${each} present=${found} />`)}</div>`}
    <${Acts} owner=${owner} found=${found} waiting=${waiting} />
    <p class="note">${placeOf(found)}<br />${say("phone.case.by", { name: found.reporter.name, when: moment(found.observed_at) })}</p>
    <${Pictures} owner=${owner} found=${found} />
    ${found.timeline?.length > 0 && html`<h2>${say("phone.case.timeline")}</h2><ol class="timeline">${[...found.timeline].reverse().map((each) => html`
      <li key=${each.number}><b>${each.sentence}</b>${Object.values(each.said).map((text) => html`<span>${text}</span>`)}<span>${moment(each.at)}</span></li>`)}</ol>`}
  </${Page}>`;
}

/** @param {string} owner @param {string} id @returns {Promise<boolean>} whether the office answered */
async function bring(owner, id) {
  try {
    await bringCase(owner, id);
    return true;
  } catch (wrong) {
    if (!(wrong instanceof Trouble)) throw wrong;
    return false;
  }
}

/** @param {any} found */
function placeOf({ segment, region_name, chainage_m }) {
  const at = chainage_m === null ? "" : say("phone.case.chainage", { km: Math.floor(chainage_m / 1000), m: String(Math.round(chainage_m % 1000)).padStart(3, "0") });
  return [segment.name, region_name, at].filter(Boolean).join(" · ");
}

/** @param {{ owner: string, found: any, waiting: import("../disk/queue.js").Item[] }} given */
function Acts({ owner, found, waiting }) {
  if (!found.allowed) return html`<p class="note">${say("phone.case.later")}</p>`;
  const isMoving = waiting.some(({ body }) => !STAYS.has(body.action));
  const shown = ACTS.filter((each) => found.allowed.includes(each) && (STAYS.has(each) || !isMoving));
  const isWaiting = (/** @type {string} */ path) => waiting.some(({ body }) => body.measure && path.endsWith(body.measure));
  const places = shown.flatMap((action) => placesOf(action, found, owner)).filter(({ path }) => !isWaiting(path));
  return html`<div class="acts">${places.map(({ action, path, what }, at) => html`
    <button key=${path} class=${lookOf(action, at)} onClick=${() => go(path)}>${say(nameOf(action, found))}${what ? html`<span class="what">${what}</span>` : ""}</button>`)}</div>`;
}

/** The main act is the first, unless that only talks. @param {string} action @param {number} at */
function lookOf(action, at) {
  if (action === "return") return "danger";
  return at === 0 && action !== "comment" ? "first" : "second";
}

/** What a button says: sent back by whoever looked at it, or by whoever it was wrongly given to. @param {string} action @param {any} found */
const nameOf = (action, { state }) => (action === "return" && !LOOKED_AT.has(state) ? "phone.act.return.not_mine" : `phone.act.${action}`);

/**
 * Where a button leads: a check of interim measures has one for each that is this person's.
 * @param {string} action @param {any} found @param {string} owner @returns {{ action: string, path: string, what: string }[]}
 */
function placesOf(action, found, owner) {
  const path = `act/${found.id}/${action}`;
  if (action !== "check_interim") return [{ action, path, what: "" }];
  const watched = (found.interim ?? []).filter((/** @type {any} */ each) => each.next_check_at);
  const mine = watched.filter((/** @type {any} */ each) => each.watcher === owner);
  return (mine.length ? mine : watched).map((/** @type {any} */ each) => ({ action, path: `${path}/${each.id}`, what: each.what }));
}

/** An act that is not at the office: waiting, or of another time than the hazard is now. @param {{ item: import("../disk/queue.js").Item, present: any }} given */
function Pending({ item, present }) {
  const isNo = item.state === "refused" || item.state === "conflict";
  const isOffered = present.etag && present.allowed?.includes(item.body.action);
  const again = async () => { await standOn(item.id, present); void send({ atOnce: true }); };
  const leave = async () => { await drop(item.id); void send({ atOnce: true }); };
  return html`<article class="row ${isNo ? "bad" : ""}" data-act=${item.body.action} data-state=${item.state}>
    <b>${say(isNo ? "phone.case.not_taken" : item.state === "told" ? "phone.case.photos_left" : "phone.case.kept", { what: say(`phone.act.${item.body.action}`) })}</b>
    ${item.body.note && html`<span>${item.body.note}</span>`}
    ${isNo && html`<span>${item.problem}</span><span><${Sentence} text=${say(isOffered ? "phone.case.now" : "phone.case.now_over", { now: present.sentence })} /></span>
      ${isOffered && html`<button class="second" onClick=${again}>${say("phone.case.again")}</button>`}
      <button class="quiet" onClick=${leave}>${say("phone.case.leave")}</button>`}
  </article>`;
}

/** Photos before and after, and what was said aloud. @param {{ owner: string, found: any }} given */
function Pictures({ owner, found }) {
  const after = new Map(found.done_photos.map((/** @type {any} */ each) => [each.sha256, each]));
  const before = found.photos.filter((/** @type {any} */ each) => !after.has(each.sha256));
  const shots = (/** @type {any[]} */ some, /** @type {string} */ label) => html`<div class="photos">${some.map(({ sha256 }) => html`
    <${Shot} key=${sha256} owner=${owner} sha256=${sha256} label=${label} />`)}</div>`;
  return html`${before.length > 0 && shots(before, say("phone.hazard.photo"))}
    ${found.recordings?.map((/** @type {any} */ each) => html`<${Heard} key=${each.sha256} owner=${owner} sha256=${each.sha256} />`)}
    ${after.size > 0 && html`<h2>${say("phone.case.after")}</h2>${shots([...after.values()], say("phone.case.after"))}
      ${[...after.values()].flatMap(({ lacking = [] }) => lacking).map((why) => html`<p class="note bad">${why}</p>`)}`}`;
}
