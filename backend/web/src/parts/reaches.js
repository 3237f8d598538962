// The reaches that somebody at a desk may see, as tiles, for a map that shows something beside them.
import MVT from "ol/format/MVT.js";
import VectorTileLayer from "ol/layer/VectorTile.js";
import VectorTileSource from "ol/source/VectorTile.js";

/**
 * @param {HTMLElement} place whose `data-most-zoom` says how far tiles go
 * @param {import("ol/style/Style.js").StyleLike} style
 * @param {{ declutter?: boolean, opacity?: number }} [more]
 */
export function reaches(place, style, more) {
  const source = new VectorTileSource({
    format: new MVT(), url: "/console/tiles/{z}/{x}/{y}.mvt", maxZoom: Number(place.dataset.mostZoom), transition: 0,
  });
  return new VectorTileLayer({ source, style, ...more });
}
