// What every page of the console does: partial updates, keys, counters, and forms that forget nothing.
import htmx from "htmx.org";
import { openBeside } from "./parts/beside.js";
import { forgetDrafts, keepDrafts } from "./parts/drafts.js";

// No script or style but ours may run, so htmx makes none.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;

const csrf = document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  /** @type {CustomEvent} */ (event).detail.headers["X-CSRF-Token"] = csrf;
});

// A board that cannot be refreshed says since when it is old; the next look that works clears it.
for (const [name, isBroken] of /** @type {[string, boolean][]} */ ([
  ["htmx:sendError", true],
  ["htmx:responseError", true],
  ["htmx:afterOnLoad", false],
])) {
  document.addEventListener(name, () => {
    for (const note of document.querySelectorAll("[data-when-cut-off]")) note.toggleAttribute("hidden", !isBroken);
  });
}

document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
  if (event.key === "/") {
    const search = /** @type {HTMLInputElement | null} */ (document.querySelector('[data-key="/"]'));
    search?.focus();
    event.preventDefault();
  }
  if (event.key === "j" || event.key === "k") moveRow(event.key === "j" ? 1 : -1);
});

/** The next or the last row's link gets the focus. @param {number} by */
function moveRow(by) {
  const links = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("tbody tr > :first-child a, tbody tr > th a")]);
  const at = links.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
}

keepDrafts();

// After the drafts, for what they bring back is counted, too.
for (const area of /** @type {NodeListOf<HTMLTextAreaElement>} */ (document.querySelectorAll("textarea[data-count]"))) {
  const note = document.createElement("p");
  note.className = "hint";
  area.insertAdjacentElement("afterend", note);
  const most = Number(area.dataset.count);
  const count = () => {
    note.textContent = `${[...area.value].length} / ${most}`;
    note.classList.toggle("late", [...area.value].length > most);
  };
  area.addEventListener("input", count);
  count();
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
/** @type {HTMLElement | null} */ (document.querySelector(".summary"))?.focus();
document.querySelector('form[action="/console/logout"]')?.addEventListener("submit", forgetDrafts);
openBeside();
// On a phone the navigation is a row that scrolls: where one is, is in sight.
document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
