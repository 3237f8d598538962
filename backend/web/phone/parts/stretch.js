// A reach as a simple line, source to mouth, with what of it was walked: no map is needed for that.
import { html } from "htm/preact";
import { say } from "../words.js";

/** @param {{ length_m: number, covered: import("../judge/chainage.js").Stretch[] }} given metres along the reach */
export function Stretch({ length_m, covered }) {
  const walked_m = covered.reduce((sum, [from, to]) => sum + to - from, 0);
  const percent = Math.min(100, Math.round((walked_m / Math.max(length_m, 1)) * 100));
  return html`<figure class="stretch">
    <svg viewBox="0 0 1000 40" preserveAspectRatio="none" role="img" aria-label=${say("phone.walk.share", { percent })}>
      <rect class="all" x="0" y="14" width="1000" height="12" rx="6" />
      ${covered.map(([from, to]) => html`<rect class="walked" y="8" height="24" rx="6"
        x=${(from / length_m) * 1000} width=${Math.max(6, ((to - from) / length_m) * 1000)} />`)}
    </svg>
    <figcaption>${say("phone.walk.share", { percent })}</figcaption>
  </figure>`;
}
