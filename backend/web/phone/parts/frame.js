// The frame of every page: where one is, how one gets back, and what has not reached the office yet.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { useKept } from "./kept.js";
import { unsent } from "../disk/queue.js";
import { go } from "../routes.js";
import { state } from "../server/sending.js";
import { say } from "../words.js";

/**
 * @param {{ title: string, back?: string, owner?: string, kind?: string, children: any }} given
 *   back: the page one gets back to; owner: whose queue is told of
 */
export function Page({ title, back, owner, kind = "", children }) {
  const heading = useRef(/** @type {HTMLHeadingElement | null} */ (null));
  useEffect(() => heading.current?.focus(), [title]);
  return html`<div class="page ${kind}">
    <header>
      ${back !== undefined && html`<button class="back" onClick=${() => go(back)}>${say("phone.back")}</button>`}
      <h1 tabindex="-1" ref=${heading}>${title}</h1>
    </header>
    ${owner && html`<${Unsent} owner=${owner} />`}
    <main>${children}</main>
  </div>`;
}

/** How many reports are not at the office yet, and whether there is signal. @param {{ owner: string }} given */
function Unsent({ owner }) {
  const left = useKept(() => unsent(owner), ["queue", "sending"], [owner]);
  useKept(async () => state.isBusy, ["sending"]);
  if (!left) return null;
  const isWaiting = left.items > 0 || left.photos > 0 || left.recordings > 0;
  if (!isWaiting && !left.trouble && state.isOnline) return null;
  return html`<section aria-label=${say("phone.queue.title")}>${isWaiting || left.trouble
    ? html`<button class="strip ${left.trouble ? "bad" : "waiting"}" data-unsent=${left.items} data-photos=${left.photos}
        onClick=${() => go("queue")}>${told(left)}</button>`
    : html`<p class="strip">${say("phone.offline")}</p>`}</section>`;
}

/** @param {Awaited<ReturnType<typeof unsent>>} left */
export const told = (left) => (left.trouble ? say("phone.unsent.trouble", { count: left.trouble }) : say("phone.unsent.left", { what: counted(left) }));

/** So many reports, photos and recordings, as one says it. @param {{ items?: number, photos: number, recordings: number }} counts */
export function counted({ items = 0, photos, recordings }) {
  const found = Object.entries({ items, photos, recordings }).filter(([, count]) => count > 0);
  return found.map(([what, count]) => say(count === 1 ? `phone.count.one.${what}` : `phone.count.${what}`, { count })).join(say("phone.and"));
}
