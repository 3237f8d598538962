// Drawing reaches: a new line, the corners of one that is there, or the place of a cut. What is drawn stands in the
// form's own fields as longitudes and latitudes, so that the form is the same for whoever types them.
import Feature from "ol/Feature.js";
import LineString from "ol/geom/LineString.js";
import Point from "ol/geom/Point.js";
import Draw from "ol/interaction/Draw.js";
import Modify from "ol/interaction/Modify.js";
import Snap from "ol/interaction/Snap.js";
import VectorLayer from "ol/layer/Vector.js";
import { fromLonLat, toLonLat } from "ol/proj.js";
import VectorSource from "ol/source/Vector.js";
import { getLength } from "ol/sphere.js";
import Circle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import { colours } from "./parts/colours.js";
import { CHINA, extentOf, ground } from "./parts/ground.js";
import { reaches } from "./parts/reaches.js";
import { reachStyle } from "./parts/styles.js";

/** What may stand between two numbers, as the house reads them (`lines.py`). */
const BETWEEN = /[\s,;，；、()（）[\]]+/;
const place = /** @type {HTMLElement} */ (document.getElementById("reach-map"));
const field = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("f-line"));
const tools = /** @type {HTMLElement | null} */ (document.querySelector("[data-drawing]"));
const told = /** @type {HTMLElement | null} */ (document.querySelector("[data-length]"));
const datum = /** @type {HTMLSelectElement | null} */ (document.getElementById("f-crs"));
const map = ground(place);

const shown = { by: "risk", region: "", river: "", time: "", off: new Set(), kind: "", chosen: "" };
map.addLayer(reaches(place, reachStyle(() => shown), { declutter: true, opacity: 0.45 }));

const corner = new Circle({ radius: 5, fill: new Fill({ color: colours.sheet }), stroke: new Stroke({ color: colours.river, width: 2 }) });
const line = new Style({ stroke: new Stroke({ color: colours.river, width: 4 }), zIndex: 2 });
const source = new VectorSource();
map.addLayer(new VectorLayer({ source, style: line }));
const before = place.dataset.line && place.dataset.line !== "null" ? JSON.parse(place.dataset.line) : null;

if (place.dataset.does === "split") split();
else draw();
look();

/** Draw a line, move its corners, take the last one back; the text of the form follows, and leads when it is typed. */
function draw() {
  const drawing = new Draw({ source, type: "LineString", style: [line, new Style({ image: corner })] });
  const modify = new Modify({ source, style: new Style({ image: corner }) });
  map.addInteraction(modify);
  map.addInteraction(drawing);
  map.addInteraction(new Snap({ source }));
  drawing.on("drawstart", () => source.clear());
  drawing.on("drawend", (event) => {
    drawing.setActive(false);
    say(/** @type {LineString} */ (event.feature.getGeometry()));
  });
  modify.on("modifyend", (event) => say(/** @type {LineString} */ (event.features.item(0).getGeometry())));
  read();
  drawing.setActive(source.getFeatures().length === 0);
  field?.addEventListener("change", () => {
    read();
    drawing.setActive(source.getFeatures().length === 0);
    look();
  });
  tools?.toggleAttribute("hidden", false);
  tools?.querySelector("[data-undo]")?.addEventListener("click", () => drawing.removeLastPoint());
  tools?.querySelector("[data-anew]")?.addEventListener("click", () => {
    source.clear();
    drawing.setActive(true);
    measure(null);
  });
  tools?.querySelector("[data-back]")?.addEventListener("click", () => {
    source.clear();
    add(before.coordinates);
    say(/** @type {LineString} */ (source.getFeatures()[0].getGeometry()));
    drawing.setActive(false);
    look();
  });
}

/** A click near the line says where it is cut. */
function split() {
  add(before.coordinates);
  const knife = new Style({
    image: new Circle({ radius: 8, fill: new Fill({ color: colours.late }), stroke: new Stroke({ color: colours.sheet, width: 3 }) }),
    zIndex: 3,
  });
  const at = (place.dataset.at ?? "").split(",").map(Number);
  const mark = new Feature();
  mark.setStyle(knife);
  if (at.length === 2) mark.setGeometry(new Point(fromLonLat(at)));
  const marks = new VectorSource({ features: [mark] });
  map.addLayer(new VectorLayer({ source: marks }));
  map.on("singleclick", (event) => {
    const nearest = /** @type {LineString} */ (source.getFeatures()[0].getGeometry()).getClosestPoint(event.coordinate);
    mark.setGeometry(new Point(nearest));
    put("f-place", toLonLat(nearest).map((edge) => edge.toFixed(6)).join(","));
    put("f-at_m", "");
    if (datum) datum.value = "WGS84";
    /** @type {HTMLFormElement | null} */ (document.getElementById("where"))?.requestSubmit();
  });
}

/** @param {string} id @param {string} value */
function put(id, value) {
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById(id));
  if (input) input.value = value;
}

/** @param {number[][]} corners */
function add(corners) {
  source.addFeature(new Feature(new LineString(corners.map((each) => fromLonLat(each)))));
}

/** What the form says, on the map; only degrees of WGS 84 can be shown. */
function read() {
  source.clear();
  const text = field?.value ?? "";
  const numbers = text.includes("{") ? inside(text) : text.split(BETWEEN).filter(Boolean).map(Number);
  if (numbers.length < 4 || numbers.length % 2 || numbers.some(Number.isNaN) || (datum && datum.value !== "WGS84")) return measure(null);
  add(numbers.filter((_, index) => index % 2 === 0).map((lon, index) => [lon, numbers[2 * index + 1]]));
  measure(/** @type {LineString} */ (source.getFeatures()[0].getGeometry()));
}

/** The numbers of a pasted GeoJSON line. @param {string} text @returns {number[]} */
function inside(text) {
  try {
    let tree = JSON.parse(text);
    if (tree.type === "FeatureCollection") tree = tree.features[0];
    if (tree.type === "Feature") tree = tree.geometry;
    return tree.coordinates.flatMap((/** @type {number[]} */ each) => each.slice(0, 2));
  } catch {
    return [];
  }
}

/** What was drawn, in the form. @param {LineString} drawn */
function say(drawn) {
  if (field) field.value = drawn.getCoordinates().map((each) => toLonLat(each).map((edge) => edge.toFixed(6)).join(",")).join("\n");
  if (datum) datum.value = "WGS84";
  measure(drawn);
}

/** @param {LineString | null} drawn */
function measure(drawn) {
  if (told) told.textContent = drawn ? (told.dataset.length ?? "").replace("#", Math.round(getLength(drawn)).toLocaleString()) : "";
}

/** At what is drawn, or else at the place. */
function look() {
  const drawn = source.getExtent();
  const view = map.getView();
  if (source.getFeatures().length && drawn) return view.fit(drawn, { padding: [40, 40, 60, 40], maxZoom: 17 });
  if (place.dataset.bounds) return view.fit(extentOf(place.dataset.bounds), { padding: [24, 24, 48, 24], maxZoom: 15 });
  view.fit(extentOf(CHINA));
}
