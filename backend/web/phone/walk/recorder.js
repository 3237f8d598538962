// The recorder: positions of the walk that is going on, on the disk every ten seconds, with the screen kept awake.
import { alone } from "../alone.js";
import { LiveWalk } from "../judge/live_walk.js";
import { distanceM } from "../judge/measure.js";
import { keepPhoto } from "../disk/photos.js";
import { dropPhoto } from "../disk/queue.js";
import * as disk from "../disk/walks.js";

const EVERY_MS = 10_000;
const CHECKPOINT_M = 50;
/** A browser that was silent so long was asleep: the time counts as a gap. */
const ASLEEP_MS = 30_000;
/** What a position is good for whose accuracy is not known. */
const VAGUE_M = 100;
const MOST_VAGUE_M = 1e7;
/** The end of the year 9999, as far as times are written. */
const LATEST_MS = 253_402_300_799_999;

/** @typedef {import("../disk/walks.js").Walk} Walk @typedef {import("../disk/walks.js").Fix} Fix */
/** @typedef {{ code: string, name: string, lon: number, lat: number }} Checkpoint */

/** Records one walk. */
export class Recorder {
  /** Photos that are still made smaller. @type {Promise<unknown>} */
  #shots = Promise.resolve();

  /**
   * @param {Walk} walk
   * @param {{ reach: any, rule: any, level: import("../judge/rules.js").Level, isAssigned: boolean, checkpoints: Checkpoint[] }} where
   */
  constructor(walk, where) {
    this.walk = walk;
    this.where = where;
    this.checkpoints = where.checkpoints;
    this.live = where.reach ? new LiveWalk(where.reach, where.rule, where.level) : undefined;
    /** @type {Fix[]} */
    this.fixes = [];
    /** @type {Fix[]} */
    this.unsaved = [];
    /** @type {"waiting" | "good" | "vague" | "denied" | "silent"} how well the phone knows where it is */
    this.signal = "waiting";
    /** @type {unknown} why the last handful is not on the disk, if it is not */
    this.failure = undefined;
    this.heard_ms = Date.now();
  }

  /** Go on from what is on the disk, and listen. */
  async start() {
    this.fixes = await disk.fixesOf(this.walk.id);
    this.live?.add(this.fixes);
    this.#listen();
    this.timer = setInterval(() => this.#beat(), EVERY_MS);
    this.turn = () => { if (document.hidden) void this.save(); else void this.#stayAwake(); };
    this.leave = () => void this.save();
    document.addEventListener("visibilitychange", this.turn);
    addEventListener("pagehide", this.leave);
    await this.#stayAwake();
  }

  /** Listen no longer; what was heard is on the disk. */
  async stop() {
    if (this.watch !== undefined) navigator.geolocation.clearWatch(this.watch);
    clearInterval(this.timer);
    if (this.turn) document.removeEventListener("visibilitychange", this.turn);
    if (this.leave) removeEventListener("pagehide", this.leave);
    await this.lock?.release().catch(() => {});
    await this.save();
  }

  /** Put on the disk what is not there yet; one handful after the other. */
  save() {
    return alone(`walk-${this.walk.id}`, async () => {
      const handful = this.unsaved;
      this.unsaved = [];
      const { checkins, frozen, note, photos } = this.walk;
      try {
        await disk.add(this.walk.id, handful, { checkins, frozen, note, photos });
        this.failure = undefined;
      } catch (wrong) {
        this.unsaved = [...handful, ...this.unsaved];
        this.failure = wrong;
      }
    });
  }

  /**
   * A photo of the walk, or of a checkpoint that was reached. When this is over it is on the disk.
   * @param {File} file @param {string} [checkpoint] its code
   */
  shoot(file, checkpoint) {
    const shot = this.#shoot(file, checkpoint);
    this.#shots = Promise.allSettled([this.#shots, shot]);
    return shot;
  }

  /** When photos that were taken are on the disk, or were found not to be and that was told. */
  get photographed() { return this.#shots; }

  /** @param {File} file @param {string} [checkpoint] */
  async #shoot(file, checkpoint) {
    const sha256 = await keepPhoto(file, this.walk.owner);
    const stop = this.walk.checkins.find((each) => each.checkpoint === checkpoint);
    const photos = stop ? stop.photos : (this.walk.photos ??= []);
    if (!photos.includes(sha256)) photos.push(sha256);
    await this.keep();
  }

  /** One photo less. @param {string} sha256 */
  async forget(sha256) {
    const without = (/** @type {string[]} */ photos) => photos.filter((each) => each !== sha256);
    this.walk.photos = without(this.walk.photos ?? []);
    for (const stop of this.walk.checkins) stop.photos = without(stop.photos);
    await this.keep();
    await dropPhoto(sha256);
  }

  /** Put what is there on the disk; the reason where that cannot be. */
  async keep() {
    await this.save();
    if (this.failure) throw this.failure;
  }

  #listen() {
    if (this.watch !== undefined) navigator.geolocation.clearWatch(this.watch);
    this.watch = navigator.geolocation.watchPosition(
      (position) => this.#hear(position),
      (wrong) => this.#miss(wrong),
      { enableHighAccuracy: true, maximumAge: 0, timeout: 20_000 },
    );
  }

  /** @param {GeolocationPosition} position */
  #hear(position) {
    const fix = fixOf(position);
    if (!fix) return;
    this.heard_ms = Date.now();
    const accuracy_m = fix[3];
    this.signal = accuracy_m <= 30 ? "good" : "vague";
    this.fixes.push(fix);
    this.unsaved.push(fix);
    this.live?.add([fix]);
    this.#checkIn(fix);
  }

  /** @param {GeolocationPositionError} wrong */
  #miss(wrong) {
    this.signal = wrong.code === wrong.PERMISSION_DENIED ? "denied" : "silent";
  }

  #beat() {
    const now = Date.now();
    const before = this.beat_ms ?? now;
    this.beat_ms = now;
    if (now - before > ASLEEP_MS) this.walk.frozen.push([before, now]);
    if (now - this.heard_ms > ASLEEP_MS && this.signal !== "denied") this.signal = "silent";
    if (this.signal === "denied") {
      this.signal = "waiting";
      this.#listen(); // a watch that was refused stays dead though it is allowed now
    }
    void this.save();
  }

  /** Checkpoints check themselves in. @param {Fix} fix */
  #checkIn([lon, lat, at_ms, accuracy_m]) {
    if (accuracy_m > CHECKPOINT_M) return;
    for (const { code, ...there } of this.checkpoints) {
      const isIn = this.walk.checkins.some(({ checkpoint }) => checkpoint === code);
      if (!isIn && distanceM({ lon, lat }, there) <= CHECKPOINT_M) {
        this.walk.checkins.push({ checkpoint: code, at: new Date(at_ms).toISOString(), photos: [] });
      }
    }
  }

  /** The browser lets go of the lock whenever the page is hidden; without one the screen goes dark and the walk sleeps. */
  async #stayAwake() {
    try {
      this.lock = await navigator.wakeLock?.request("screen");
    } catch { /* not allowed now: the page says that the screen must stay on */ }
  }
}

/** One position, as soon as the phone has a good one, or the best within ten seconds. @returns {Promise<import("../disk/drafts.js").Place>} */
export function whereAmI() {
  return new Promise((done, fail) => {
    /** @type {GeolocationPosition | undefined} */
    let best;
    const finish = () => {
      navigator.geolocation.clearWatch(watch);
      clearTimeout(timer);
      if (best) done(placeOf(best));
      else fail(new Error("no position"));
    };
    const watch = navigator.geolocation.watchPosition((position) => {
      if (!fixOf(position)) return;
      if (!best || position.coords.accuracy < best.coords.accuracy) best = position;
      if (best.coords.accuracy <= 20) finish();
    }, finish, { enableHighAccuracy: true, maximumAge: 5_000, timeout: 10_000 });
    const timer = setTimeout(finish, 10_000);
  });
}

/** @param {GeolocationPosition} position one that fixOf takes */
const placeOf = (position) => {
  const [lon, lat, at_ms, accuracy_m] = /** @type {Fix} */ (fixOf(position));
  return { lon, lat, accuracy_m, at: new Date(at_ms).toISOString() };
};

/**
 * A position as it is kept; undefined for one that is nowhere: a single number that is none, and the office could not
 * take the whole walk.
 * @param {GeolocationPosition} position @returns {Fix | undefined}
 */
function fixOf({ coords: { longitude, latitude, accuracy }, timestamp }) {
  if (!(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90)) return undefined;
  const at_ms = timestamp > 0 && timestamp < LATEST_MS ? Math.round(timestamp) : Date.now();
  const accuracy_m = accuracy >= 0 && accuracy < MOST_VAGUE_M ? Math.round(accuracy * 10) / 10 : VAGUE_M;
  return [round7(longitude), round7(latitude), at_ms, accuracy_m];
}

/** @param {number} degrees */
const round7 = (degrees) => Math.round(degrees * 1e7) / 1e7;
