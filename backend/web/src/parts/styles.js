// How reaches, hazards and gauges look: rivers by the width of their rank, colour only for the one thing shown.
import Circle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import RegularShape from "ol/style/RegularShape.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import { colours, FONT, ofDays, ofRisk } from "./colours.js";

/** @typedef {{ by: string, region: string, river: string, time: string, off: Set<string>, kind: string, chosen: string }} Shown */

/** Width in pixels by rank: village, town, county, city. */
const WIDTHS = [0, 2.5, 3.5, 4.5, 5.5, 5.5];
/** Metres of a pixel up to which lines have an edge, and short reaches a name: further out it is longer than they are. */
const EDGES = 40, NAMES = 30;
/** @type {Map<string, Style>} */
const strokes = new Map();
/** @type {Map<string, Style>} */
const signs = new Map();

/** @param {string} colour @param {number} width @param {number} zIndex @param {boolean} isDashed */
function stroke(colour, width, zIndex, isDashed = false) {
  const key = `${colour}/${width}/${isDashed}`;
  let style = strokes.get(key);
  if (!style) {
    const lineDash = isDashed ? [8, 6] : undefined;
    style = new Style({ stroke: new Stroke({ color: colour, width, lineDash, lineCap: isDashed ? "butt" : "round" }), zIndex });
    strokes.set(key, style);
  }
  return style;
}

/** The style of lines for what is shown now. @param {() => Shown} shown */
export function reachStyle(shown) {
  return (/** @type {import("ol/Feature.js").FeatureLike} */ feature, /** @type {number} */ resolution) => {
    const { by, kind, chosen } = shown();
    if (feature.get("layer") !== "segments") return undefined;
    const days = feature.get("days");
    const [colour, mark] = by === "days" ? ofDays(days) : ofRisk(feature.get("risk"));
    const width = WIDTHS[feature.get("level")] * (resolution < 20 ? 1.5 : 1);
    const isNever = by === "days" && days === undefined;
    const lines = [stroke(colour, width, 2, isNever)];
    // From afar there are thousands: an edge is not seen there, and would be drawn as often as the line.
    if (isNever || resolution < EDGES) lines.unshift(stroke(isNever ? colours.sheet : colours.muted, width + 1.5, 1));
    if (kind === "segment" && feature.get("code") === chosen) lines.unshift(stroke(colours.ink, width + 9, 0), stroke(colours.sheet, width + 5, 0));
    const isNear = resolution < 12;
    if (isNear || (resolution < (feature.get("level") > 1 ? 200 : NAMES) && says(feature))) lines.push(label(`${mark}${feature.get(isNear ? "name" : "river_name")}`));
    return lines;
  };
}

/** Of the many short reaches of one river every fourth says its name. @param {import("ol/Feature.js").FeatureLike} feature */
function says(feature) {
  const code = String(feature.get("code"));
  return feature.get("level") > 1 || [...code].reduce((sum, each) => sum + each.charCodeAt(0), 0) % 4 === 0;
}

/** A name along its line. @param {string} text */
function label(text) {
  return new Style({
    text: new Text({
      text, placement: "line", font: `13px ${FONT}`, fill: new Fill({ color: colours.ink }), repeat: 480,
      stroke: new Stroke({ color: colours.paper, width: 3 }), textBaseline: "bottom", offsetY: -4,
    }),
    zIndex: 3,
  });
}

/** The style of points for what is shown now. @param {() => Shown} shown */
export function pointStyle(shown) {
  return (/** @type {import("ol/Feature.js").FeatureLike} */ feature) => {
    const layer = feature.get("layer"), { off, kind, chosen } = shown();
    if (layer === "segments" || off.has(layer)) return undefined;
    const style = layer === "hazards" ? hazardSign(feature.get("severity")) : gaugeSign(feature.get("band"), feature.get("silent"));
    const isChosen = kind !== "" && chosen === feature.get(layer === "hazards" ? "id" : "code");
    return isChosen ? [ring(), style] : style;
  };
}

/** Around what is chosen. */
const ring = () => sign("ring", () => new Circle({ radius: 13, stroke: edge(3), fill: new Fill({ color: colours.sheet }) }), 3);

/** @param {string} severity */
export function hazardSign(severity) {
  const colour = { critical: colours.red, major: colours.orange }[severity] ?? colours.sheet;
  return sign(`hazard/${colour}`, () => new RegularShape({ points: 4, radius: 8, fill: new Fill({ color: colour }), stroke: edge(1.5) }), 5);
}

/** @param {string | undefined} band @param {unknown} isSilent */
function gaugeSign(band, isSilent) {
  if (isSilent) return sign("silent", () => new Circle({ radius: 6, fill: new Fill({ color: colours.line }), stroke: edge(2, [3, 2]) }), 4);
  const colour = { guaranteed: colours.red, warning: colours.orange }[band ?? ""] ?? colours.sheet;
  return sign(`gauge/${colour}`, () => new Circle({ radius: 6, fill: new Fill({ color: colour }), stroke: edge(2) }), 4);
}

/** @param {number} width @param {number[]} [lineDash] */
const edge = (width, lineDash) => new Stroke({ color: colours.ink, width, lineDash });

/** @param {string} key @param {() => import("ol/style/Image.js").default} made @param {number} zIndex */
function sign(key, made, zIndex) {
  let style = signs.get(key);
  if (!style) {
    style = new Style({ image: made(), zIndex });
    signs.set(key, style);
  }
  return style;
}
