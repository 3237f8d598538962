// The reaches on a map for everybody: their lines a square at a time, once one is near enough to see them.
import { intersects } from "ol/extent.js";
import GeoJSON from "ol/format/GeoJSON.js";
import VectorLayer from "ol/layer/Vector.js";
import { tile } from "ol/loadingstrategy.js";
import VectorSource from "ol/source/Vector.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import { createXYZ } from "ol/tilegrid.js";
import { colours, FONT } from "./colours.js";
import { CHINA, extentOf } from "./ground.js";

/** Metres of a pixel up to which a reach says its name. */
const NAMES = 120;
/** So many steps further away than the squares are wide the lines are seen still. */
const FURTHER = 2;

/** The layer of a place that says in which squares reaches are handed out, and where the edges are. @param {HTMLElement} place */
export function bank(place) {
  const zoom = Number(place.dataset.cells), source = reaches(zoom, extentOf(place.dataset.extent || CHINA));
  return new VectorLayer({ source, style: reachStyle, minZoom: zoom - FURTHER, declutter: true });
}

/** Lines of rivers, a square at a time; outside the edges there are none. @param {number} zoom @param {import("ol/extent.js").Extent} edges */
function reaches(zoom, edges) {
  const grid = createXYZ({ minZoom: zoom, maxZoom: zoom });
  const format = new GeoJSON({ featureProjection: "EPSG:3857" });
  /** @type {VectorSource} */
  const source = new VectorSource({
    strategy: tile(grid),
    loader: async (extent) => {
      if (!intersects(extent, edges)) return [];
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
