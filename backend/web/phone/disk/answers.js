// Answers to campaigns (排查回复): nothing found is an answer; what was found is told first and then named.
import { itemOf, enqueue, queued } from "./queue.js";
import { newId } from "./ids.js";
import { thing } from "./things.js";

/** @typedef {{ id: string, segment: string, name: string }} Asked a campaign, and the reach that it asks about */

/**
 * What was last said of a reach to a campaign, on this phone or as the office took it.
 * @param {string} owner @param {string} campaign @param {string} segment code
 * @returns {Promise<{ found: boolean, hazards: string[], state: import("./queue.js").State | "sent", problem?: string } | null>}
 */
export async function answered(owner, campaign, segment) {
  const here = (await queued(owner)).filter(({ type, body }) => type === "campaign_answer" && body.campaign === campaign && body.segment === segment);
  const last = here.at(-1);
  if (last) return { found: last.body.found, hazards: last.body.hazards ?? [], state: last.state, problem: last.problem };
  const sent = await thing(owner, "answer", `${campaign} ${segment}`);
  return sent ? { found: sent.found, hazards: sent.hazards, state: "sent" } : null;
}

/**
 * Nothing found (零报告). When this is over it is on the disk.
 * @param {string} owner @param {Asked} asked
 */
export async function nothingFound(owner, { id, segment, name }) {
  await enqueue(await answerItem(owner, { id, segment, name }, { found: false }));
}

/**
 * The answer that names a hazard, beside those that were named before: the last answer stands alone.
 * @param {string} owner @param {Asked} asked @param {string} hazard which goes to the office before it
 */
export async function foundItem(owner, asked, hazard) {
  const before = await answered(owner, asked.id, asked.segment);
  const known = before?.found && before.state !== "refused" ? before.hazards : [];
  return answerItem(owner, asked, { found: true, hazards: [...known.filter((each) => each !== hazard), hazard] }, [hazard]);
}

/** @param {string} owner @param {Asked} asked @param {any} said @param {string[]} [after] */
function answerItem(owner, { id, segment, name }, said, after = []) {
  const body = { campaign: id, segment, note: "", at: new Date().toISOString(), ...said };
  return itemOf({ id: newId(), owner, type: "campaign_answer", body, label: name, after });
}
