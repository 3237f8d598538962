// One map: reaches, hazards and gauges from our own tiles; a click opens what is there and never loses the place.
import { fromLonLat, toLonLat } from "ol/proj.js";
import MVT from "ol/format/MVT.js";
import VectorTileLayer from "ol/layer/VectorTile.js";
import VectorTileSource from "ol/source/VectorTile.js";
import { extentOf, ground } from "./parts/ground.js";
import { pointStyle, reachStyle } from "./parts/styles.js";

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const place = at("map"), bar = /** @type {HTMLFormElement} */ (at("map-bar"));
const panel = at("map-panel"), told = at("map-told");
const asked = new URLSearchParams(location.search);
const shown = { by: asked.get("by") ?? "risk", region: asked.get("region") ?? "", chosen: asked.get("segment") ?? "" };

const source = new VectorTileSource({
  format: new MVT(), url: "/console/tiles/{z}/{x}/{y}.mvt", maxZoom: Number(place.dataset.mostZoom), transition: 0,
});
const lines = new VectorTileLayer({ source, style: reachStyle(() => shown), declutter: true });
const points = new VectorTileLayer({ source, style: pointStyle(() => shown) });
const map = ground(place);
map.addLayer(lines);
map.addLayer(points);
source.on("tileloaderror", () => at("map-failed").toggleAttribute("hidden", false));
source.on("tileloadend", () => at("map-failed").toggleAttribute("hidden", true));

begin();
legend();
map.on("moveend", remember);
map.on("pointermove", (event) => {
  if (!event.dragging) place.classList.toggle("is-over", map.hasFeatureAtPixel(event.pixel, { hitTolerance: 5 }));
});
map.on("singleclick", (event) => {
  const found = map.getFeaturesAtPixel(event.pixel, { hitTolerance: 6 });
  const rank = ["hazards", "gauges", "segments"];
  found.sort((one, other) => rank.indexOf(one.get("layer")) - rank.indexOf(other.get("layer")));
  const first = found[0];
  if (!first) return close();
  if (first.get("layer") === "hazards") return void tell(`/console/map/hazard?id=${encodeURIComponent(first.get("id"))}`);
  if (first.get("layer") === "gauges") return void tell(`/console/map/gauge?code=${encodeURIComponent(first.get("code"))}`);
  choose(first.get("code"));
});

bar.addEventListener("submit", (event) => event.preventDefault());
bar.addEventListener("change", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.name !== "by" && field.name !== "region") return;
  shown[/** @type {"by" | "region"} */ (field.name)] = field.value;
  legend();
  repaint();
  remember();
});

/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
const search = /** @type {HTMLInputElement} */ (at("map-q"));
search.addEventListener("input", () => {
  clearTimeout(waiting);
  const words = search.value.trim();
  if (words) waiting = setTimeout(() => tell(`/console/map/search?q=${encodeURIComponent(words)}`), 250);
});
told.addEventListener("click", (event) => {
  const link = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("a[data-box]"));
  if (!link) return;
  event.preventDefault();
  moveTo(link.dataset.box ?? "");
  choose(link.dataset.code ?? "");
});
at("map-close").addEventListener("click", close);
place.addEventListener("keydown", (event) => event.key === "Escape" && close());

/** Where the address says, at the reach that is open, or around all that one answers for. */
function begin() {
  const [zoom, lat, lon] = (asked.get("at") ?? "").split("/").map(Number);
  const view = map.getView();
  if (zoom && Number.isFinite(lat) && Number.isFinite(lon)) {
    view.setCenter(fromLonLat([lon, lat]));
    view.setZoom(zoom);
  } else view.fit(extentOf(place.dataset.bounds ?? ""), { padding: [24, 24, 24, 24], maxZoom: 15 });
  if (shown.chosen) void tell(`/console/map/segment?code=${encodeURIComponent(shown.chosen)}`).then(() => {
    const open = /** @type {HTMLElement | null} */ (told.querySelector("section[data-box]"));
    if (open && !zoom) moveTo(open.dataset.box ?? "");
  });
}

/** The place, the colour, the region and the reach stand in the address, so that it can be sent to a colleague. */
function remember() {
  const view = map.getView(), centre = view.getCenter();
  if (!centre) return;
  const [lon, lat] = toLonLat(centre);
  const kept = new URLSearchParams({ at: `${(view.getZoom() ?? 0).toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`, by: shown.by });
  if (shown.region) kept.set("region", shown.region);
  if (shown.chosen) kept.set("segment", shown.chosen);
  history.replaceState(null, "", `?${kept.toString().replaceAll("%2F", "/")}`);
}

function legend() {
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-legend]"))) {
    part.hidden = part.dataset.legend !== shown.by;
  }
}

function repaint() {
  lines.changed();
  points.changed();
}

/** @param {string} code */
function choose(code) {
  shown.chosen = code;
  repaint();
  remember();
  void tell(`/console/map/segment?code=${encodeURIComponent(code)}`);
}

function close() {
  shown.chosen = "";
  panel.hidden = true;
  repaint();
  remember();
}

/** @param {string} box */
function moveTo(box) {
  map.getView().fit(extentOf(box), { padding: [80, 400, 80, 80], maxZoom: 15, duration: 200 });
}

/** What the house says about a place; whoever is no longer signed in goes to sign in. @param {string} address */
async function tell(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.assign(answer.url);
    const body = await answer.text();
    told.innerHTML = answer.ok ? body : `<p>${place.dataset.failed}</p>`;
  } catch {
    told.innerHTML = `<p>${place.dataset.failed}</p>`;
  }
  panel.hidden = false;
}
