// Where a warning would hold and how many are called in each place, looked at before anything goes out.
import Feature from "ol/Feature.js";
import GeoJSON from "ol/format/GeoJSON.js";
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
import { warningStyle } from "./parts/overlays.js";
import { reaches } from "./parts/reaches.js";

const place = /** @type {HTMLElement} */ (document.getElementById("warned"));
const { area, places, count, level, drill } = place.dataset;
const map = ground(place);

/** Everybody's reaches, as paper under it. */
const paper = reaches(place, (feature) => (feature.get("layer") === "segments" ? RIVER : undefined));
const RIVER = new Style({ stroke: new Stroke({ color: colours.river, width: 1.5 }) });

const geometry = new GeoJSON().readGeometry(JSON.parse(area ?? ""), { featureProjection: "EPSG:3857" });
const held = new VectorSource({ features: [new Feature({ geometry, level, drill: Boolean(drill), label: "" })] });
const shown = { by: "", region: "", river: "", time: "", off: new Set(), kind: "", chosen: "" };

/** @type {{ name: string, people: number, at: [number, number] | null }[]} */
const called = JSON.parse(places ?? "[]");
const people = new VectorSource({
  features: called.flatMap(({ name, people, at }) => at
    ? [new Feature({ geometry: new Point(fromLonLat(at)), label: `${name} ${count?.replace("#", String(people))}` })] : []),
});
/** @param {import("ol/Feature.js").FeatureLike} feature */
const inWords = (feature) => new Style({
  image: new Circle({ radius: 4, fill: new Fill({ color: colours.ink }), stroke: new Stroke({ color: colours.sheet, width: 2 }) }),
  text: new Text({
    text: feature.get("label"), font: `600 13px ${FONT}`, offsetY: -14,
    fill: new Fill({ color: colours.ink }), stroke: new Stroke({ color: colours.sheet, width: 4 }),
  }),
});

map.addLayer(paper);
map.addLayer(new VectorLayer({ source: held, style: warningStyle(() => shown) }));
map.addLayer(new VectorLayer({ source: people, style: inWords, declutter: true }));
map.getView().fit(geometry.getExtent(), { padding: [28, 28, 28, 28], maxZoom: 15 });
map.once("rendercomplete", () => performance.mark("map-drawn"));
