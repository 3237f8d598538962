// A voice note (说一段话) in what is being written: one touch begins, another ends; it is heard before it is handed in.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { dropFile } from "../disk/drafts.js";
import { MOST, adoptPart, keepPart, keepRecording } from "../disk/recordings.js";
import { MOST_S, Speaking } from "../voice/speaking.js";
import { isFull } from "../disk/database.js";
import { say } from "../words.js";
import { Heard } from "./heard.js";
import { useTicks } from "./kept.js";
import { clock } from "./times.js";

const LOOK_MS = 150;

/** @param {{ draft: import("../disk/drafts.js").Draft, setBusy: (isBusy: boolean) => void }} given setBusy: nothing is handed in meanwhile */
export function VoiceNote({ draft, setBusy }) {
  const speaking = useRef(/** @type {Speaking | undefined} */ (undefined));
  const [isOn, setOn] = useState(false);
  const [said, setSaid] = useState("");
  useEffect(() => {
    void adoptPart(draft).then((isPart) => { if (isPart) setSaid("phone.voice.broken_off"); });
    return () => speaking.current?.stop();
  }, [draft.id]);
  const turn = (/** @type {boolean} */ is) => { setOn(is); setBusy(is); };
  const finish = async (/** @type {Blob} */ blob, /** @type {number} */ seconds) => {
    await keepRecording(draft, blob, seconds).catch((wrong) => setSaid(isFull(wrong) ? "phone.trouble.full" : "phone.voice.not_kept"));
    speaking.current = undefined;
    turn(false);
  };
  const begin = async () => {
    setSaid("");
    turn(true);
    try {
      speaking.current = await Speaking.begin((part) => keepPart(draft, part), finish);
      setOn(true);
    } catch (wrong) {
      turn(false);
      setSaid(/** @type {any} */ (wrong).name === "NotAllowedError" ? "phone.voice.denied" : "phone.voice.impossible");
    }
  };
  const kept = draft.recordings ?? [];
  return html`<div class="voice list">
    ${kept.map(({ sha256, seconds }) => html`<div class="row" key=${sha256}><span>${say(seconds ? "phone.voice.seconds" : "phone.voice.one", { seconds })}</span><${Heard} owner=${draft.owner} sha256=${sha256} seconds=${seconds} isAsked />
      <${Remove} remove=${() => dropFile(draft, sha256)} /></div>`)}
    ${said && html`<p class="note bad" role="alert">${say(said)}</p>`}
    ${isOn ? html`<div><${On} speaking=${speaking} /></div>` : kept.length < MOST && html`<button class="second" onClick=${begin}>${say(kept.length ? "phone.voice.more" : "phone.voice.begin")}</button>`}
  </div>`;
}

/** While it is spoken: how long, how loud, and the end. @param {{ speaking: { current: Speaking | undefined } }} given */
function On({ speaking }) {
  useTicks(LOOK_MS);
  const now = speaking.current;
  if (!now) return html`<p class="note">${say("phone.busy")}</p>`;
  return html`<p class="figure"><b>${clock((Date.now() - now.begun_ms) / 1000)}</b><span>${say("phone.voice.most", { minutes: MOST_S / 60 })}</span></p>
    <meter min="0" max="1" value=${now.level} aria-label=${say("phone.voice.level")}></meter>
    <button class="first speaking" onClick=${() => now.stop()}>${say("phone.voice.end")}</button>`;
}

/** @param {{ remove: () => void }} given */
function Remove({ remove }) {
  const [isSure, setSure] = useState(false);
  return isSure
    ? html`<button class="danger" onClick=${remove}>${say("phone.voice.remove_yes")}</button>`
    : html`<button class="quiet" onClick=${() => setSure(true)}>${say("phone.voice.remove")}</button>`;
}
