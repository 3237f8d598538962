// What a phone does for somebody who reports without an account: where it stands, photos made smaller, and a puzzle
// solved. All of it may be missing; the forms are the same without.
import { solved } from "./parts/puzzle.js";

const LONGEST_PX = 1600;
const QUALITY = 0.82;

const fields = ["lon", "lat"].map((name) => /** @type {HTMLInputElement} */ (document.querySelector(`[name=${name}]`)));
/** The map, once it is open. @type {{ show: (lonlat: [number, number]) => void } | undefined} */
let shown;

locating();
choosing();
for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-puzzled]"))) {
  puzzled(form);
}
for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[type=file]"))) {
  input.addEventListener("change", () => shrunk(input));
}
/** @type {HTMLElement | null} */ (document.querySelector("[role=alert]"))?.focus();

/** A button that asks the phone for its place, where there is one to ask. */
function locating() {
  const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-locate]"));
  if (!place || !navigator.geolocation || !window.isSecureContext) return;
  const said = /** @type {HTMLElement} */ (place.querySelector("[role=status]"));
  place.hidden = false;
  place.querySelector("button")?.addEventListener("click", () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        put(coords.longitude, coords.latitude);
        shown?.show([coords.longitude, coords.latitude]);
        said.textContent = said.dataset.found ?? "";
      },
      () => (said.textContent = said.dataset.failed ?? ""),
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 30000 },
    ),
  );
}

/** @param {number} lon @param {number} lat */
function put(lon, lat) {
  [lon, lat].forEach((value, index) => (fields[index].value = value.toFixed(6)));
}

/** A button that opens a map, which is fetched only then: most phones know where they are. */
function choosing() {
  const opener = /** @type {HTMLElement | null} */ (document.querySelector("[data-choose]"));
  const place = document.getElementById("place-map");
  const said = document.getElementById("place-said");
  const button = opener?.querySelector("button");
  if (!opener || !place || !said || !button) return;
  opener.hidden = false;
  button.addEventListener("click", async () => {
    place.hidden = !place.hidden;
    said.hidden = place.hidden;
    button.setAttribute("aria-expanded", String(!place.hidden));
    if (place.hidden || shown) return;
    button.disabled = true;
    try {
      const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: place.dataset.style });
      document.head.append(style);
      const { choose } = await import("./choose.js");
      const [lon, lat] = fields.map((field) => field.value);
      shown = choose(place, lon && lat ? [Number(lon), Number(lat)] : null, (...lonlat) => {
        put(...lonlat);
        said.textContent = said.dataset.chosen ?? "";
      });
      said.textContent = said.dataset.how ?? "";
    } catch {
      place.hidden = true;
      said.textContent = said.dataset.failed ?? "";
    }
    button.disabled = false;
  });
}

/**
 * Solves the form's puzzle when it is sent, with a fresh one where it is too old.
 * @param {HTMLFormElement} form
 */
function puzzled(form) {
  const puzzle = /** @type {HTMLInputElement} */ (form.elements.namedItem("puzzle"));
  const answer = /** @type {HTMLInputElement} */ (form.elements.namedItem("answer"));
  const button = form.querySelector("button");
  const said = /** @type {HTMLElement | null} */ (form.querySelector("[role=status]"));
  form.addEventListener("submit", async (event) => {
    if (answer.value || !button) return;
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    if (said) said.textContent = said.dataset.busy ?? "";
    try {
      if (isOld(puzzle.value)) puzzle.value = (await (await fetch("/report/puzzle")).json()).puzzle;
      answer.value = await solved(puzzle.value);
    } catch {
      // Without signal there is nothing to solve: it goes as it would without scripts.
    }
    button.disabled = false;
    form.submit();
  });
  // Who comes back by the browser's button finds a form that can be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) answer.value = "";
  });
}

/**
 * Whether a puzzle has less than a minute to go.
 * @param {string} puzzle
 */
function isOld(puzzle) {
  return Number(puzzle.split(".")[2]) * 1000 < Date.now() + 60000;
}

/**
 * Photos as large as a screen shows them, and without what the camera wrote into them; what cannot be made smaller
 * stays as it is.
 * @param {HTMLInputElement} input
 */
async function shrunk(input) {
  const kept = new DataTransfer();
  for (const file of [...(input.files ?? [])].slice(0, Number(input.dataset.most))) {
    kept.items.add(await smaller(file).catch(() => file));
  }
  input.files = kept.files;
}

/**
 * @param {File} file
 * @returns {Promise<File>}
 */
async function smaller(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const share = Math.min(1, LONGEST_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * share);
  canvas.height = Math.round(bitmap.height * share);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
}
