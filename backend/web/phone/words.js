// Words: texts by key, in the language of whoever holds the phone; they come with the app and need no signal.
import { set, setting } from "./disk/database.js";

const LANGUAGES = ["zh-CN", "en"];
/** A disk that another tab holds answers only when that one is closed: until then there must be words to say so. */
const PATIENCE_MS = 2_000;
/** @type {Record<string, string>} */
let catalogue = {};
let spoken = "zh-CN";

export const language = () => spoken;

/** Load the words of the language that was chosen, or that the phone speaks. */
export async function loadWords() {
  const chosen = await Promise.race([setting("language"), new Promise((done) => setTimeout(done, PATIENCE_MS))]).catch(() => undefined);
  spoken = chosen ?? (navigator.language.startsWith("zh") ? "zh-CN" : navigator.language.startsWith("en") ? "en" : "zh-CN");
  const address = document.querySelector(`link[data-words="${spoken}"]`)?.getAttribute("href");
  catalogue = await (await fetch(/** @type {string} */ (address))).json();
  document.documentElement.lang = spoken;
  document.title = say("phone.title");
}

/** The other language. */
export async function switchLanguage() {
  await set("language", LANGUAGES[1 - LANGUAGES.indexOf(spoken)]);
  await loadWords();
}

/**
 * The sentence of a key.
 * @param {string} key
 * @param {Record<string, string | number | undefined>} [values] for its places
 */
export function say(key, values = {}) {
  return (catalogue[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
