// The phone's app (掌上巡河): starts from what is on the disk, and shows the one page that is asked for.
import { html, render } from "htm/preact";
import { useEffect } from "preact/hooks";
import "./phone.css";
import { useKept } from "./parts/kept.js";
import { go, place, usePlace } from "./routes.js";
import { AccountPage } from "./screens/account.js";
import { ActPage } from "./screens/act.js";
import { Away } from "./screens/away.js";
import { Call } from "./screens/call.js";
import { Case } from "./screens/case.js";
import { Door } from "./screens/door.js";
import { Ending } from "./screens/end.js";
import { FirstTime, Locked, SignIn } from "./screens/entry.js";
import { Hazard } from "./screens/hazard.js";
import { Hazards } from "./screens/hazards.js";
import { Help } from "./screens/help.js";
import { Home, Reaches } from "./screens/home.js";
import { Kept } from "./screens/kept.js";
import { Handover, Mine, News } from "./screens/mine.js";
import { Queue } from "./screens/queue.js";
import { Order } from "./screens/order.js";
import { Task } from "./screens/task.js";
import { Train } from "./screens/train.js";
import { Walking } from "./screens/walk.js";
import { ringing } from "./disk/calls.js";
import { database, whenBlocked, whenOutgrown } from "./disk/database.js";
import { accounts, holder, isLocked, lockNow } from "./disk/accounts.js";
import { keepFetching } from "./server/fetching.js";
import { keepSending } from "./server/sending.js";
import { keepCurrent } from "./server/versions.js";
import { keepRecording, recording } from "./walk/recording.js";
import { askToStay } from "./walk/room.js";
import { loadWords, say } from "./words.js";

/** Pages by the first word of their address; the second is the thing, others what of it. @type {Map<string, any>} */
const PAGES = new Map(Object.entries({
  "": Home, reaches: Reaches, walk: Walking, end: Ending, kept: Kept, hazards: Hazards, hazard: Hazard, call: Call,
  case: Case, act: ActPage, task: Task, order: Order, train: Train,
  door: Door, mine: Mine, news: News, handover: Handover, queue: Queue, away: Away, account: AccountPage, help: Help,
}));
const LAID_DOWN_MS = 5 * 60_000;
/** Pages that a call does not cover: it is being answered there, or a walk is being put on the disk. */
const CALM = new Set(["call", "queue", "help"]);

function App() {
  const who = useKept(async () => (await holder()) ?? null, ["account"]);
  const all = useKept(accounts, ["account"]);
  const [page, id, ...rest] = usePlace();
  useEffect(() => (who && !isLocked(who) ? keepRecording(who.id) : undefined), [who?.id, who && isLocked(who)]);
  useEffect(() => (who && !isLocked(who) ? keepFetching(who.id) : undefined), [who?.id, who && isLocked(who)]);
  const call = useKept(async () => who && ringing(who.id), ["things", "queue"], [who?.id]);
  useEffect(() => { if (call && !CALM.has(page)) go(`call/${call.id}`); }, [call?.id, page]);
  if (who === undefined || all === undefined) return null;
  if (!who) return page === "first" ? html`<${FirstTime} />` : html`<${SignIn} />`;
  if (who.isShut) return html`<${SignedOut} who=${who} />`;
  if (isLocked(who)) return html`<${Locked} account=${who} />`;
  if (page === "sign-in" || (!who.refresh && !who.sealed && page === "")) return html`<${SignedOut} who=${who} />`;
  const Shown = PAGES.get(page) ?? Home;
  return html`<${Shown} key=${[who.id, page, id, ...rest].join("-")} owner=${who.id} name=${who.name} id=${id} rest=${rest} />`;
}

/** The login is over, what is on the phone is not. @param {{ who: import("./disk/accounts.js").Account }} given */
const SignedOut = ({ who }) => html`<${SignIn} hint="phone.sign_in.again" owner=${who.id} />`;

/** Whoever takes up a phone that was laid down for a while is asked for the PIN; never in the middle of a walk. */
function askAgain() {
  let hidden_ms = Infinity;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hidden_ms = Date.now();
    else if (Date.now() - hidden_ms > LAID_DOWN_MS && !recording()) lockNow();
  });
}

/** A page with nothing but a sentence. @param {string} key */
const said = (key) => Object.assign(document.createElement("main"), { textContent: say(key) });

async function start() {
  await loadWords();
  const app = /** @type {HTMLElement} */ (document.getElementById("app"));
  whenBlocked(() => app.replaceChildren(said("phone.no_disk")));
  whenOutgrown(() => { app.textContent = say("phone.outgrown"); location.reload(); });
  try {
    await database();
  } catch { // a newer app has been at this disk, or the browser gives none: nothing could be kept
    app.replaceChildren(said("phone.no_disk"));
    return keepCurrent(() => "");
  }
  app.replaceChildren();
  render(html`<${App} />`, app);
  navigator.serviceWorker?.addEventListener("message", ({ data }) => { if (data.open) location.hash = data.open; });
  askAgain();
  keepCurrent(() => place()[0]);
  keepSending();
  await askToStay();
}

void start();
