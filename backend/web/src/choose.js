// Choosing a place on a map, for somebody who reports without standing there: a tap, or the middle of the map by
// keyboard. What was chosen stands in the form's own fields; without this script a name is typed.
import Feature from "ol/Feature.js";
import Point from "ol/geom/Point.js";
import VectorLayer from "ol/layer/Vector.js";
import { fromLonLat, toLonLat } from "ol/proj.js";
import VectorSource from "ol/source/Vector.js";
import Circle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import { bank } from "./parts/bank.js";
import { colours } from "./parts/colours.js";
import { CHINA, extentOf, ground } from "./parts/ground.js";

const pin = new Style({
  image: new Circle({
    radius: 9, fill: new Fill({ color: colours.late }), stroke: new Stroke({ color: colours.sheet, width: 3 }),
  }),
});

/**
 * Shows the map in its place, where `here` is if that is known; says what was chosen.
 * @param {HTMLElement} place
 * @param {[number, number] | null} here longitude and latitude
 * @param {(lon: number, lat: number) => void} chosen
 */
export function choose(place, here, chosen) {
  const map = ground(place);
  map.addLayer(bank(place));
  const point = new Feature();
  point.setStyle(pin);
  map.addLayer(new VectorLayer({ source: new VectorSource({ features: [point] }), zIndex: 2 }));
  map.getView().fit(extentOf(place.dataset.extent || CHINA), { padding: [16, 16, 16, 16], maxZoom: 14 });

  /** @param {import("ol/coordinate.js").Coordinate} at */
  const set = (at) => {
    point.setGeometry(new Point(at));
    const [lon, lat] = toLonLat(at);
    chosen(lon, lat);
  };
  map.on("click", (event) => set(event.coordinate));
  place.addEventListener("keydown", (event) => {
    const middle = map.getView().getCenter();
    if (event.key !== "Enter" || !middle) return;
    event.preventDefault();
    set(middle);
  });

  /** @param {[number, number]} lonlat */
  const show = (lonlat) => {
    const at = fromLonLat(lonlat);
    point.setGeometry(new Point(at));
    map.getView().setCenter(at);
    map.getView().setZoom(15);
  };
  if (here) show(here);
  return { show };
}
