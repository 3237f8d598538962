// Away (请假代理): from when, and who looks after my reaches meanwhile, under their own name.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { Page } from "../parts/frame.js";
import { useKept } from "../parts/kept.js";
import { newId } from "../disk/ids.js";
import { Trouble, ask } from "../server/office.js";
import { say } from "../words.js";
import { Field, Form } from "./entry.js";

const AGAIN_MS = 5_000;

/** @param {{ owner: string }} given */
export function Away({ owner }) {
  const [asked, setAsked] = useState(0);
  const [trouble, setTrouble] = useState("");
  const found = useKept(() => known(owner), [], [owner, asked]);
  useEffect(() => {
    if (found !== "offline") return undefined;
    const again = () => setAsked((times) => times + 1);
    const waiting = setTimeout(again, AGAIN_MS);
    addEventListener("online", again);
    return () => { clearTimeout(waiting); removeEventListener("online", again); };
  }, [found, asked]);
  if (!found) return null;
  if (found === "offline") return html`<${Page} title=${say("phone.mine.to.away")} back="mine"><p class="note">${say("phone.trouble.offline")}</p></${Page}>`;
  const go = async (/** @type {FormData} */ said) => {
    const [from, until, substitute] = ["from", "until", "substitute"].map((name) => String(said.get(name)));
    await ask(owner, "PUT", `/me/absences/${newId()}`, { from, until: until || null, substitute });
    setAsked(asked + 1);
  };
  const back = async (/** @type {string} */ id) => {
    await ask(owner, "POST", `/me/absences/${id}/end`, {}).catch((wrong) => {
      if (!(wrong instanceof Trouble)) throw wrong;
      setTrouble(wrong.message || say("phone.trouble.offline"));
    });
    setAsked(asked + 1);
  };
  return html`<${Page} title=${say("phone.mine.to.away")} back="mine" owner=${owner}>
    <p class="note">${say("phone.away.why")}</p>
    ${found.absences.map((/** @type {any} */ each) => html`<div class="row" key=${each.id}>
      <b>${say("phone.away.from", { from: each.from, until: each.until ?? say("phone.away.open") })}</b>
      <span>${say("phone.away.by", { name: found.people.find((/** @type {any} */ one) => one.id === each.substitute)?.name ?? "" })}</span>
      <button class="second" onClick=${() => back(each.id)}>${say("phone.away.back")}</button></div>`)}
    ${found.people.length === 0 ? html`<p class="note">${say("phone.away.nobody")}</p>` : html`<${Form} submit=${go} button="phone.away.do" trouble=${trouble} setTrouble=${setTrouble}>
      <${Field} name="from" label="phone.away.first_day" type="date" />
      <${Field} name="until" label="phone.away.first_day_back" type="date" required=${false} />
      <label for="f-substitute">${say("phone.away.who")}</label>
      <select id="f-substitute" name="substitute" required>${found.people.map((/** @type {any} */ each) => html`<option key=${each.id} value=${each.id}>${each.name}${each.posts[0] ? `（${each.posts[0].region_name}）` : ""}</option>`)}</select>
    </${Form}>`}
  </${Page}>`;
}

/** @param {string} owner @returns {Promise<any>} */
async function known(owner) {
  try {
    const [absences, people] = await Promise.all([ask(owner, "GET", "/me/absences"), ask(owner, "GET", "/me/substitutes")]);
    return { absences, people };
  } catch (wrong) {
    if (!(wrong instanceof Trouble)) throw wrong;
    return "offline";
  }
}
