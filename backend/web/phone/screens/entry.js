// The way in (登录): number and password once; the first password by a code; a PIN on a phone that is shared.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Page } from "../parts/frame.js";
import { useKept } from "../parts/kept.js";
import { accounts, handTo, unlock, welcome } from "../disk/accounts.js";
import { Trouble, activate, resetPassword, signIn } from "../server/office.js";
import { send } from "../server/sending.js";
import { isFull } from "../disk/database.js";
import { go } from "../routes.js";
import { say, switchLanguage } from "../words.js";
import { changed } from "../news.js";

/** @param {{ hint?: string, owner?: string }} given owner: whose login is over; what waits of theirs is still told */
export function SignIn({ hint, owner }) {
  const known = useKept(accounts, ["account"]) ?? [];
  const [trouble, setTrouble] = useState("");
  const enter = async (/** @type {FormData} */ said) => {
    const number = String(said.get("phone"));
    const pair = await signIn(number, String(said.get("password")));
    await welcome(pair.person, pair.refresh_token);
    go("");
    void send({ atOnce: true });
  };
  return html`<${Page} title=${say("phone.sign_in.title")} owner=${owner}>
    ${hint && html`<p class="note">${say(hint)}</p>`}
    <${Form} submit=${enter} button="phone.sign_in.do" trouble=${trouble} setTrouble=${setTrouble}>
      <${Field} name="phone" label="phone.sign_in.phone" type="tel" autocomplete="username" />
      <${Field} name="password" label="phone.sign_in.password" type="password" autocomplete="current-password" />
    </${Form}>
    ${known.length > 0 && html`<h2>${say("phone.sign_in.known")}</h2><div class="list">${known.map((each) => html`
      <button class="row" key=${each.id} onClick=${async () => { await handTo(each.id); go(""); }}><b>${each.name}</b></button>`)}</div>`}
    <button class="quiet" onClick=${() => go("first")}>${say("phone.sign_in.first")}</button>
    <button class="quiet" lang="en" onClick=${async () => { await switchLanguage(); changed("account"); }}>${say("phone.other_language")}</button>
  </${Page}>`;
}

/** The first password, or another one, by the code from the office. */
export function FirstTime() {
  const [trouble, setTrouble] = useState("");
  const set = async (/** @type {FormData} */ said) => {
    const [phone, code, password] = ["phone", "code", "password"].map((name) => String(said.get(name)));
    try {
      await activate(phone, code, password);
    } catch (wrong) {
      if (!(wrong instanceof Trouble) || !wrong.isStranger) throw wrong;
      await resetPassword(phone, code, password);
    }
    const pair = await signIn(phone, password);
    await welcome(pair.person, pair.refresh_token);
    go("");
  };
  return html`<${Page} title=${say("phone.first.title")} back="">
    <p class="note">${say("phone.first.lead")}</p>
    <${Form} submit=${set} button="phone.first.do" trouble=${trouble} setTrouble=${setTrouble}>
      <${Field} name="phone" label="phone.sign_in.phone" type="tel" autocomplete="username" />
      <${Field} name="code" label="phone.first.code" type="text" autocomplete="one-time-code" autocapitalize="characters" />
      <${Field} name="password" label="phone.first.password" type="password" autocomplete="new-password" />
    </${Form}>
  </${Page}>`;
}

/** @param {{ account: import("../disk/accounts.js").Account }} given */
export function Locked({ account }) {
  const [trouble, setTrouble] = useState("");
  const open = async (/** @type {FormData} */ said) => {
    const left = await unlock(account.id, String(said.get("pin")));
    if (left === Infinity) return void send({ atOnce: true });
    if (left === 0) return void (await handTo(account.id));
    setTrouble(say("phone.pin.wrong", { left }));
  };
  return html`<${Page} title=${say("phone.pin.title", { name: account.name })} owner=${account.id}>
    <${Form} submit=${open} button="phone.pin.open" trouble=${trouble} setTrouble=${setTrouble}>
      <${Field} name="pin" label="phone.pin.label" type="password" inputmode="numeric" autocomplete="off" />
    </${Form}>
    <button class="quiet" onClick=${() => handTo(null)}>${say("phone.pin.other")}</button>
  </${Page}>`;
}

/**
 * @param {{ submit: (said: FormData) => Promise<void>, button: string, kind?: string, trouble: string,
 *   setTrouble: (said: string) => void, children: any }} given kind: how much the button weighs
 */
export function Form({ submit, button, kind = "first", trouble, setTrouble, children }) {
  const [isBusy, setBusy] = useState(false);
  const sent = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const said = new FormData(/** @type {HTMLFormElement} */ (event.target));
    setBusy(true);
    setTrouble("");
    try {
      await submit(said);
    } catch (wrong) {
      if (!(wrong instanceof Trouble) && !isFull(wrong)) throw wrong;
      setTrouble(sentenceOf(wrong));
    } finally {
      setBusy(false);
    }
  };
  return html`<form onSubmit=${sent}>
    ${trouble && html`<p class="note bad" role="alert">${trouble}</p>`}
    ${children}
    <div class="acts"><button class=${kind} disabled=${isBusy}>${say(isBusy ? "phone.busy" : button)}</button></div>
  </form>`;
}

/** @param {any} wrong a Trouble, or that the phone is full */
function sentenceOf(wrong) {
  if (!(wrong instanceof Trouble)) return say("phone.trouble.full");
  return wrong.isOffice ? wrong.message : say("phone.trouble.offline");
}

/** @param {{ name: string, label: string, type: string, [rest: string]: any }} given */
export function Field({ name, label, type, ...rest }) {
  const [isShown, setShown] = useState(false);
  return html`<label for=${`f-${name}`}>${say(label)}</label>
    <input id=${`f-${name}`} name=${name} type=${isShown ? "text" : type} required autocapitalize="none" ...${rest} />
    ${name === "password" && html`<label class="choice"><input type="checkbox" checked=${isShown} onChange=${() => setShown(!isShown)} /> ${say("phone.sign_in.show")}</label>`}`;
}

