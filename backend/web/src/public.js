// The map for everybody: open and fixed cases, and under it what one of them is.
import GeoJSON from "ol/format/GeoJSON.js";
import VectorLayer from "ol/layer/Vector.js";
import { isEmpty } from "ol/extent.js";
import VectorSource from "ol/source/Vector.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import { colours, FONT } from "./parts/colours.js";
import { bank } from "./parts/bank.js";
import { CHINA, extentOf, ground } from "./parts/ground.js";

const place = /** @type {HTMLElement} */ (document.getElementById("public-map"));
const legend = /** @type {HTMLElement} */ (document.getElementById("public-legend"));
const said = /** @type {HTMLElement} */ (document.getElementById("public-said"));

place.hidden = legend.hidden = false;
const map = ground(place);
map.addLayer(bank(place));
map.getView().fit(extentOf(place.dataset.extent || CHINA), { padding: [16, 16, 16, 16] });
fetch(place.dataset.cases ?? "").then((answer) => answer.json()).then(shown, () => undefined);

/** @param {unknown} cases */
function shown(cases) {
  const features = new GeoJSON({ featureProjection: "EPSG:3857" }).readFeatures(cases);
  const source = new VectorSource({ features });
  const signs = new VectorLayer({ source, style: (feature) => signOf(feature.get("is_open")), declutter: false, zIndex: 2 });
  map.addLayer(signs);
  const extent = source.getExtent();
  if (extent && !isEmpty(extent)) map.getView().fit(extent, { padding: [40, 40, 40, 40], maxZoom: 14 });
  map.on("click", (event) => {
    const found = map.getFeaturesAtPixel(event.pixel, { hitTolerance: 12, layerFilter: (layer) => layer === signs })[0];
    said.hidden = !found;
    if (found) said.textContent = ["kind", "stage", "reach", "on"].map((name) => found.get(name)).join(" · ");
  });
}

/** @param {boolean} isOpen */
function signOf(isOpen) {
  return new Style({
    text: new Text({
      text: isOpen ? "◆" : "●",
      font: `20px ${FONT}`,
      fill: new Fill({ color: isOpen ? colours.orange : colours.ok }),
      stroke: new Stroke({ color: colours.ink, width: 2 }),
    }),
  });
}
