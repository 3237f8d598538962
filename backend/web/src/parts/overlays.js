// How warnings and walks look: areas in the national colours, drills in violet, stretches that were walked in green.
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import { colours, FONT } from "./colours.js";

/** @typedef {import("./styles.js").Shown} Shown */
/** @typedef {import("ol/Feature.js").FeatureLike} Feature */

/** @type {Record<string, [string, string]>} */
const SIGNALS = {
  blue: [colours.blue, "●"], yellow: [colours.yellow, "▲"], orange: [colours.orange, "◆"], red: [colours.red, "■"],
};
const PALE = "2e"; // of a fill, so that rivers and names stay legible on it

/** @param {() => Shown} shown */
export function warningStyle(shown) {
  return (/** @type {Feature} */ feature) => {
    const isDrill = feature.get("drill"), [signal, mark] = SIGNALS[feature.get("level")] ?? [colours.muted, ""];
    const colour = isDrill ? colours.drill : signal;
    const width = isChosen(shown(), "warning", feature) ? 4 : 2;
    const label = shorter(feature.get("label"));
    return new Style({
      fill: new Fill({ color: `${colour}${PALE}` }),
      stroke: new Stroke({ color: colour, width, lineDash: isDrill ? [10, 6] : undefined }),
      text: new Text({
        text: label && `${mark} ${label}`, font: `600 13px ${FONT}`, overflow: true,
        fill: new Fill({ color: isDrill ? colours.drill : colours.ink }), stroke: new Stroke({ color: colours.sheet, width: 4 }),
      }),
    });
  };
}

/** @param {() => Shown} shown */
export function walkStyle(shown) {
  return (/** @type {Feature} */ feature) => {
    const isBold = isChosen(shown(), "walk", feature);
    if (feature.get("layer") === "tracks") return line(colours.river, isBold ? 4 : 2, 2, feature.get("outcome") === "invalid");
    return line(`${feature.get("counts") ? colours.ok : colours.muted}99`, isBold ? 14 : 10, 1, false);
  };
}

/** @type {Map<string, Style>} */
const made = new Map();

/** @param {string} color @param {number} width @param {number} zIndex @param {boolean} isDashed */
function line(color, width, zIndex, isDashed) {
  const key = `${color}/${width}/${isDashed}`;
  const style = made.get(key) ?? new Style({ stroke: new Stroke({ color, width, lineDash: isDashed ? [6, 5] : undefined }), zIndex });
  made.set(key, style);
  return style;
}

/** @param {Shown} shown @param {string} kind @param {Feature} feature */
const isChosen = (shown, kind, feature) => shown.kind === kind && shown.chosen === feature.get("id");

/** @param {string} text */
const shorter = (text) => ([...text].length > 24 ? `${[...text].slice(0, 23).join("")}…` : text);
