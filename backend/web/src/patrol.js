// The picture of one walk: the reach, what was walked of it, the points as sent, the clean track, and its gaps.
import GeoJSON from "ol/format/GeoJSON.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import Circle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import { colours } from "./parts/colours.js";
import { ground } from "./parts/ground.js";

const place = /** @type {HTMLElement} */ (document.getElementById("trace"));
const map = ground(place);

/** @param {string} color @param {number} width @param {number} zIndex @param {number[]} [lineDash] */
const line = (color, width, zIndex, lineDash) => new Style({ stroke: new Stroke({ color, width, lineDash }), zIndex });

/** @type {Record<string, Style>} */
const STYLES = {
  reach: line(colours.muted, 3, 1),
  walked: line(colours.ok, 9, 2),
  bridged: line(colours.yellow, 9, 3),
  points: new Style({ image: new Circle({ radius: 2.5, fill: new Fill({ color: colours.muted }) }), zIndex: 4 }),
  track: line(colours.river, 2.5, 5),
  gap: line(colours.orange, 2.5, 6, [7, 5]),
};

/** Fetch the parts, and look at all of them. */
async function draw() {
  const answer = await fetch(place.dataset.trace ?? "");
  if (!answer.ok) throw new Error(String(answer.status));
  const features = new GeoJSON().readFeatures(await answer.json(), { featureProjection: "EPSG:3857" });
  const source = new VectorSource({ features });
  map.addLayer(new VectorLayer({ source, style: (feature) => STYLES[feature.get("what")] }));
  const around = source.getExtent();
  if (around) map.getView().fit(around, { padding: [32, 32, 48, 48], maxZoom: 17 });
}

draw().catch(() => document.getElementById("trace-failed")?.toggleAttribute("hidden", false));
