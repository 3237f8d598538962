// Kept (已保存): what was just handed in, a walk or a hazard, is on the disk, and later at the office.
import { html } from "htm/preact";
import { Page, told } from "../parts/frame.js";
import { useKept } from "../parts/kept.js";
import { go } from "../routes.js";
import { item as queuedItem, unsent } from "../disk/queue.js";
import { thing } from "../disk/things.js";
import { live } from "../disk/walks.js";
import { say } from "../words.js";

/** Kept on the phone: said only when it is. @param {{ owner: string, id: string }} given */
export function Kept({ owner, id }) {
  const left = useKept(() => unsent(owner), ["queue"], [owner]);
  const item = useKept(async () => { const here = await queuedItem(id); return here?.owner === owner ? here : null; }, ["queue"], [owner, id]);
  const patrol = useKept(async () => (await thing(owner, "patrol", id)) ?? null, ["things"], [id]);
  const hazard = useKept(async () => (await thing(owner, "hazard", id)) ?? null, ["things"], [id]);
  const walk = useKept(async () => (await live(owner)) ?? null, ["walk"], [owner]);
  if ([item, patrol, hazard, walk].includes(undefined) || !left) return null;
  const isThere = item ? item.state === "told" : Boolean(patrol || hazard);
  if (!item && !isThere) return html`<${Page} title=${say("phone.kept.title")} back=""><p class="note">${say("phone.kept.gone")}</p></${Page}>`;
  return html`<${Page} title=${say(isThere ? "phone.kept.there" : "phone.kept.here")} kind="kept" back="">
    <p class="big" role="status">${isThere && !left.items && !left.photos && !left.recordings ? say("phone.kept.all_sent") : say("phone.kept.on_phone", { left: told(left) })}</p>
    ${patrol?.verdict && html`<p class="verdict ${patrol.verdict.outcome}">${patrol.verdict.sentence}</p>
      ${patrol.verdict.details.filter((/** @type {any} */ each) => !patrol.verdict.sentence.includes(bare(each.sentence))).map((/** @type {any} */ each) => html`<p class="note" key=${each.code}>${each.sentence}</p>`)}`}
    ${item?.problem && html`<p class="note bad" role="alert">${item.problem}</p>`}
    <div class="acts"><button class="first" onClick=${() => go(walk ? "walk" : "")}>${say(walk ? "phone.end.go_on" : "phone.kept.home")}</button></div>
  </${Page}>`;
}

/** A sentence without its stop, as it stands within another. @param {string} sentence */
const bare = (sentence) => sentence.replace(/[。.]$/, "");
