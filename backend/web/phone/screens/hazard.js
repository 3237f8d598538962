// One hazard being reported: photo first, then what it is by large pictures, then where, then a sentence or a voice.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Page } from "../parts/frame.js";
import { KINDS, Picture } from "../parts/kinds.js";
import { useKept } from "../parts/kept.js";
import { Photos } from "../parts/photos.js";
import { useTried } from "../parts/tried.js";
import { VoiceNote } from "../parts/voice.js";
import { go, goInstead } from "../routes.js";
import { amend, draft as draftOf, dropDraft, handIn, missing } from "../disk/drafts.js";
import { thing } from "../disk/things.js";
import { send } from "../server/sending.js";
import { whereAmI } from "../walk/recorder.js";
import { addShot, located } from "../walk/shot.js";
import { say } from "../words.js";

const SEVERITIES = ["minor", "ordinary", "major", "critical"];

/** @param {{ owner: string, id: string }} given */
export function Hazard({ owner, id }) {
  const draft = useKept(async () => { const here = await draftOf(id); return here?.owner === owner ? here : null; }, ["drafts"], [owner, id]);
  const { busy, trouble, failed, tried } = useTried();
  const [isSpeaking, setSpeaking] = useState(false);
  if (draft === undefined) return null;
  if (draft === null) return html`<${Page} title=${say("phone.hazard.title")} back="hazards"><p class="note">${say("phone.hazard.gone")}</p></${Page}>`;
  const change = (/** @type {Partial<import("../disk/drafts.js").Draft>} */ what) => tried("keep", () => amend(id, () => what));
  const hand = () => tried("hand_in", async () => {
    await located(id);
    const latest = await draftOf(id);
    if (!latest) return;
    await handIn(latest, say(`hazard.kind.${latest.kind}`));
    goInstead(`kept/${id}`);
    void send({ atOnce: true });
  });
  const left = missing(draft);
  /** What went wrong stands where it was tried: the page is longer than a phone. @param {string[]} tries */
  const wrongIn = (...tries) => trouble && tries.includes(failed) && html`<p class="note bad" role="alert">${say(trouble)}</p>`;
  return html`<${Page} title=${say("phone.hazard.title")} back=${backOf(draft)} kind="hazard">
    ${wrongIn("photo")}
    <${Photos} draft=${draft} shoot=${(/** @type {File} */ file) => tried("photo", () => addShot(owner, id, file))} isBusy=${busy === "photo"} />
    <h2>${say("phone.hazard.what")}</h2>
    <div class="kinds">${soughtOf(draft).map((kind) => html`<button key=${kind} aria-pressed=${draft.kind === kind}
      onClick=${() => change({ kind })}><${Picture} kind=${kind} /><span>${say(`hazard.kind.${kind}`)}</span></button>`)}</div>
    <h2>${say("phone.hazard.how_bad")}</h2>
    <div class="choices">${SEVERITIES.map((severity) => html`<button key=${severity} class=${severity} aria-pressed=${draft.severity === severity}
      onClick=${() => change({ severity })}>${say(`phone.hazard.severity.${severity}`)}</button>`)}</div>
    <${Where} draft=${draft} busy=${busy} tried=${tried} wrong=${wrongIn("place")} />
    <h2>${say("phone.voice.title")}</h2>
    <${VoiceNote} draft=${draft} setBusy=${setSpeaking} />
    <h2><label for="words">${say("phone.hazard.words")}</label></h2>
    <textarea id="words" rows="3" maxlength="1000" defaultValue=${draft.description}
      onInput=${(/** @type {any} */ event) => change({ description: event.target.value })}></textarea>
    <div class="acts">
      ${wrongIn("keep", "hand_in")}
      ${left.length > 0 && html`<p class="note">${say("phone.hazard.missing", { what: left.map((each) => say(`phone.hazard.missing.${each}`)).join(say("phone.enumeration")) })}</p>`}
      <button class="first" disabled=${left.length > 0 || busy !== "" || isSpeaking} onClick=${hand}>${say(busy === "hand_in" ? "phone.hazard.locating" : "phone.hazard.hand_in")}</button>
    </div>
    <${Drop} draft=${draft} />
  </${Page}>`;
}

/** @param {import("../disk/drafts.js").Draft} draft */
function backOf({ asked, patrol }) {
  if (asked) return `task/${asked.id}/${asked.segment}`;
  return patrol ? "walk" : "hazards";
}

/** Kinds that may be told: those that a campaign looks for, or all. @param {import("../disk/drafts.js").Draft} draft */
const soughtOf = ({ kinds = [] }) => (kinds.length ? KINDS.filter((kind) => kinds.some((each) => kind === each || kind.startsWith(`${each}.`))) : KINDS);

/**
 * Where it is: by a fix, or, where the phone has none, by the reach.
 * @param {{ draft: import("../disk/drafts.js").Draft, busy: string, tried: (what: string, work: () => Promise<any>) => Promise<void>, wrong: any }} given
 */
function Where({ draft, busy, tried, wrong }) {
  const me = useKept(() => thing(draft.owner, "me"), ["things"], [draft.owner]);
  const locate = () => tried("place", async () => {
    const place = await whereAmI();
    await amend(draft.id, () => ({ place }));
  });
  const choose = (/** @type {any} */ reach) => tried("keep", () => amend(draft.id, () => ({ segment: reach.code, segment_name: reach.name })));
  return html`<h2>${say("phone.hazard.where")}</h2>
    <p class="note">${placeOf(draft)}</p>
    ${wrong}
    <button class="second" disabled=${busy === "place"} onClick=${locate}>${say(busy === "place" ? "phone.hazard.locating" : "phone.hazard.locate")}</button>
    ${!draft.place && !draft.patrol && !draft.asked && me?.segments.length > 0 && html`<p>${say("phone.hazard.by_reach")}</p>
      ${me.segments.map((/** @type {any} */ each) => html`<button key=${each.code} class="second" aria-pressed=${draft.segment === each.code} onClick=${() => choose(each)}>${each.name}</button>`)}`}`;
}

/** @param {{ draft: import("../disk/drafts.js").Draft }} given */
function Drop({ draft }) {
  const [isSure, setSure] = useState(false);
  const drop = async () => { await dropDraft(draft); go(backOf(draft)); };
  return isSure
    ? html`<p class="note">${say("phone.hazard.drop_sure")}</p><button class="danger" onClick=${drop}>${say("phone.hazard.drop_yes")}</button>`
    : html`<button class="quiet" onClick=${() => setSure(true)}>${say("phone.hazard.drop")}</button>`;
}

/** @param {import("../disk/drafts.js").Draft} draft */
function placeOf({ place, segment_name }) {
  if (place) return say("phone.hazard.placed", { metres: Math.round(place.accuracy_m) });
  return segment_name ? say("phone.hazard.on_reach", { name: segment_name }) : say("phone.hazard.no_place");
}
