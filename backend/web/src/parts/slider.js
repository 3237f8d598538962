// The slider over the last seven days, hour by hour; its end is now. Without scripts there is a field for the date.

const HOUR_MS = 3_600_000;
const WAIT_MS = 250;

/** @param {HTMLElement} place @param {string} time of the address, nothing for now @param {(time: string) => void} moved */
export function sliderOf(place, time, moved) {
  /** @param {string} id */
  const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const bar = /** @type {HTMLInputElement} */ (at("map-back")), when = at("map-when"), now = at("map-now");
  const field = /** @type {HTMLInputElement} */ (at("f-time"));
  const first = asUtc(place.dataset.first ?? ""), end = Number(bar.max);
  const days = new Intl.DateTimeFormat(document.documentElement.lang, {
    month: "numeric", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC",
  });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  let exact = time; // a link may name a moment between two hours

  const chosen = () => exact || (Number(bar.value) >= end ? "" : new Date(first + Number(bar.value) * HOUR_MS).toISOString().slice(0, 16));

  function say() {
    const moment = chosen();
    const text = moment ? days.format(asUtc(moment)) : place.dataset.now ?? "";
    when.textContent = text;
    bar.setAttribute("aria-valuetext", text);
    at("map-time").classList.toggle("is-past", moment !== "");
    now.hidden = moment === "";
    field.value = moment;
  }

  function move() {
    exact = "";
    say();
    clearTimeout(waiting);
    waiting = setTimeout(() => moved(chosen()), WAIT_MS);
  }

  bar.addEventListener("input", move);
  now.addEventListener("click", () => {
    bar.value = bar.max;
    move();
    bar.focus();
  });

  return {
    show() {
      if (time) bar.value = String(Math.round((asUtc(time) - first) / HOUR_MS));
      field.closest("div")?.setAttribute("hidden", "");
      at("map-time").hidden = false;
      say();
    },
  };
}

/** The clock of the house as if it were UTC, so that no browser's own zone moves it. @param {string} local */
function asUtc(local) {
  return Date.parse(`${local.slice(0, 16)}Z`);
}
