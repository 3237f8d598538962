// One map: what is there now or was in the last seven days; a click opens what is there and never loses the place.
import { fromLonLat, toLonLat } from "ol/proj.js";
import { extentOf, ground } from "./parts/ground.js";
import { dressed } from "./parts/layers.js";
import { panelOf } from "./parts/panel.js";
import { sliderOf } from "./parts/slider.js";

/** @typedef {import("./parts/styles.js").Shown} Shown */

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const place = at("map"), bar = /** @type {HTMLFormElement} */ (at("map-bar"));
const asked = new URLSearchParams(location.search);
const KINDS = ["segment", "hazard", "gauge", "warning", "walk"];
const kind = KINDS.find((each) => asked.get(each)) ?? "";
/** @type {Shown} */
const shown = {
  by: asked.get("by") ?? "risk", region: asked.get("region") ?? "", river: asked.get("river") ?? "",
  time: place.dataset.time ?? "", off: new Set((asked.get("off") ?? "").split(",").filter(Boolean)),
  kind, chosen: asked.get(kind) ?? "",
};

const map = ground(place);
const layers = dressed(map, place, () => shown, (isBroken) => at("map-failed").toggleAttribute("hidden", !isBroken));
const panel = panelOf({ choose, close });
const slider = sliderOf(place, shown.time, (time) => {
  shown.time = time;
  panel.isOfPast(time !== "");
  layers.reload();
  remember();
});

begin();
legend();
map.on("loadstart", () => at("map-loading").toggleAttribute("hidden", false));
map.on("loadend", () => at("map-loading").toggleAttribute("hidden", true));
map.once("rendercomplete", () => performance.mark("map-drawn"));
map.on("moveend", remember);
map.on("pointermove", (event) => {
  if (!event.dragging) place.classList.toggle("is-over", map.hasFeatureAtPixel(event.pixel, { hitTolerance: 5 }));
});
map.on("singleclick", (event) => {
  const [first, ...others] = layers.under(event.pixel);
  if (!first) return close();
  choose(first.kind, first.id, others);
});

bar.addEventListener("submit", (event) => event.submitter === null && event.preventDefault());
bar.addEventListener("change", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.name === "by") shown.by = field.value;
  else if (field.name === "region") shown.region = field.value;
  else return;
  legend();
  if (field.name === "region") layers.reload();
  else layers.repaint();
  remember();
});
for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[data-layer]"))) {
  box.addEventListener("change", () => {
    shown.off[box.checked ? "delete" : "add"](box.dataset.layer ?? "");
    layers.repaint();
    remember();
  });
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
const search = /** @type {HTMLInputElement} */ (at("map-q"));
const look = () => search.value.trim() && panel.tell(`/console/map/search?q=${encodeURIComponent(search.value.trim())}`);
search.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 250);
});
search.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  clearTimeout(waiting);
  void look();
});
at("map-told").addEventListener("click", (event) => {
  const link = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("a[data-box], a[data-river]"));
  if (!link) return;
  event.preventDefault();
  if (link.dataset.river) return ofRiver(link.dataset.river);
  moveTo(link.dataset.box ?? "");
  choose("segment", link.dataset.code ?? "", []);
});
place.addEventListener("keydown", (event) => event.key === "Escape" && close());

/** Where the address says, at the reach that is open, or around all that is asked for. */
function begin() {
  const [zoom, lat, lon] = (asked.get("at") ?? "").split("/").map(Number);
  const view = map.getView();
  if (zoom && Number.isFinite(lat) && Number.isFinite(lon)) {
    view.setCenter(fromLonLat([lon, lat]));
    view.setZoom(zoom);
  } else view.fit(extentOf(place.dataset.bounds ?? ""), { padding: [24, 24, 72, 24], maxZoom: 15 });
  panel.isOfPast(shown.time !== "");
  if (!shown.chosen) return;
  void panel.tell(address(shown.kind, shown.chosen)).then((box) => {
    if (box && !zoom) moveTo(box);
  });
}

/** Everything that is chosen stands in the address, so that it can be sent to a colleague. */
function asAddress() {
  const kept = new URLSearchParams({ by: shown.by });
  for (const name of /** @type {const} */ (["region", "river", "time"])) if (shown[name]) kept.set(name, shown[name]);
  if (shown.off.size) kept.set("off", [...shown.off].join(","));
  return kept;
}

function remember() {
  const view = map.getView(), centre = view.getCenter();
  if (!centre) return;
  const [lon, lat] = toLonLat(centre);
  const kept = asAddress();
  kept.set("at", `${(view.getZoom() ?? 0).toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`);
  if (shown.chosen) kept.set(shown.kind, shown.chosen);
  history.replaceState(null, "", `?${kept.toString().replaceAll("%2F", "/").replaceAll("%3A", ":")}`);
}

/** The map of one river, around it: the house knows where it lies. @param {string} code */
function ofRiver(code) {
  const kept = asAddress();
  kept.set("river", code);
  location.assign(`/console/map?${kept}`);
}

function legend() {
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-legend]"))) {
    part.hidden = part.dataset.legend !== shown.by;
  }
}

/** @param {string} of @param {string} id */
function address(of, id) {
  return `/console/map/${of}?id=${encodeURIComponent(id)}`;
}

/** @param {string} of @param {string} id @param {import("./parts/layers.js").Under[]} others */
function choose(of, id, others) {
  shown.kind = of;
  shown.chosen = id;
  layers.repaint();
  remember();
  void panel.tell(address(of, id), others);
}

function close() {
  shown.kind = shown.chosen = "";
  panel.hide();
  layers.repaint();
  remember();
}

/** @param {string} box */
function moveTo(box) {
  const isWide = innerWidth > 860;
  const padding = isWide ? [80, 400, 120, 80] : [40, 40, innerHeight / 2, 40];
  map.getView().fit(extentOf(box), { padding, maxZoom: 15, duration: 200 });
}

if (innerWidth <= 860) at("map-legend").removeAttribute("open");
slider.show();
