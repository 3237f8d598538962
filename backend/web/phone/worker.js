// The service worker: the app is on the phone and starts without signal; a call rings though the app is closed.
/// <reference lib="webworker" />
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

const worker = /** @type {ServiceWorkerGlobalScope & { PRECACHE: { url: string, revision: string | null }[] }} */ (
  /** @type {unknown} */ (self)
);
const APP = "/m/";
const ALARM_MS = [600, 200, 600, 200, 600, 200, 1200];
const URGENT = new Set(["red", "orange"]);

// The server writes before this script which files belong to this version.
precacheAndRoute(worker.PRECACHE);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL(APP), { allowlist: [/^\/m\/$/] }));

// A new version waits until the page says so: it never ends a walk.
worker.addEventListener("message", ({ data }) => { if (data === "take over") void worker.skipWaiting(); });
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("push", (event) => {
  const said = read(event.data);
  const isUrgent = URGENT.has(said.level);
  event.waitUntil(worker.registration.showNotification(said.title, /** @type {any} */ ({
    body: said.text, tag: said.id, renotify: true, data: { link: said.link }, icon: "/m/icon-192.png",
    requireInteraction: isUrgent, vibrate: isUrgent ? ALARM_MS : [200],
  })));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(ours(event.notification.data?.link)));
});

/** @param {PushMessageData | null} data @returns {any} */
function read(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return { title: data?.text() };
  }
}

/** A page of this app; whatever else a message names is not opened. @param {string | undefined} link */
function ours(link) {
  const address = new URL(link ?? APP, worker.location.origin);
  return address.origin === worker.location.origin && address.pathname === APP ? address.href : APP;
}

/** @param {string} address */
async function show(address) {
  const open = await worker.clients.matchAll({ type: "window" });
  const here = open.find((client) => new URL(client.url).pathname === APP);
  if (!here) return worker.clients.openWindow(address);
  await here.focus().catch(() => {}); // a browser may not want to; the page is led there all the same
  return here.postMessage({ open: new URL(address, worker.location.origin).hash });
}
