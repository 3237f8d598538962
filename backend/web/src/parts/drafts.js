// What was typed is kept while the tab is open: a session that ends in a half-written form loses nothing.

/** Fill forms marked `data-draft` from what was typed before, and keep what is typed from now on. */
export function keepDrafts() {
  for (const done of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-draft-done]"))) {
    sessionStorage.removeItem(`draft:${done.dataset.draftDone}`);
  }
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-draft]"))) {
    const name = `draft:${form.dataset.draft}`;
    fill(form, name);
    form.addEventListener("input", () => sessionStorage.setItem(name, JSON.stringify(typed(form))));
  }
}

/** Forget every draft: whoever sits down next at this computer must not read what somebody typed. */
export function forgetDrafts() {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith("draft:")) sessionStorage.removeItem(name);
  }
}

/** @param {HTMLFormElement} form @returns {Record<string, string>} */
function typed(form) {
  const fields = /** @type {HTMLInputElement[]} */ ([...form.elements]);
  return Object.fromEntries(
    fields.filter((each) => each.name && isText(each) && each.value).map((each) => [each.name, each.value]),
  );
}

/** @param {HTMLFormElement} form @param {string} name */
function fill(form, name) {
  const kept = sessionStorage.getItem(name);
  if (!kept) return;
  for (const [field, value] of Object.entries(/** @type {Record<string, string>} */ (JSON.parse(kept)))) {
    const there = /** @type {HTMLInputElement | null} */ (form.elements.namedItem(field));
    if (there && isText(there) && !there.value) {
      there.value = value;
      there.closest("details")?.setAttribute("open", "");
    }
  }
}

/** @param {HTMLInputElement} field */
function isText(field) {
  return field.type !== "hidden" && field.type !== "password" && /^(text|textarea|search|tel|date|datetime-local)$/.test(field.type);
}
