// Which walk this tab is recording: the live one of whoever holds the phone, whatever page is open, in one tab at a time.
import { live } from "../disk/walks.js";
import { whenChanged } from "../news.js";
import { whereOf } from "./reach.js";
import { Recorder } from "./recorder.js";

/** A walk that another tab began is that tab's to record; this one comes in only where that one does not. */
const AFTER_YOU_MS = 2_000;

/** @type {Recorder | undefined} */
let recorder;
/** @type {{ owner: string, walk: string, over: AbortController } | undefined} the walk that is recorded or waited for */
let wanted;

/** @returns {Recorder | undefined} undefined also while another tab records */
export const recording = () => recorder;

/** Record whatever is walked, from now on; also a walk that was going on when the phone died. @param {string} owner */
export function keepRecording(owner) {
  let isOver = false;
  const look = async () => {
    const walk = await live(owner);
    if (isOver || (walk?.id === wanted?.walk && owner === wanted?.owner)) return;
    wanted?.over.abort();
    wanted = walk && { owner, walk: walk.id, over: new AbortController() };
    if (walk && wanted) void record(walk, wanted.over.signal);
  };
  void look();
  const stop = whenChanged((noun, isOurs) => {
    if (noun === "walk") setTimeout(look, isOurs ? 0 : AFTER_YOU_MS);
  });
  return () => {
    stop();
    isOver = true;
    wanted?.over.abort();
    wanted = undefined;
  };
}

/** @param {import("../disk/walks.js").Walk} walk @param {AbortSignal} over */
async function record(walk, over) {
  const work = async () => {
    const found = await live(walk.owner);
    if (over.aborted || found?.id !== walk.id) return;
    const made = new Recorder(found, await whereOf(walk.owner, walk.segment));
    recorder = made;
    await made.start();
    await new Promise((done) => { if (over.aborted) done(undefined); else over.addEventListener("abort", done); });
    recorder = undefined;
    await made.stop();
  };
  await seen(over);
  if (!navigator.locks) return work();
  return navigator.locks.request(`walking-${walk.owner}`, { signal: over }, work).catch((wrong) => {
    if (wrong.name !== "AbortError") throw wrong;
  });
}

/** A tab that nobody looks at hears no positions: it must not take the walk from one that is looked at. @param {AbortSignal} over */
const seen = (over) => new Promise((done) => {
  const look = () => {
    if (document.hidden && !over.aborted) return;
    document.removeEventListener("visibilitychange", look);
    done(undefined);
  };
  document.addEventListener("visibilitychange", look);
  look();
});
