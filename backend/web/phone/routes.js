// Where one is in the app: the part of the address after `#/`, so that everything is one page that needs no signal.
import { useEffect, useState } from "preact/hooks";

/** @param {string} place a page and its things: `call/<id>` */
export function go(place) { location.hash = `#/${place}`; }

/** Go there without a way back to the page that is left. @param {string} place */
export function goInstead(place) { location.replace(`#/${place}`); }

/** @returns {string[]} the page and its things */
export const place = () => location.hash.replace(/^#\/?/, "").split("/").map(read);

/** A link that was cut off in the middle of a letter leads somewhere, too. @param {string} part */
function read(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** @returns {string[]} */
export function usePlace() {
  const [where, setWhere] = useState(place());
  useEffect(() => {
    const moved = () => { setWhere(place()); scrollTo(0, 0); };
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  return where;
}
