// Photos of what is being written, and the button that takes another one.
import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { dropFile } from "../disk/drafts.js";
import { MOST } from "../disk/photos.js";
import { say } from "../words.js";
import { Shot } from "./shot.js";

/** @param {{ draft: import("../disk/drafts.js").Draft, shoot: (file: File) => void, isBusy: boolean }} given */
export function Photos({ draft, shoot, isBusy }) {
  return html`<div class="photos">
    ${draft.photos.map(({ sha256 }) => html`<${Shot} key=${sha256} owner=${draft.owner} sha256=${sha256} label=${say("phone.hazard.photo")}
      remove=${() => dropFile(draft, sha256)} />`)}
    ${draft.photos.length < MOST
      ? html`<${Camera} shoot=${shoot} isBusy=${isBusy} label=${draft.photos.length ? "phone.hazard.shoot_more" : "phone.hazard.shoot"}
          kind=${draft.photos.length ? "shoot more" : "shoot"} />`
      : html`<p class="note">${say("phone.photos.most", { count: MOST })}</p>`}
  </div>`;
}

/** @param {{ shoot: (file: File) => void, isBusy: boolean, label: string, kind: string }} given label: a key */
export function Camera({ shoot, isBusy, label, kind }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const taken = (/** @type {any} */ event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) shoot(file);
  };
  return html`<button class=${kind} disabled=${isBusy} onClick=${() => input.current?.click()}>${say(isBusy ? "phone.hazard.keeping_photo" : label)}</button>
    <input ref=${input} type="file" accept="image/*" capture="environment" hidden onChange=${taken} aria-label=${say(label)} />`;
}
