// What this phone knows of a reach: its line, its checkpoints, the rule of today, and whose minimum is asked.
import { thing } from "../disk/things.js";

/** @param {string} owner @param {string} code of the segment */
export async function whereOf(owner, code) {
  const [reach, rule, me] = await Promise.all([thing(owner, "reach", code), thing(owner, "rule"), thing(owner, "me")]);
  const mine = me?.segments.find((/** @type {any} */ each) => each.code === code);
  const checkpoints = (reach?.properties.checkpoints ?? []).map((/** @type {any} */ each) => ({
    code: each.code, name: each.name, lon: each.at[0], lat: each.at[1],
  }));
  return { reach: rule && reach, rule, level: /** @type {import("../judge/rules.js").Level} */ (mine?.level ?? "village"), isAssigned: Boolean(mine), checkpoints };
}
