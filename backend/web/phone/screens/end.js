// The end of a walk: whether it will count, what was seen, and then it is on the disk.
import { html } from "htm/preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Page } from "../parts/frame.js";
import { Stretch } from "../parts/stretch.js";
import { useTried } from "../parts/tried.js";
import { go, goInstead } from "../routes.js";
import * as walks from "../disk/walks.js";
import { send } from "../server/sending.js";
import { recording } from "../walk/recording.js";
import { foretell, verdictOf } from "../walk/forecast.js";
import { say } from "../words.js";
import { Taken } from "./walk.js";

const SEEN = ["floating_debris", "outfall_abnormal", "levee_damage", "obstruction"];

/** @param {{ owner: string }} given */
export function Ending({ owner }) {
  const recorder = recording();
  const [seen, setSeen] = useState(/** @type {Record<string, boolean>} */ ({}));
  const { busy, trouble, tried } = useTried();
  useEffect(() => { if (!recorder) goInstead(""); }, [recorder]);
  // Of a walk of hours it takes a while: it is reckoned when a position comes, and not with every letter of the note.
  const forecast = useMemo(() => recorder && foretell(recorder), [recorder, recorder?.fixes.length]);
  if (!recorder) return null;
  const keep = () => tried("hand_in", async () => {
    await recorder.photographed;
    const checklist = Object.fromEntries(SEEN.map((what) => [what, Boolean(seen[what])]));
    const item = await walks.end(recorder.walk, recorder.fixes, recorder.walk.segment_name, { checklist });
    goInstead(`kept/${item.id}`);
    void send({ atOnce: true });
  });
  const write = (/** @type {any} */ event) => tried("keep", async () => {
    recorder.walk.note = event.target.value;
    await recorder.keep();
  });
  return html`<${Page} title=${say("phone.end.title")} back="walk" kind="ending">
    <${Forecast} forecast=${forecast} />
    ${recorder.live && html`<${Stretch} length_m=${recorder.live.walk.reach.length_m} covered=${recorder.live.covered} />`}
    <fieldset><legend>${say("phone.end.seen")}</legend>
      ${SEEN.map((what) => html`<label class="choice" key=${what}><input type="checkbox" checked=${seen[what]}
        onChange=${() => setSeen({ ...seen, [what]: !seen[what] })} /> ${say(`phone.end.seen.${what}`)}</label>`)}
    </fieldset>
    <h2><label for="words">${say("phone.end.words")}</label></h2>
    <textarea id="words" rows="3" maxlength="1000" defaultValue=${recorder.walk.note} onInput=${write}></textarea>
    <${Taken} recorder=${recorder} tried=${tried} />
    ${trouble && html`<p class="note bad" role="alert">${say(trouble)}</p>`}
    <div class="acts">
      <button class="first" disabled=${busy === "hand_in"} onClick=${keep}>${say(busy === "hand_in" ? "phone.busy" : "phone.end.keep")}</button>
      <button class="second" onClick=${() => go("walk")}>${say("phone.end.go_on")}</button>
    </div>
    <${Forget} walk=${recorder.walk} />
  </${Page}>`;
}

/** A walk begun by mistake. @param {{ walk: walks.Walk }} given */
function Forget({ walk }) {
  const [isSure, setSure] = useState(false);
  const forget = async () => {
    await walks.forget(walk.id);
    go("");
  };
  return isSure
    ? html`<p class="note">${say("phone.end.forget_sure")}</p><button class="danger" onClick=${forget}>${say("phone.end.forget_yes")}</button>`
    : html`<button class="quiet" onClick=${() => setSure(true)}>${say("phone.end.forget")}</button>`;
}

/** @param {{ forecast: ReturnType<typeof foretell> }} given */
function Forecast({ forecast }) {
  if (!forecast) return html`<p class="note">${say("phone.end.unknown")}</p>`;
  return html`<p class="verdict ${forecast.outcome}" data-outcome=${forecast.outcome} role="status">${verdictOf(forecast)}</p>
    ${forecast.reasons.map((each) => html`<p class="note" key=${each.code}>${each.sentence}</p>`)}
    <p class="small">${say("phone.end.server_decides")}</p>`;
}
