// Walking (巡河中): time, metres, what of the reach is walked, and whether the phone still knows where it is.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { Page } from "../parts/frame.js";
import { useKept, useTicks } from "../parts/kept.js";
import { Camera } from "../parts/photos.js";
import { Shot } from "../parts/shot.js";
import { Stretch } from "../parts/stretch.js";
import { clock, metres, moment } from "../parts/times.js";
import { useTried } from "../parts/tried.js";
import { go, goInstead } from "../routes.js";
import { blank, keepDraft } from "../disk/drafts.js";
import { MOST } from "../disk/photos.js";
import { digestsOf } from "../disk/queue.js";
import * as walks from "../disk/walks.js";
import { recording } from "../walk/recording.js";
import { say } from "../words.js";

/** Above the half nobody has to think of it, and the main button stays on the screen. */
const HALF_BATTERY = 0.5;
const LOW_BATTERY = 0.2;

/** @param {{ owner: string }} given */
export function Walking({ owner }) {
  useTicks(1_000);
  const battery = useBattery();
  const goingOn = useKept(async () => (await walks.live(owner)) ?? null, ["walk"], [owner]);
  const recorder = recording();
  const { busy, trouble, tried } = useTried();
  useEffect(() => { if (goingOn === null) goInstead(""); }, [goingOn]);
  if (!recorder) return html`<${Page} title=${say("phone.walk.title")} back=""><p class="note">${say("phone.walk.elsewhere")}</p></${Page}>`;
  const { walk, live, signal, failure } = recorder;
  const found = () => tried("keep", async () => {
    await recorder.save();
    const draft = blank(owner, { patrol: walk.id, segment: walk.segment, segment_name: walk.segment_name });
    await keepDraft(draft);
    go(`hazard/${draft.id}`);
  });
  const end = () => tried("keep", async () => {
    await recorder.save();
    go("end");
  });
  const shoot = (/** @type {File} */ file, /** @type {string} */ checkpoint = "") => tried("photo", () => recorder.shoot(file, checkpoint));
  return html`<${Page} title=${walk.segment_name} owner=${owner} kind="walking">
    ${trouble && html`<p class="note bad" role="alert">${say(trouble)}</p>`}
    ${failure && html`<p class="note bad" role="alert">${say("phone.walk.not_kept")}</p>`}
    <p class="figure"><b data-seconds>${clock((Date.now() - Date.parse(walk.started_at)) / 1000)}</b>
      <b data-metres>${live ? metres(live.length_m) : say("phone.walk.fixes", { count: recorder.fixes.length })}</b></p>
    ${live && html`<${Stretch} length_m=${live.walk.reach.length_m} covered=${live.covered} />`}
    ${live && live.nearest_m !== null && live.nearest_m > 150 && html`<p class="note">${say("phone.walk.far", { metres: Math.round(live.nearest_m) })}</p>`}
    <p class="signal ${signal}" role="status">${say(`phone.walk.signal.${signal}`)}</p>
    <${Stops} recorder=${recorder} shoot=${shoot} isBusy=${busy === "photo"} />
    ${battery !== undefined && battery < HALF_BATTERY && html`<p class=${battery < LOW_BATTERY ? "note bad" : "small"}>${say("phone.walk.battery", { percent: Math.round(battery * 100) })}</p>`}
    <p class="small">${say("phone.walk.screen_on")}</p>
    <${Taken} recorder=${recorder} tried=${tried} />
    <div class="acts">
      ${(walk.photos ?? []).length < MOST ? html`<${Camera} shoot=${(/** @type {File} */ file) => shoot(file)} isBusy=${busy === "photo"} label="phone.walk.photo" kind="second" />` : html`<p class="note">${say("phone.photos.most", { count: MOST })}</p>`}
      <button class="second" onClick=${found}>${say("phone.walk.hazard")}</button>
      <button class="first" disabled=${busy === "keep"} onClick=${end}>${say("phone.walk.end")}</button>
    </div>
  </${Page}>`;
}

/**
 * Checkpoints: how many were reached, and a photo at the one that was reached last.
 * @param {{ recorder: import("../walk/recorder.js").Recorder, shoot: (file: File, checkpoint: string) => void, isBusy: boolean }} given
 */
function Stops({ recorder: { walk, checkpoints }, shoot, isBusy }) {
  if (!checkpoints.length) return null;
  const last = walk.checkins.at(-1);
  const name = checkpoints.find(({ code }) => code === last?.checkpoint)?.name ?? last?.checkpoint ?? "";
  const isOpen = last && last.photos.length < MOST;
  return html`<p class="note">${say("phone.walk.checkpoints", { done: walk.checkins.length, all: checkpoints.length })}
      ${last && html`<br />${say("phone.walk.at", { name, when: moment(last.at) })}`}</p>
    ${isOpen && html`<${Camera} key=${last.checkpoint} shoot=${(/** @type {File} */ file) => shoot(file, last.checkpoint)} isBusy=${isBusy} label="phone.walk.shoot_here" kind="second" />`}`;
}

/** Photos of this walk, to be looked at and taken out. @param {{ recorder: import("../walk/recorder.js").Recorder, tried: (what: string, work: () => Promise<any>) => Promise<void> }} given */
export function Taken({ recorder, tried }) {
  const taken = [...new Set(digestsOf(recorder.walk))];
  if (!taken.length) return null;
  return html`<h2>${say("phone.walk.photos")}</h2><div class="photos">${taken.map((sha256) => html`<${Shot} key=${sha256} owner=${recorder.walk.owner}
    sha256=${sha256} label=${say("phone.hazard.photo")} remove=${() => tried("keep", () => recorder.forget(sha256))} />`)}</div>`;
}

/** @returns {number | undefined} share of the battery that is left, where the browser says so */
function useBattery() {
  const [level, setLevel] = useState(/** @type {number | undefined} */ (undefined));
  useEffect(() => {
    /** @type {any} */
    let battery;
    const look = () => setLevel(battery.level);
    void /** @type {any} */ (navigator).getBattery?.().then((/** @type {any} */ found) => {
      battery = found;
      battery.addEventListener("levelchange", look);
      look();
    });
    return () => battery?.removeEventListener("levelchange", look);
  }, []);
  return level;
}
