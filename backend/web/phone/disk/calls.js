// Calls (叫应) as this phone knows them: which one rings, and what was answered.
import { newId } from "./ids.js";
import { enqueue, itemOf, queued } from "./queue.js";
import { thing, things } from "./things.js";

const LEVELS = ["red", "orange", "yellow", "blue"];
/** They take the whole screen. */
const LOUD = new Set(["red", "orange"]);

/**
 * Calls that a person has not answered yet, the gravest first.
 * @param {string} owner
 * @returns {Promise<any[]>}
 */
export async function unanswered(owner) {
  const open = (await things(owner, "callout")).filter(isOpen);
  open.sort((one, other) => LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level));
  const said = await Promise.all(open.map(({ id }) => lastSaid(owner, id)));
  return open.filter((_, at) => !said[at]);
}

/** The call that takes the whole screen. @param {string} owner */
export const ringing = async (owner) => (await unanswered(owner)).find(({ level }) => LOUD.has(level));

/** @param {any} call */
export const isOpen = ({ warning_state, state }) => warning_state === "issued" && state !== "closed";

/** What was said last to a call: on this phone, or at the office. @param {string} owner @param {string} id @returns {Promise<{ status: string, isSent: boolean } | null>} */
export async function lastSaid(owner, id) {
  const waiting = (await queued(owner)).filter(({ type, body, state }) => type === "ack" && body.callout === id && state === "waiting").pop();
  if (waiting) return { status: waiting.body.status, isSent: false };
  const sent = (await thing(owner, "said", id)) ?? (await thing(owner, "callout", id))?.answers?.at(-1);
  return sent ? { status: sent.status, isSent: true } : null;
}

/**
 * Answer a call. When this is over it is on the disk.
 * @param {string} owner @param {string} id @param {string} status @param {string} label
 */
export async function answer(owner, id, status, label) {
  const body = { callout: id, status, note: "", at: new Date().toISOString() };
  const item = await itemOf({ id: newId(), owner, type: "ack", body, label });
  await enqueue(item, { type: "said", id, body: { status } });
}
