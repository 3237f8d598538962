// Fetching: what is this person's comes down and stays on the phone: reaches, calls, tasks, duty, rules, messages.
import { Trouble, ask } from "./office.js";
import { keep, take, thing } from "../disk/things.js";
import { whenChanged } from "../news.js";
import { isFull } from "../disk/database.js";

const GONE = 410;
/** Calls and tasks are looked for every minute; the rest changes seldom, and a city of phones must not ask for it as often. */
const EVERY_MS = 60_000;
const ALL_EVERY_MS = 15 * 60_000;
const AFTER_SENDING_MS = 1_500;
const MOST_REACHES = 30;
const MOST_CASES = 30;
/** What a thing cannot be shown without: whoever answers without it is not the office. @type {Record<string, string[]>} */
const HOLDS = {
  me: ["segments", "tasks", "duties"], rule: ["body"], reach: ["properties"], case: ["etag", "deadlines", "segment"],
  hazards: ["items"], notices: ["items"], handovers: ["length"],
};

/** When everything came down last, by person. @type {Map<string, number>} */
const whole = new Map();

/**
 * Bring down what changed, and now and then everything. Without signal nothing happens; what is here already stays.
 * @param {string} owner
 * @param {{ isWhole?: boolean }} [how] isWhole: everything, however lately it came
 * @returns {Promise<boolean>} whether the office was reached
 */
async function fetchAll(owner, { isWhole = false } = {}) {
  try {
    const isNew = await changes(owner);
    if (isNew || isWhole || (whole.get(owner) ?? 0) < Date.now() - ALL_EVERY_MS) await fetchRest(owner);
    return true;
  } catch (wrong) {
    if (wrong instanceof Trouble || isFull(wrong)) return false;
    throw wrong;
  }
}

/**
 * Bring down what changed now, when the app is looked at, when the network comes back, and every so often.
 * @param {string} owner
 * @returns {() => void} to stop
 */
export function keepFetching(owner) {
  const fetchNow = (/** @type {{ isWhole?: boolean }} */ how = {}) => { if (!document.hidden) void fetchAll(owner, how); };
  const look = () => fetchNow();
  let soon = 0;
  const stop = whenChanged((noun) => {
    if (noun !== "arrived") return;
    clearTimeout(soon);
    soon = window.setTimeout(() => fetchNow({ isWhole: true }), AFTER_SENDING_MS);
  });
  const timer = setInterval(look, EVERY_MS);
  addEventListener("online", look);
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    stop();
    clearTimeout(soon);
    clearInterval(timer);
    removeEventListener("online", look);
    document.removeEventListener("visibilitychange", look);
  };
}

/** @param {string} owner */
async function fetchRest(owner) {
  await Promise.all([one(owner, "me", "/me"), one(owner, "rule", "/rules/current")]);
  await Promise.all([
    reaches(owner), cases(owner),
    one(owner, "hazards", "/hazards?limit=50"), one(owner, "notices", "/notices?limit=50"),
    one(owner, "handovers", `/handovers?person=${owner}`),
  ].map((work) => work.catch(ignored)));
  whole.set(owner, Date.now());
}

/** @param {string} owner @returns {Promise<boolean>} whether anything changed */
async function changes(owner) {
  let isNew = false;
  for (let since = await thing(owner, "cursor"), more = true; more;) {
    const query = since ? `?since=${encodeURIComponent(since)}` : "";
    let told;
    try {
      told = await ask(owner, "GET", `/sync${query}`);
      if (!Array.isArray(told?.changes) || !told.next || told.next === since && told.more) throw new Trouble(0);
    } catch (wrong) {
      if (!(wrong instanceof Trouble) || wrong.status !== GONE || !since) throw wrong;
      since = undefined; // so long away that the office remembers no more: everything afresh
      continue;
    }
    await take(owner, told.changes, told.next, !since);
    since = told.next;
    more = told.more;
    isNew ||= told.changes.length > 0;
  }
  return isNew;
}

/** The reaches one walks, with what stands on their banks. @param {string} owner */
async function reaches(owner) {
  const me = await thing(owner, "me");
  for (const { code } of me.segments.slice(0, MOST_REACHES)) await one(owner, "reach", `/segments/${code}`, code);
}

/** Hazards that wait for an act of one's own, whole: they are done where there is no signal. @param {string} owner */
async function cases(owner) {
  const me = await thing(owner, "me");
  const mine = me.tasks.filter((/** @type {any} */ each) => each.type === "hazard").slice(0, MOST_CASES);
  for (const { id } of mine) if (!(await thing(owner, "case", id))) await bringCase(owner, id);
}

/** One hazard as it is at the office now. @param {string} owner @param {string} id */
export const bringCase = (owner, id) => one(owner, "case", `/hazards/${id}`, id);

/** @param {string} owner @param {string} type @param {string} path @param {string} [id] */
async function one(owner, type, path, id) {
  const body = await ask(owner, "GET", path);
  if (!HOLDS[type].every((name) => body?.[name] !== undefined)) throw new Trouble(0);
  await keep(owner, type, body, id);
}

/** A list that this person may not see, or that does not come, is no reason to be without the rest. @param {unknown} wrong */
function ignored(wrong) {
  if (!(wrong instanceof Trouble) && !isFull(wrong)) throw wrong;
}
