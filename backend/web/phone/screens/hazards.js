// Hazards (问题): drafts that are being written, a new one, and what became of those that were handed in.
import { html } from "htm/preact";
import { Page } from "../parts/frame.js";
import { useKept } from "../parts/kept.js";
import { Sentence } from "../parts/sentence.js";
import { moment } from "../parts/times.js";
import { useTried } from "../parts/tried.js";
import { go } from "../routes.js";
import { blank, draftsOf, keepDraft } from "../disk/drafts.js";
import { thing } from "../disk/things.js";
import { say } from "../words.js";

/** @param {{ owner: string }} given */
export function Hazards({ owner }) {
  const drafts = useKept(() => draftsOf(owner), ["drafts"], [owner]) ?? [];
  const listed = useKept(() => thing(owner, "hazards"), ["things"], [owner]);
  const { trouble, tried } = useTried();
  const begin = () => tried("keep", async () => {
    const draft = blank(owner);
    await keepDraft(draft);
    go(`hazard/${draft.id}`);
  });
  return html`<${Page} title=${say("phone.hazards.title")} back="" owner=${owner}>
    ${trouble && html`<p class="note bad" role="alert">${say(trouble)}</p>`}
    <button class="great small" onClick=${begin}><b>${say("phone.hazards.new")}</b></button>
    ${drafts.length > 0 && html`<h2>${say("phone.hazards.drafts")}</h2>`}
    <div class="list">${drafts.map((each) => html`<button class="row" key=${each.id} onClick=${() => go(`hazard/${each.id}`)}>
      <b>${each.kind ? say(`hazard.kind.${each.kind}`) : say("phone.hazards.no_kind")}</b>
      <span>${moment(each.changed_at)}${say("phone.comma")}${say("phone.hazards.photos", { count: each.photos.length })}</span></button>`)}</div>
    <h2>${say("phone.hazards.known")}</h2>
    ${listed?.items.length === 0 && html`<p class="note">${say("phone.hazards.none")}</p>`}
    ${!listed && html`<p class="note">${say("phone.hazards.not_here")}</p>`}
    <div class="list">${(listed?.items ?? []).map((/** @type {any} */ each) => html`<button class="row" key=${each.id} onClick=${() => go(`case/${each.id}`)}>
      <b>${say(`hazard.kind.${each.kind}`)}</b>
      <span>${each.description}</span><span><${Sentence} text=${each.sentence} /></span>
      <span>${moment(each.observed_at)}${each.reporter.id === owner ? say("phone.comma") + say("phone.hazards.by_me") : ""}</span></button>`)}</div>
  </${Page}>`;
}
