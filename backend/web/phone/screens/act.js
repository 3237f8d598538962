// An act on a hazard (处置): photo first where the office wants one, then a sentence, then it is on the disk.
import { html } from "htm/preact";
import { Page } from "../parts/frame.js";
import { useKept } from "../parts/kept.js";
import { Photos } from "../parts/photos.js";
import { useTried } from "../parts/tried.js";
import { goInstead } from "../routes.js";
import { begun, caseOf, handInAct, lacking } from "../disk/acts.js";
import { amend, draft as draftOf } from "../disk/drafts.js";
import { send } from "../server/sending.js";
import { addShot, located } from "../walk/shot.js";
import { say } from "../words.js";
import { ACTS } from "./case.js";

/** Acts to which a photo may be added, though the office does not ask for one. */
const WITH_PHOTOS = new Set(["report_done", "check_interim", "comment", "verify", "return"]);

/** @param {{ owner: string, id: string, rest: string[] }} given rest: the act, and the measure that it is about */
export function ActPage({ owner, id, rest: [action, measure] }) {
  const found = useKept(async () => (await caseOf(owner, id)) ?? null, ["things"], [owner, id]);
  const isThere = Boolean(found?.etag) && ACTS.includes(action);
  const first = useKept(async () => (isThere ? begun(owner, { hazard: id, action, ...(measure && { measure }) }) : undefined), [], [owner, id, action, measure, isThere]);
  const draft = useKept(async () => first && draftOf(first.id), ["drafts"], [first?.id]);
  const { busy, trouble, tried } = useTried();
  if (found !== undefined && !isThere) return html`<${Page} title=${say("phone.case.title")} back=${`case/${id}`}><p class="note">${say("phone.hazards.not_here")}</p></${Page}>`;
  if (!draft || !found) return null;
  const title = say(`phone.act.${action}`);
  const hand = () => tried("hand_in", async () => {
    await located(draft.id);
    const latest = await draftOf(draft.id);
    if (!latest || lacking(latest)) return;
    await handInAct(latest, found, `${title} · ${say(`hazard.kind.${found.kind}`)}`);
    goInstead(`case/${id}`);
    void send({ atOnce: true });
  });
  const left = lacking(draft);
  return html`<${Page} title=${title} back=${`case/${id}`} kind="act">
    <p class="note"><b>${say(`hazard.kind.${found.kind}`)}</b> ${found.description}</p>
    ${trouble && html`<p class="note bad" role="alert">${say(trouble)}</p>`}
    ${WITH_PHOTOS.has(action) && html`<${Photos} draft=${draft} isBusy=${busy === "photo"} shoot=${(/** @type {File} */ file) => tried("photo", () => addShot(owner, draft.id, file))} />`}
    <h2><label for="words">${say(left === "note" ? "phone.act.words" : "phone.hazard.words")}</label></h2>
    <textarea id="words" rows="3" maxlength="1000" defaultValue=${draft.description}
      onInput=${(/** @type {any} */ event) => tried("keep", () => amend(draft.id, () => ({ description: event.target.value })))}></textarea>
    <div class="acts">
      ${left && html`<p class="note">${say("phone.hazard.missing", { what: say(`phone.act.missing.${left}`) })}</p>`}
      <button class="first" disabled=${Boolean(left) || busy !== ""} onClick=${hand}>${say(busy === "hand_in" ? "phone.hazard.locating" : "phone.hazard.hand_in")}</button>
    </div>
  </${Page}>`;
}
