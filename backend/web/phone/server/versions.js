// Versions: the app is put on the phone, and a new one takes over only when nobody is in the middle of something.
import { isAnybodyWalking } from "../disk/walks.js";

const LOOK_EVERY_MS = 30 * 60_000;
/** Pages on which nothing is lost when they are shown anew. */
const QUIET = new Set(["", "mine", "queue", "help", "news"]);

/** @param {() => string} page which page is open */
export function keepCurrent(page) {
  if (!navigator.serviceWorker) return;
  let hadOne = Boolean(navigator.serviceWorker.controller);
  let isOutdated = false;
  /** @type {ServiceWorkerRegistration | undefined} */
  let registration;
  const look = async () => {
    if (!(isOutdated || registration?.waiting) || !(await isQuiet(page))) return;
    if (isOutdated) location.reload();
    else if (navigator.serviceWorker.controller) registration?.waiting?.postMessage("take over");
  };
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    isOutdated = hadOne;
    hadOne = true;
    void look();
  });
  addEventListener("hashchange", look);
  void navigator.serviceWorker.register("/m/worker.js", { scope: "/m/", updateViaCache: "none" }).then((found) => {
    registration = found;
    found.addEventListener("updatefound", () => found.installing?.addEventListener("statechange", look));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) void found.update().catch(() => {}).then(look); });
    setInterval(() => void found.update().catch(() => {}), LOOK_EVERY_MS);
    void look();
  });
}

/**
 * Whether nobody walks, in any tab, and nothing is being typed here: another tab, or a moment, may have begun it since
 * the new version was let in.
 * @param {() => string} page
 */
async function isQuiet(page) {
  return !(await isAnybodyWalking()) && QUIET.has(page()) && !document.querySelector("form");
}
