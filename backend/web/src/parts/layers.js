// What lies on the map: areas of warnings, stretches walked, reaches, tracks, hazards and gauges, the lowest first.
import GeoJSON from "ol/format/GeoJSON.js";
import MVT from "ol/format/MVT.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorTileLayer from "ol/layer/VectorTile.js";
import VectorSource from "ol/source/Vector.js";
import VectorTileSource from "ol/source/VectorTile.js";
import { pointStyle, reachStyle } from "./styles.js";
import { warningStyle, walkStyle } from "./overlays.js";

/** @typedef {{ kind: string, id: string, label: string }} Under What lies under a pointer. */
/** @typedef {import("./styles.js").Shown} Shown */

/** Which kind of thing a layer of a tile holds, and by what it is known; those that are chosen first come first.
 * @type {Record<string, [string, string, string]>} */
const KINDS = {
  hazards: ["hazard", "id", "hazards"], gauges: ["gauge", "code", "gauges"], tracks: ["walk", "id", "walks"],
  segments: ["segment", "code", "segments"], walked: ["walk", "id", "walks"], warnings: ["warning", "id", "warnings"],
};
const RANK = Object.keys(KINDS);
/** Walks are drawn from this zoom of a tile on, which is one more for whoever looks. */
const WALKS_ZOOM = 12;

/** @param {import("ol/Map.js").default} map @param {HTMLElement} place @param {() => Shown} shown @param {(isBroken: boolean) => void} failed */
export function dressed(map, place, shown, failed) {
  const may = new Set((place.dataset.layers ?? "").split(" "));
  const mostZoom = Number(place.dataset.mostZoom);
  const query = () => {
    const { region, river, time } = shown();
    const asked = new URLSearchParams(Object.entries({ region, river, time }).filter(([, value]) => value));
    return asked.size ? `?${asked}` : "";
  };
  const url = () => `/console/tiles/{z}/{x}/{y}.mvt${query()}`;
  const walksUrl = () => `/console/tiles/walks/{z}/{x}/{y}.mvt${query()}`;

  const source = new VectorTileSource({ format: new MVT(), url: url(), maxZoom: mostZoom, transition: 0 });
  const walks = new VectorTileSource({ format: new MVT(), url: walksUrl(), minZoom: WALKS_ZOOM, maxZoom: mostZoom, transition: 0 });
  const areas = new VectorSource();
  const lines = new VectorTileLayer({ source, style: reachStyle(shown), declutter: true, renderBuffer: 32 });
  const points = new VectorTileLayer({ source, style: pointStyle(shown), renderBuffer: 32 });
  const walked = new VectorTileLayer({ source: walks, style: walkStyle(shown), minZoom: WALKS_ZOOM, renderBuffer: 32 });
  const warned = new VectorLayer({ source: areas, style: warningStyle(shown) });
  for (const each of may.has("warnings") ? [warned] : []) map.addLayer(each);
  for (const each of [lines, ...(may.has("walks") ? [walked] : []), points]) map.addLayer(each);
  for (const each of [source, walks]) {
    each.on("tileloaderror", () => failed(true));
    each.on("tileloadend", () => failed(false));
  }
  map.getView().on("change:resolution", near);

  function near() {
    document.getElementById("map-walks-far")?.toggleAttribute("hidden", (map.getView().getZoom() ?? 0) > WALKS_ZOOM);
  }

  async function warn() {
    if (!may.has("warnings")) return;
    const { time } = shown();
    try {
      const answer = await fetch(`/console/map/warnings${time ? `?time=${encodeURIComponent(time)}` : ""}`);
      if (!answer.ok) return failed(true);
      const features = new GeoJSON().readFeatures(await answer.json(), { featureProjection: "EPSG:3857" });
      for (const each of features) each.set("layer", "warnings");
      if (time !== shown().time) return; // another moment was chosen meanwhile
      areas.clear(true);
      areas.addFeatures(features);
    } catch {
      failed(true);
    }
  }

  function repaint() {
    const { off } = shown();
    warned.setVisible(!off.has("warnings"));
    walked.setVisible(!off.has("walks"));
    for (const each of [lines, points, walked, warned]) each.changed();
  }

  near();
  repaint();
  void warn();
  return {
    repaint,
    /** Another moment, region or river is asked for; the place stays. */
    reload() {
      source.setUrl(url());
      walks.setUrl(walksUrl());
      repaint();
      void warn();
    },
    /** What lies at a pixel, what is smallest first, each thing once. @param {number[]} pixel @returns {Under[]} */
    under(pixel) {
      const found = map.getFeaturesAtPixel(pixel, { hitTolerance: 6 });
      found.sort((one, other) => RANK.indexOf(one.get("layer")) - RANK.indexOf(other.get("layer")));
      /** @type {Map<string, Under>} */
      const things = new Map();
      for (const each of found) {
        const [kind, key, word] = KINDS[each.get("layer")] ?? [];
        if (!kind) continue;
        const id = String(each.get(key)), name = each.get("label") ?? each.get("name") ?? "";
        const said = place.getAttribute(`data-word-${word}`) ?? "";
        if (!things.has(kind + id)) things.set(kind + id, { kind, id, label: name ? `${said}：${name}` : said });
      }
      return [...things.values()].slice(0, 8);
    },
  };
}
