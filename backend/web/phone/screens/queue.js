// The queue (待上传): every report that is only on this phone, why, and the file that rescues them all.
import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { Page, counted, told } from "../parts/frame.js";
import { useKept } from "../parts/kept.js";
import { moment } from "../parts/times.js";
import { writeAnew } from "../disk/drafts.js";
import { refusedOf } from "../disk/photos.js";
import { drop, filesOf, queued, unsent, waitNoLonger } from "../disk/queue.js";
import { bringBack, rescued } from "../disk/rescue.js";
import { handOver } from "../parts/files.js";
import { send, state } from "../server/sending.js";
import { go } from "../routes.js";
import { isFull } from "../disk/database.js";
import { say } from "../words.js";

/** @param {{ owner: string }} given */
export function Queue({ owner }) {
  const items = useKept(() => queued(owner), ["queue", "sending"], [owner]);
  const left = useKept(() => unsent(owner), ["queue"], [owner]);
  if (!items || !left) return null;
  return html`<${Page} title=${say("phone.queue.title")} back="">
    <p class="big" role="status">${items.length ? summed(left) : say("phone.queue.empty")}</p>
    ${items.length > 0 && html`<p class="note">${say(state.isBusy ? "phone.queue.busy" : state.isStranger ? "phone.queue.stranger" : state.isOnline ? "phone.queue.will" : "phone.queue.offline")}</p>
      <button class="second" onClick=${() => send({ atOnce: true })}>${say("phone.queue.now")}</button>`}
    <div class="list">${items.map((each) => html`<${Waiting} key=${each.id} item=${each} />`)}</div>
    <${Rescue} owner=${owner} count=${items.length} />
  </${Page}>`;
}

/** What has still to go, and what was not taken. @param {Awaited<ReturnType<typeof unsent>>} left */
function summed({ trouble, ...rest }) {
  const said = rest.items || rest.photos || rest.recordings ? [told({ ...rest, trouble: 0 })] : [];
  if (trouble) said.push(say("phone.queue.trouble", { count: trouble }));
  return said.join(say("phone.queue.and"));
}

/** @param {{ item: import("../disk/queue.js").Item }} given */
function Waiting({ item }) {
  const [isSure, setSure] = useState(false);
  const leave = async () => { await drop(item.id); void send({ atOnce: true }); };
  const isNo = item.state === "refused" || item.state === "conflict";
  return html`<article class="row ${isNo ? "bad" : ""}" data-state=${item.state}>
    <b>${say(`phone.queue.type.${item.type}`)} · ${item.label}</b>
    <span>${moment(item.made_at)}</span>
    <span>${say(`phone.queue.state.${item.state}`, { what: counted(filesOf(item)) })}</span>
    ${item.problem && html`<span>${item.problem}</span>`}
    ${isNo && item.type === "hazard_action" && html`<button class="second" onClick=${() => go(`case/${item.body.hazard}`)}>${say("phone.queue.look")}</button>`}
    ${isNo && item.type === "hazard" && html`<button class="second" onClick=${async () => go(`hazard/${await writeAnew(item)}`)}>${say("phone.queue.anew")}</button>`}
    ${isNo && !isSure && html`<button class="quiet" onClick=${() => setSure(true)}>${say("phone.queue.drop")}</button>`}
    ${isNo && isSure && html`<button class="danger" onClick=${leave}>${say("phone.queue.drop_yes")}</button>`}
    ${item.state === "told" && html`<${Refusals} item=${item} />`}
  </article>`;
}

/** Files of a report that the office does not take. @param {{ item: import("../disk/queue.js").Item }} given */
function Refusals({ item: { id, owner, photos } }) {
  const refused = useKept(() => refusedOf(photos), ["queue", "sending"], [id, photos.length]) ?? [];
  return refused.map((each) => html`<${Refused} key=${each.sha256} owner=${owner} file=${each} />`);
}

/**
 * A photo or a recording that the office does not take, of a report that is there: its reason, a copy for whoever wants to
 * bring it in another way, and the end of waiting for it.
 * @param {{ owner: string, file: import("../disk/photos.js").Kept }} given
 */
function Refused({ owner, file: { sha256, bytes, type, problem } }) {
  const [isSure, setSure] = useState(false);
  const what = type.startsWith("audio/") ? "recording" : "photo";
  const copy = () => handOver(new Blob([bytes], { type }), `${sha256.slice(0, 8)}.${type.split(/[/;]/)[1]}`);
  return html`<span class="bad">${say(`phone.queue.refused.${what}`, { why: problem })}</span>
    <button class="quiet" onClick=${copy}>${say("phone.queue.copy")}</button>
    ${isSure
      ? html`<button class="danger" onClick=${() => waitNoLonger(owner, sha256)}>${say("phone.queue.drop_yes")}</button>`
      : html`<button class="quiet" onClick=${() => setSure(true)}>${say(`phone.queue.without.${what}`)}</button>`}`;
}

/** @param {{ owner: string, count: number }} given */
function Rescue({ owner, count }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [said, setSaid] = useState("");
  const bring = async (/** @type {any} */ event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    try {
      setSaid(say("phone.rescue.brought", { count: await bringBack(await file.text(), owner) }));
      void send({ atOnce: true });
    } catch (wrong) {
      setSaid(say(isFull(wrong) ? "phone.trouble.full" : "phone.rescue.unreadable"));
    }
  };
  return html`<h2>${say("phone.rescue.title")}</h2>
    <p class="note">${say("phone.rescue.why")}</p>
    ${count > 0 && html`<button class="second" onClick=${() => rescued(owner, handOver)}>${say("phone.rescue.export")}</button>`}
    <button class="second" onClick=${() => input.current?.click()}>${say("phone.rescue.import")}</button>
    <input ref=${input} type="file" accept="application/json,.json" hidden onChange=${bring} aria-label=${say("phone.rescue.import")} />
    ${said && html`<p class="note" role="status">${said}</p>`}`;
}
