// This phone and whose it is: language, PIN, calls through the closed app, another person, signing out.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Page } from "../parts/frame.js";
import { useKept } from "../parts/kept.js";
import { queued } from "../disk/queue.js";
import { isRescued } from "../disk/rescue.js";
import { changed } from "../news.js";
import { account as accountOf, farewell, handTo, lockWith, unlockForGood } from "../disk/accounts.js";
import { signOut } from "../server/office.js";
import { pushState, takePush } from "../server/push.js";
import { go } from "../routes.js";
import { VERSION } from "../version.js";
import { say, switchLanguage } from "../words.js";
import { Field, Form } from "./entry.js";

/** @param {{ owner: string }} given */
export function AccountPage({ owner }) {
  const account = useKept(() => accountOf(owner), ["account"], [owner]);
  const push = useKept(pushState, ["account"]);
  const [said, setSaid] = useState("");
  if (!account) return null;
  const ring = async () => setSaid(say(`phone.push.${await takePush(owner)}`));
  return html`<${Page} title=${say("phone.mine.to.account")} back="mine" owner=${owner}>
    <p class="big">${account.name}</p>
    ${said && html`<p class="note" role="status">${said}</p>`}
    <h2>${say("phone.account.push")}</h2>
    <p class="note">${say(`phone.push.${push ?? "unknown"}`)}</p>
    ${push === "off" && html`<button class="second" onClick=${ring}>${say("phone.account.push_on")}</button>`}
    <h2>${say("phone.account.pin")}</h2>
    <p class="note">${say("phone.account.pin_why")}</p>
    <${Pin} account=${account} />
    <h2>${say("phone.account.language")}</h2>
    <button class="second" onClick=${async () => { await switchLanguage(); changed("account"); }}>${say("phone.other_language")}</button>
    <h2>${say("phone.account.leave")}</h2>
    <button class="second" onClick=${() => handTo(null)}>${say("phone.account.other_person")}</button>
    <${Leave} owner=${owner} />
    <p class="small">${say("phone.account.version", { version: VERSION })}</p>
  </${Page}>`;
}

/** @param {{ account: import("../disk/accounts.js").Account }} given */
function Pin({ account }) {
  const [trouble, setTrouble] = useState("");
  if (account.sealed) return html`<button class="second" onClick=${() => unlockForGood(account.id)}>${say("phone.account.pin_off")}</button>`;
  const set = async (/** @type {FormData} */ said) => {
    const pin = String(said.get("pin"));
    if (!/^\d{4,8}$/.test(pin)) return setTrouble(say("phone.pin.form"));
    return lockWith(account.id, pin);
  };
  return html`<${Form} submit=${set} button="phone.account.pin_on" kind="second" trouble=${trouble} setTrouble=${setTrouble}>
    <${Field} name="pin" label="phone.pin.new" type="password" inputmode="numeric" autocomplete="off" /></${Form}>`;
}

/** Only when nothing is unsent, or everything is in a rescue file. @param {{ owner: string }} given */
function Leave({ owner }) {
  const waiting = useKept(() => queued(owner), ["queue"], [owner]);
  const isSafe = useKept(() => isRescued(owner), ["queue"], [owner]);
  const [isSure, setSure] = useState(false);
  if (!waiting) return null;
  if (waiting.length && !isSafe) return html`<p class="note bad">${say("phone.account.not_yet", { count: waiting.length })}</p>
    <button class="second" onClick=${() => go("queue")}>${say("phone.account.to_queue")}</button>`;
  const leave = async () => {
    await signOut(owner);
    await farewell(owner);
    go("");
  };
  return isSure
    ? html`<p class="note">${say("phone.account.sure")}</p><button class="danger" onClick=${leave}>${say("phone.account.sign_out_yes")}</button>`
    : html`<button class="quiet" onClick=${() => setSure(true)}>${say("phone.account.sign_out")}</button>`;
}
