// The list of hazards: choose rows with x or all of them at once, and see how many are chosen.

const boxes = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll('.pick input[type="checkbox"]')]);
const told = /** @type {HTMLElement | null} */ (document.querySelector("[data-picked]"));
const head = /** @type {HTMLElement | null} */ (document.querySelector("[data-pick-all]"));
/** @type {HTMLInputElement | null} */
let every = null;

if (head && boxes.length) {
  every = document.createElement("input");
  every.type = "checkbox";
  every.setAttribute("aria-label", head.dataset.pickAll ?? "");
  every.addEventListener("change", () => {
    for (const box of boxes) box.checked = every?.checked ?? false;
    count();
  });
  head.prepend(every);
}

for (const box of boxes) box.addEventListener("change", count);

document.addEventListener("keydown", (event) => {
  if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = document.activeElement?.closest("tbody tr");
  const box = /** @type {HTMLInputElement | null} */ (row?.querySelector('.pick input[type="checkbox"]') ?? null);
  if (!box || document.activeElement === box) return;
  box.checked = !box.checked;
  count();
});

function count() {
  const chosen = boxes.filter((box) => box.checked).length;
  document.querySelector(".bulk")?.classList.toggle("sticks", chosen > 0);
  if (told) told.textContent = chosen ? (told.dataset.picked ?? "").replace("#", String(chosen)) : "";
  if (every) {
    every.checked = chosen === boxes.length;
    every.indeterminate = chosen > 0 && chosen < boxes.length;
  }
}

count();
