// Sending: the queue goes to the office, words before photos, one tab at a time; what fails is tried again, later and later.
import { accounts, isLocked, refreshToken } from "../disk/accounts.js";
import { Trouble, ask, sendFile, told } from "./office.js";
import { alone } from "../alone.js";
import { actsOn, standOn } from "../disk/acts.js";
import { fileOf, waitWith } from "../disk/photos.js";
import { isFree, mark, queued, settle, waitNoLonger } from "../disk/queue.js";
import { keep, unsay } from "../disk/things.js";
import { changed } from "../news.js";
import { VERSION } from "../version.js";
import { isFull } from "../disk/database.js";
import { say } from "../words.js";

const MOST_ITEMS = 50;
const MOST_BYTES = 3_000_000;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** However long the office asks for, and whatever a clock that was wrong wrote down: nothing waits longer. */
const MOST_WAIT_MS = 60 * 60_000;
/** Calls are answered before anything else is told. @type {Record<string, number>} */
const FIRST = { ack: 0, hazard: 1, campaign_answer: 2, order_word: 2, hazard_action: 3, patrol: 4 };
const STALE = 412;
const TOO_LARGE = 413;
/** What the office says of a call as a whole because of something in it. */
const OF_ITSELF = new Set([400, TOO_LARGE, 422]);

/** How sending goes, for the pages. */
export const state = { isBusy: false, isOnline: navigator.onLine, isStranger: false };
let timer = 0;
/** What was asked for while something was being sent already: it comes next, once. @type {{ atOnce: boolean } | undefined} */
let next;

/**
 * Send whatever is due, of everybody whose login is open.
 * @param {{ atOnce?: boolean }} [how] atOnce: also what was to wait a while
 */
export async function send({ atOnce = false } = {}) {
  if (next) {
    next.atOnce ||= atOnce;
    return;
  }
  const mine = { atOnce };
  next = mine;
  await alone("sending", async () => {
    next = undefined;
    await sendAll(mine.atOnce);
  });
}

/** Send now, when the network comes back, when the app is looked at, and whenever something is due. */
export function keepSending() {
  addEventListener("online", () => send({ atOnce: true }));
  addEventListener("offline", () => { state.isOnline = false; changed("sending"); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send({ atOnce: true }); });
  void send({ atOnce: true });
}

/** @param {boolean} atOnce */
async function sendAll(atOnce) {
  state.isBusy = true;
  changed("sending");
  try {
    for (const who of await accounts()) {
      if (!isLocked(who) && (await refreshToken(who.id))) await sendFor(who.id, atOnce);
    }
  } finally {
    state.isBusy = false;
    await planNext();
    changed("sending");
  }
}

/** @param {string} owner @param {boolean} atOnce */
async function sendFor(owner, atOnce) {
  try {
    const tried = new Set();
    for (let batch = await due(owner, atOnce, tried); batch.length; batch = await due(owner, atOnce, tried)) {
      for (const { id } of batch) tried.add(id);
      await sendBatch(owner, batch);
    }
    await sendPhotos(owner, atOnce);
    state.isOnline = true;
    state.isStranger = false;
  } catch (wrong) {
    if (!(wrong instanceof Trouble)) throw wrong;
    state.isOnline = wrong.status !== 0;
    state.isStranger = wrong.isStranger;
  }
}

/** What is told next: as much as one call carries. @param {string} owner @param {boolean} atOnce @param {Set<string>} tried in this turn */
async function due(owner, atOnce, tried) {
  const now = Date.now();
  const all = await queued(owner);
  const items = all.filter((item) => item.state === "waiting" && isDue(item, atOnce, now) && isFree(item, all) && !tried.has(item.id));
  items.sort((one, other) => FIRST[one.type] - FIRST[other.type]);
  const batch = [];
  let bytes = 0;
  for (const item of items.slice(0, MOST_ITEMS)) {
    bytes += JSON.stringify(item.body).length;
    if (batch.length && bytes > MOST_BYTES) break;
    batch.push(item);
  }
  return batch;
}

/** @param {string} owner @param {import("../disk/queue.js").Item[]} batch */
async function sendBatch(owner, batch) {
  const sent_at = new Date().toISOString();
  const claims = { app: "web", version: VERSION, sent_at };
  const items = batch.map(({ type, id, body }) => {
    const hasClaims = type === "patrol" || type === "hazard";
    return { type, id, body: hasClaims ? { ...body, client: { ...body.client, ...claims } } : body };
  });
  /** @type {any[]} */
  let results;
  try {
    results = resultsOf(await ask(owner, "POST", "/sync", { items }), batch);
  } catch (wrong) {
    if (isOfItself(wrong)) return apart(owner, batch, /** @type {Trouble} */ (wrong));
    for (const item of batch) await later(item, wrong);
    throw wrong;
  }
  for (const [at, result] of results.entries()) await take(owner, batch[at], result);
}

/** The result of each, in order; whatever else was answered is none of the office's. @param {any} told @param {import("../disk/queue.js").Item[]} batch @returns {any[]} */
function resultsOf(told, batch) {
  if (!Array.isArray(told?.results) || told.results.length !== batch.length) throw new Trouble(0);
  if (!told.results.every((/** @type {any} */ each, /** @type {number} */ at) => each?.id === batch[at].id)) throw new Trouble(0);
  return told.results;
}

/** Whether something in the call is the reason: the same call would be answered the same way for ever. @param {unknown} wrong */
const isOfItself = (wrong) => wrong instanceof Trouble && (wrong.status === TOO_LARGE || (wrong.isOffice && OF_ITSELF.has(wrong.status)));

/**
 * Smaller calls, so that one item which cannot be sent does not keep the others here.
 * @param {string} owner @param {import("../disk/queue.js").Item[]} batch @param {Trouble} wrong
 */
async function apart(owner, batch, wrong) {
  if (batch.length > 1) {
    const half = Math.ceil(batch.length / 2);
    await sendBatch(owner, batch.slice(0, half));
    await sendBatch(owner, batch.slice(half));
  } else if (wrong.isOffice) {
    await refuse(owner, batch[0], "refused", wrong.problem);
  } else {
    await later(batch[0], wrong);
  }
}

/** What the office said of one item. @param {string} owner @param {import("../disk/queue.js").Item} item @param {any} result */
async function take(owner, item, result) {
  if (result.receipt && (result.status === "created" || result.status === "unchanged")) {
    await unlessFull(() => learn(owner, item, result.thing));
    const isOurs = await settle(item.id, result.receipt).catch((wrong) => {
      if (!isFull(wrong)) throw wrong;
      return settleWhole(owner, item, result.receipt);
    });
    if (isOurs !== false) changed("arrived");
    else await mark(item.id, { state: "conflict", problem: say("phone.queue.receipt") });
  } else if (result.status === "refused" || result.status === "conflict") {
    if (item.type === "hazard_action" && (await isStillTrue(owner, item, result.problem))) return;
    await refuse(owner, item, result.status, result.problem);
  } else {
    await later(item, new Trouble(503, result.problem));
  }
}

/**
 * A full phone has no room to note that words arrived: their photos follow at once, and all of it leaves together.
 * @param {string} owner @param {import("../disk/queue.js").Item} item @param {any} receipt @returns {Promise<boolean>}
 */
async function settleWhole(owner, item, receipt) {
  /** @type {{ sha256: string, state: string }[]} */
  const photos = [];
  for (const sha256 of item.photos) {
    const file = await fileOf(sha256);
    if (!file) continue;
    await sendFile(owner, sha256, file);
    photos.push({ sha256, state: "stored" });
  }
  return (await unlessFull(() => settle(item.id, { ...receipt, photos, recordings: [] }))) ?? true;
}

/** The office said no: the person has to see it. @param {string} owner @param {import("../disk/queue.js").Item} item @param {"refused" | "conflict"} is @param {any} problem */
async function refuse(owner, item, is, problem) {
  await mark(item.id, { state: is, problem: told(problem) });
  if (item.type === "ack") await unsay(owner, item.body.callout); // the call was not answered: it rings on
}

/** What the office has now is what this phone knows, before it forgets what it told. @param {string} owner @param {import("../disk/queue.js").Item} item @param {any} told */
async function learn(owner, item, told) {
  if (item.type === "patrol" || item.type === "hazard") await keep(owner, item.type, told, item.id);
  if (item.type === "campaign_answer") await keep(owner, "answer", told, `${item.body.campaign} ${item.body.segment}`);
  if (item.type !== "hazard_action") return;
  await keep(owner, "case", told, item.body.hazard);
  // Acts of the same person that wait behind this one stand on what it made of the hazard.
  for (const other of await actsOn(owner, item.body.hazard)) {
    if (other.after?.includes(item.id) && other.state === "waiting") await standOn(other.id, told);
  }
}

/**
 * Whether an act that came on an older version still stands on what the person saw: nothing was done since, a photo
 * has arrived. Then it is sent again; otherwise the person has to look.
 * @param {string} owner @param {import("../disk/queue.js").Item} item @param {any} problem
 */
async function isStillTrue(owner, item, problem) {
  if (problem?.status !== STALE || !problem.present) return false;
  await keep(owner, "case", problem.present, item.body.hazard);
  if (problem.present.receipt.chain_hash !== item.head) return false;
  await standOn(item.id, problem.present, Date.now() + FIRST_WAIT_MS * item.tries);
  await mark(item.id, { tries: item.tries + 1 });
  return true;
}

/** @param {string} owner @param {boolean} atOnce */
async function sendPhotos(owner, atOnce) {
  const told = (await queued(owner)).filter(({ state: is }) => is === "told");
  for (const sha256 of new Set(told.flatMap(({ photos }) => photos))) {
    const photo = await fileOf(sha256);
    if (photo && isDue(photo, atOnce, Date.now())) await sendOne(owner, photo);
  }
}

/** @param {string} owner @param {import("../disk/photos.js").Kept} photo */
async function sendOne(owner, photo) {
  try {
    await sendFile(owner, photo.sha256, photo);
    await unlessFull(() => waitNoLonger(owner, photo.sha256));
  } catch (wrong) {
    if (!(wrong instanceof Trouble)) throw wrong;
    const tries = photo.tries + 1;
    const next_at = Date.now() + (wrong.passes ? wait_ms(tries, wrong) : MOST_WAIT_MS);
    await unlessFull(() => waitWith(photo.sha256, { tries, next_at, asked_until: asked(wrong), problem: wrong.passes ? undefined : wrong.message }));
    if (wrong.passes || wrong.isStranger) throw wrong;
  }
}

/** @param {import("../disk/queue.js").Item} item @param {unknown} wrong */
async function later(item, wrong) {
  const tries = item.tries + 1;
  const problem = wrong instanceof Trouble && !wrong.passes && !wrong.isStranger ? told(wrong.problem) : undefined;
  await unlessFull(() => mark(item.id, { tries, next_at: Date.now() + wait_ms(tries, wrong), asked_until: asked(wrong), problem }));
}

/** What need not be remembered on a full phone: sending makes the room. @param {() => Promise<any>} work */
const unlessFull = (work) => work().catch((wrong) => { if (!isFull(wrong)) throw wrong; });

/** Until when the office asked not to be asked again: whoever looks at their phone meanwhile does not change that. @param {unknown} wrong */
const asked = (wrong) => (wrong instanceof Trouble && wrong.wait_s ? Date.now() + Math.min(MOST_WAIT_MS, wrong.wait_s * 1000) : 0);

/** @param {{ next_at: number, asked_until?: number }} what @param {boolean} atOnce @param {number} now */
const isDue = ({ next_at, asked_until = 0 }, atOnce, now) => isOver(atOnce ? asked_until : next_at, now);

/** Whether a wait is over; one that is longer than any was written while the clock of the phone was wrong. @param {number} until @param {number} now */
const isOver = (until, now) => until <= now || until > now + MOST_WAIT_MS;

/** Twice as long each time, with some chance in it so that a village does not come at once. @param {number} tries @param {unknown} wrong */
function wait_ms(tries, wrong) {
  const asked_ms = wrong instanceof Trouble ? wrong.wait_s * 1000 : 0;
  const grown_ms = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries, 10));
  return Math.min(MOST_WAIT_MS, Math.max(asked_ms, grown_ms * (0.5 + Math.random() / 2)));
}

/** Look again when the next thing is due, for as long as this page lives. */
async function planNext() {
  clearTimeout(timer);
  const waits = [];
  for (const { id } of await accounts()) {
    const all = await queued(id);
    for (const item of all) {
      const { state: is, next_at, photos } = item;
      if (is === "waiting" && isFree(item, all)) waits.push(next_at);
      else if (is === "told") for (const sha256 of photos) waits.push((await fileOf(sha256))?.next_at ?? Infinity);
    }
  }
  const now = Date.now();
  const soonest = Math.min(...waits.filter((each) => each < Infinity).map((each) => (isOver(each, now) ? now : each)));
  if (soonest < Infinity) timer = window.setTimeout(() => send(), Math.max(1_000, soonest - now));
}
