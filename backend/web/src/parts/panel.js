// The panel beside the map: what the house says about a thing, and what else lies at the same place.

/** @typedef {import("./layers.js").Under} Under */

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {{ choose: (kind: string, id: string, others: Under[]) => void, close: () => void }} does */
export function panelOf({ choose, close }) {
  const panel = at("map-panel"), told = at("map-told"), here = at("map-here"), failed = at("map").dataset.failed ?? "";
  const present = at("map-present");
  let asked = 0, isPast = false;
  at("map-close").addEventListener("click", () => {
    close();
    at("map").focus();
  });

  /** @param {Under[]} others */
  function alsoHere(others) {
    here.replaceChildren();
    here.hidden = others.length === 0;
    if (here.hidden) return;
    const title = document.createElement("b");
    title.textContent = at("map").dataset.here ?? "";
    here.append(title);
    for (const each of others) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain";
      button.textContent = each.label;
      button.addEventListener("click", () => choose(each.kind, each.id, others.filter((other) => other !== each)));
      here.append(button);
    }
  }

  return {
    /** Whoever is no longer signed in goes to sign in. Answers with the box of what is told, if it has one.
     * @param {string} address @param {Under[]} [others] @returns {Promise<string | undefined>} */
    async tell(address, others = []) {
      const mine = ++asked;
      let body = "";
      try {
        const answer = await fetch(address, { headers: { Accept: "text/html" } });
        if (answer.redirected) return void location.assign(answer.url);
        if (answer.ok) body = await answer.text();
      } catch {
        body = "";
      }
      if (mine !== asked) return undefined; // something else was chosen meanwhile
      if (body) told.innerHTML = body;
      else told.replaceChildren(Object.assign(document.createElement("p"), { textContent: failed }));
      alsoHere(others);
      present.hidden = !isPast || told.querySelector(".found") !== null;
      panel.hidden = false;
      panel.scrollTop = 0;
      return /** @type {HTMLElement | null} */ (told.querySelector("section[data-box]"))?.dataset.box;
    },
    hide() {
      asked += 1;
      panel.hidden = true;
    },
    /** What is told is always of now: said where the map is not. @param {boolean} is */
    isOfPast(is) {
      isPast = is;
      present.hidden = !is || told.querySelector(".found") !== null;
    },
  };
}
