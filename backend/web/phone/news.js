// News: what changed on the disk is told to every page of this app, in this tab and in others.

/** @type {Set<(what: string, isOurs: boolean) => void>} */
const listeners = new Set();
const wire = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("hezhang");
if (wire) wire.onmessage = ({ data }) => tell(data, false);

/** @param {string} what the noun that changed: queue, things, walk, account */
export function changed(what) {
  tell(what, true);
  wire?.postMessage(what);
}

/** @param {(what: string, isOurs: boolean) => void} listener isOurs: this tab changed it @returns {() => void} to stop listening */
export function whenChanged(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @param {string} what @param {boolean} isOurs */
function tell(what, isOurs) {
  for (const listener of listeners) listener(what, isOurs);
}
