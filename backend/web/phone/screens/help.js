// Help (帮助): what this app can do, what a web app on a phone cannot, and what to do about it.
import { html } from "htm/preact";
import { Page } from "../parts/frame.js";
import { say } from "../words.js";

const ABOUT = ["walk", "screen", "voice", "signal", "kept", "call", "clear"];

/** @param {{ owner: string }} given */
export function Help({ owner }) {
  return html`<${Page} title=${say("phone.mine.to.help")} back="mine" owner=${owner}>
    ${ABOUT.map((each) => html`<section key=${each}><h2>${say(`phone.help.${each}`)}</h2><p>${say(`phone.help.${each}.text`)}</p></section>`)}
  </${Page}>`;
}
