// Choosing a place on a map, for somebody who reports without standing there: a tap, or the middle of the map by
// keyboard. What was chosen stands in the form's own fields; without this script a name is typed.
import Feature from "ol/Feature.js";
import GeoJSON from "ol/format/GeoJSON.js";
import Point from "ol/geom/Point.js";
import VectorLayer from "ol/layer/Vector.js";
import { tile } from "ol/loadingstrategy.js";
import { fromLonLat, toLonLat } from "ol/proj.js";
import VectorSource from "ol/source/Vector.js";
import Circle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import { createXYZ } from "ol/tilegrid.js";
import { colours, FONT } from "./parts/colours.js";
import { CHINA, extentOf, ground } from "./parts/ground.js";

/** Metres of a pixel up to which a reach says its name. */
const NAMES = 120;
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
  const zoom = Number(place.dataset.cells);
  map.addLayer(new VectorLayer({ source: reaches(zoom), style: reachStyle, minZoom: zoom - 2, declutter: true }));
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

/** Lines of rivers, a square at a time. @param {number} zoom */
function reaches(zoom) {
  const grid = createXYZ({ minZoom: zoom, maxZoom: zoom });
  const format = new GeoJSON({ featureProjection: "EPSG:3857" });
  /** @type {VectorSource} */
  const source = new VectorSource({
    strategy: tile(grid),
    loader: async (extent) => {
      const [, x, y] = grid.getTileCoordForCoordAndZ([(extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2], zoom);
      try {
        const features = format.readFeatures(await (await fetch(`/map/reaches/${x}/${y}.json`)).json());
        source.addFeatures(features);
        return features;
      } catch {
        // Without signal there is no line here; a place can be chosen all the same.
        source.removeLoadedExtent(extent);
        return [];
      }
    },
  });
  return source;
}

/** @type {import("ol/style/Style.js").StyleFunction} */
function reachStyle(feature, resolution) {
  const line = new Style({ stroke: new Stroke({ color: colours.river, width: resolution < NAMES / 4 ? 4 : 2 }) });
  if (resolution > NAMES) return line;
  line.setText(
    new Text({
      text: feature.get("river"), placement: "line", font: `14px ${FONT}`, fill: new Fill({ color: colours.ink }),
      stroke: new Stroke({ color: colours.sheet, width: 3 }),
    }),
  );
  return line;
}
