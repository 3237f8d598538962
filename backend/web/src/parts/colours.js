// The colours of a map are the tokens of the style sheet: read from there, never written again.

const root = getComputedStyle(document.documentElement);

/** @param {string} name */
const token = (name) => root.getPropertyValue(`--${name}`).trim();

export const colours = Object.fromEntries(
  ["ink", "muted", "line", "paper", "sheet", "river", "blue", "yellow", "orange", "red", "ok", "late", "drill"].map((name) => [name, token(name)]),
);

export const FONT = '"PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", system-ui, sans-serif';

/** Colour and sign of a risk. @type {Record<string, [string, string]>} */
const RISKS = {
  low: [colours.blue, ""], moderate: [colours.yellow, "▲ "], high: [colours.orange, "◆ "], extreme: [colours.red, "■ "],
};

/** @param {string | undefined} level @returns {[string, string]} */
export function ofRisk(level) {
  return RISKS[level ?? ""] ?? [colours.muted, ""];
}

/** The longer nobody walked, the louder. @param {number | undefined} days @returns {[string, string]} */
export function ofDays(days) {
  if (days === undefined || days === null) return [colours.late, "✕ "];
  if (days <= 7) return [colours.ok, ""];
  if (days <= 14) return [colours.yellow, "▲ "];
  return days <= 30 ? [colours.orange, "◆ "] : [colours.red, "■ "];
}
