// Where a hazard lies on its reach, and where its photos were taken: before and after should be one place.
import Feature from "ol/Feature.js";
import Point from "ol/geom/Point.js";
import VectorLayer from "ol/layer/Vector.js";
import { fromLonLat } from "ol/proj.js";
import VectorSource from "ol/source/Vector.js";
import Circle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import { colours, FONT } from "./parts/colours.js";
import { ground } from "./parts/ground.js";
import { reaches } from "./parts/reaches.js";
import { hazardSign } from "./parts/styles.js";

/** @typedef {{ what: "hazard" | "before" | "after", at: [number, number], label: string }} Spot */

const place = /** @type {HTMLElement} */ (document.getElementById("hazard-place"));
const { segment, severity, seesReaches } = place.dataset;
const map = ground(place);
/** Photos of one place lie upon each other: their words stand on two sides of it. */
const SIDES = /** @type {const} */ ({ before: [colours.sheet, -14], hazard: [colours.sheet, 0], after: [colours.ok, 18] });

/** @param {string} color @param {number} width */
const line = (color, width) => new Style({ stroke: new Stroke({ color, width }) });
const [OWN, OTHER] = [line(colours.river, 5), line(colours.muted, 2)];

/** @param {import("ol/Feature.js").FeatureLike} feature */
const reachStyle = (feature) => {
  if (feature.get("layer") !== "segments") return undefined;
  return feature.get("code") === segment ? OWN : OTHER;
};

/** @param {import("ol/Feature.js").FeatureLike} feature */
const spotStyle = (feature) => {
  const { what, label } = /** @type {Spot} */ (feature.getProperties());
  if (what === "hazard") return hazardSign(severity ?? "");
  const [colour, offsetY] = SIDES[what];
  return new Style({
    image: new Circle({ radius: 5, fill: new Fill({ color: colour }), stroke: new Stroke({ color: colours.ink, width: 1.5 }) }),
    text: new Text({
      text: label, font: `13px ${FONT}`, offsetY, fill: new Fill({ color: colours.ink }),
      stroke: new Stroke({ color: colours.sheet, width: 4 }),
    }),
    zIndex: 6,
  });
};

/** @type {Spot[]} */
const spots = JSON.parse(place.dataset.spots ?? "[]");
const source = new VectorSource({
  features: spots.map(({ what, at, label }) => new Feature({ geometry: new Point(fromLonLat(at)), what, label })),
});
if (seesReaches) map.addLayer(reaches(place, reachStyle));
map.addLayer(new VectorLayer({ source, style: spotStyle }));
const around = source.getExtent();
if (around) map.getView().fit(around, { padding: [48, 48, 48, 48], maxZoom: 16 });
map.once("rendercomplete", () => performance.mark("map-drawn"));
