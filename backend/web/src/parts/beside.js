// A list whose rows open beside it: a click shows the thing in a panel, Enter opens it whole, Escape closes the panel.

const list = /** @type {HTMLElement | null} */ (document.querySelector("[data-beside-list]"));
const panel = /** @type {HTMLElement | null} */ (document.querySelector("[data-beside-panel]"));
const told = /** @type {HTMLElement | null} */ (document.querySelector("[data-beside-told]"));
/** @type {HTMLElement | null} */
let opened = null;
let asked = 0;

/** Rows of this page open beside it. */
export function openBeside() {
  if (!list || !panel) return;
  list.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    // Enter on a link is a click without a pointer: that opens the page itself.
    if (!isPlain || event.detail === 0) return;
    const other = target.closest("a, button, input, label");
    const link = /** @type {HTMLElement | null} */ (target.closest("tr")?.querySelector("a[data-beside]") ?? null);
    if (!link || (other && other !== link)) return;
    event.preventDefault();
    void show(link);
  });
  panel.querySelector("[data-beside-close]")?.addEventListener("click", close);
  document.addEventListener("keydown", (event) => event.key === "Escape" && !panel.hidden && close());
  list.addEventListener("focusin", (event) => {
    const link = /** @type {HTMLElement} */ (event.target);
    if (!panel.hidden && link.matches("a[data-beside]") && link !== opened) void show(link);
  });
}

/** @param {HTMLElement} link */
async function show(link) {
  if (!panel || !told || !list) return;
  const mine = ++asked;
  opened?.closest("tr")?.classList.remove("is-open-row");
  opened = link;
  link.closest("tr")?.classList.add("is-open-row");
  link.focus({ preventScroll: true });
  list.classList.add("is-open");
  panel.hidden = false;
  const waiting = setTimeout(() => told.replaceChildren(skeleton()), 300);
  try {
    const answer = await fetch(link.dataset.beside ?? "", { headers: { "HX-Request": "true" } });
    const whole = answer.headers.get("HX-Redirect");
    if (whole || answer.redirected) return location.assign(whole ?? answer.url);
    if (!answer.ok) throw new Error(String(answer.status));
    const body = await answer.text();
    if (mine === asked) told.innerHTML = body;
  } catch {
    if (mine === asked) told.textContent = told.dataset.failed ?? "";
  } finally {
    clearTimeout(waiting);
  }
}

function skeleton() {
  const bars = document.createElement("div");
  for (let count = 0; count < 4; count += 1) {
    const bar = document.createElement("p");
    bar.className = "skeleton";
    bars.append(bar);
  }
  return bars;
}

function close() {
  asked += 1;
  opened?.closest("tr")?.classList.remove("is-open-row");
  list?.classList.remove("is-open");
  panel?.toggleAttribute("hidden", true);
  opened?.focus();
  opened = null;
}
