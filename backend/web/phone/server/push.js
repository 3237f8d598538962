// Push: a call rings though the app is closed; asked for with one tap, and renewed by itself.
import { Trouble, ask } from "./office.js";
import { account } from "../disk/accounts.js";
import { changed } from "../news.js";

/** @returns {Promise<"impossible" | "forbidden" | "on" | "off">} whether calls ring on this phone */
export async function pushState() {
  if (!("PushManager" in window) || !navigator.serviceWorker) return "impossible";
  if (Notification.permission === "denied") return "forbidden";
  const registration = await navigator.serviceWorker.getRegistration("/m/");
  return (await registration?.pushManager.getSubscription()) ? "on" : "off";
}

/**
 * Let calls ring here.
 * @param {string} owner
 * @returns {Promise<"on" | "forbidden" | "impossible" | "failed">}
 */
export async function takePush(owner) {
  if ((await pushState()) === "impossible") return "impossible";
  if ((await Notification.requestPermission()) !== "granted") return "forbidden";
  try {
    const wishes = await ask(owner, "GET", "/me/notices");
    if (!wishes.push_key) return "impossible";
    const registration = await navigator.serviceWorker.ready;
    const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wishes.push_key });
    const { endpoint, keys } = subscription.toJSON();
    const here = await account(owner);
    await ask(owner, "PUT", `/me/push/${here?.device_id}`, { endpoint, keys });
    return "on";
  } catch (wrong) {
    if (wrong instanceof Trouble || wrong instanceof DOMException) return "failed";
    throw wrong;
  } finally {
    changed("account");
  }
}
