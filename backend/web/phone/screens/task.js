// A campaign's question about one reach (排查): what is asked, nothing found in one touch, or a hazard that is reported.
import { html } from "htm/preact";
import { Page } from "../parts/frame.js";
import { useKept } from "../parts/kept.js";
import { left, until } from "../parts/times.js";
import { useTried } from "../parts/tried.js";
import { go } from "../routes.js";
import { answered, nothingFound } from "../disk/answers.js";
import { blank, keepDraft } from "../disk/drafts.js";
import { thing } from "../disk/things.js";
import { send } from "../server/sending.js";
import { say } from "../words.js";

/** @param {{ owner: string, id: string, rest: string[] }} given rest: the reach, by its code */
export function Task({ owner, id, rest: [segment] }) {
  const campaign = useKept(async () => (await thing(owner, "campaign", id)) ?? null, ["things"], [owner, id]);
  const me = useKept(() => thing(owner, "me"), ["things"], [owner]);
  const said = useKept(() => answered(owner, id, segment), ["queue", "things"], [owner, id, segment]);
  const { busy, trouble, tried } = useTried();
  if (campaign === undefined || said === undefined) return null;
  if (campaign === null) return html`<${Page} title=${say("phone.task.title")} back="mine"><p class="note">${say("phone.hazards.not_here")}</p></${Page}>`;
  const reach = me?.segments.find((/** @type {any} */ each) => each.code === segment)?.name ?? segment;
  const asked = { id, segment, name: campaign.name };
  const none = () => tried("keep", async () => { await nothingFound(owner, asked); void send({ atOnce: true }); });
  const found = () => tried("keep", async () => {
    const draft = blank(owner, { asked, kinds: campaign.kinds, segment, segment_name: reach });
    await keepDraft(draft);
    go(`hazard/${draft.id}`);
  });
  const isOver = campaign.stage === "ended";
  return html`<${Page} title=${campaign.name} back="mine" owner=${owner} kind="task">
    <p class="big">${reach}</p>
    <p class="note">${isOver ? say("phone.task.ended") : say("phone.mine.due", { when: until(campaign.deadline) }) + say("phone.comma") + left(campaign.deadline)}</p>
    ${said && html`<p class="verdict ${isNo(said) ? "invalid" : "valid"}" role="status" data-answer=${said.state}>${sentence(said)}</p>`}
    ${said?.problem && html`<p class="note bad">${said.problem}</p>`}
    ${trouble && html`<p class="note bad" role="alert">${say(trouble)}</p>`}
    ${campaign.text && html`<p class="pre">${campaign.text}</p>`}
    ${!isOver && html`<div class="acts">
      ${(!said || isNo(said)) && html`<button class="first" disabled=${busy !== ""} onClick=${none}>${say("phone.task.nothing")}</button>`}
      <button class="second" disabled=${busy !== ""} onClick=${found}>${say(said && !isNo(said) ? "phone.task.found_more" : "phone.task.found")}</button>
    </div>`}
  </${Page}>`;
}

/** Whether the office did not take it. @param {{ state: string }} said */
export const isNo = ({ state }) => state === "refused" || state === "conflict";

/** What was said of a reach, and whether the office knows it. @param {{ found: boolean, hazards: string[], state: string }} said */
export function sentence({ found, hazards, state }) {
  if (isNo({ state })) return say("phone.task.refused");
  const what = found ? say("phone.task.said_found", { count: hazards.length }) : say("phone.task.said_nothing");
  return say(state === "sent" ? "phone.task.sent" : "phone.task.kept", { what });
}
