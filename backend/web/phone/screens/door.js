// A door to knock at (上门): what came of it, for somebody who does not answer the telephone.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Page } from "../parts/frame.js";
import { useKept } from "../parts/kept.js";
import { thing, keep } from "../disk/things.js";
import { Trouble, ask } from "../server/office.js";
import { go } from "../routes.js";
import { say } from "../words.js";

const OUTCOMES = ["received", "acting", "unable", "absent"];

/** @param {{ owner: string, id: string }} given */
export function Door({ owner, id }) {
  const me = useKept(() => thing(owner, "me"), ["things"], [owner]);
  const [trouble, setTrouble] = useState("");
  const door = me?.doors.find((/** @type {any} */ each) => each.id === id);
  if (!door) return html`<${Page} title=${say("phone.mine.doors")} back="mine"><p class="note">${say("phone.doors.gone")}</p></${Page}>`;
  const tell = async (/** @type {string} */ outcome) => {
    const said = outcome === "absent" ? { outcome } : { outcome: "met", status: outcome };
    try {
      await ask(owner, "POST", `/flood/doors/${id}`, said);
      await keep(owner, "me", { ...me, doors: me.doors.filter((/** @type {any} */ each) => each.id !== id) });
      go("mine");
    } catch (wrong) {
      if (!(wrong instanceof Trouble)) throw wrong;
      setTrouble(wrong.status === 0 ? say("phone.trouble.offline") : wrong.message);
    }
  };
  return html`<${Page} title=${say("phone.doors.knock", { name: door.person.name })} back="mine" kind="call">
    <p class="big">${door.place}</p>
    ${trouble && html`<p class="note bad" role="alert">${trouble}</p>`}
    <div class="acts">${OUTCOMES.map((each) => html`<button key=${each} class=${each === "acting" ? "first" : "second"} onClick=${() => tell(each)}>${say(`phone.doors.${each}`)}</button>`)}</div>
  </${Page}>`;
}
