// A map without anything on it: paper, or the pictures that the office has set; its scale bar; where it begins.
import OlMap from "ol/Map.js";
import View from "ol/View.js";
import ScaleLine from "ol/control/ScaleLine.js";
import Zoom from "ol/control/Zoom.js";
import TileLayer from "ol/layer/Tile.js";
import { transformExtent } from "ol/proj.js";
import XYZ from "ol/source/XYZ.js";
import "ol/ol.css";

/** Where a map begins on which nothing is known yet. */
export const CHINA = "73.5,18.1,134.8,53.6";

/** @param {string} text `west,south,east,north` in degrees */
export const extentOf = (text) => transformExtent(text.split(",").map(Number), "EPSG:4326", "EPSG:3857");

/** @param {HTMLElement} place */
export function ground(place) {
  const { basemap, zoomIn = "+", zoomOut = "−", attribution } = place.dataset;
  const pictures = (basemap ?? "").split(" ").filter(Boolean);
  return new OlMap({
    target: place,
    controls: [new ScaleLine({ units: "metric" }), new Zoom({ zoomInTipLabel: zoomIn, zoomOutTipLabel: zoomOut })],
    layers: pictures.map((url) => new TileLayer({ source: new XYZ({ url, attributions: attribution }), opacity: 0.6 })),
    view: new View({ maxZoom: 18, minZoom: 3, enableRotation: false }),
  });
}
