// Why a walk will not count, or be doubted: the codes of the server that a phone can foresee, and what each makes of it.

/** @typedef {"valid" | "doubtful" | "invalid"} Outcome */
/**
 * A code with its outcome and the values of its sentence.
 * @typedef {{ code: string, outcome: Outcome, [value: string]: unknown }} Because
 */

const INVALID = ["no_track", "segment_ended", "not_assigned", "too_far", "driven", "too_little", "too_short"];
const DOUBTFUL = ["mock_location", "clock", "incomplete_track", "unsorted", "late"];
// The weightiest for a walker first.
const CODES = [...INVALID, ...DOUBTFUL];
const WORST = /** @type {Outcome[]} */ (["invalid", "doubtful", "valid"]);

/**
 * A reason with the outcome of the table unless the values name another.
 * @param {string} code @param {object} values @returns {Because}
 */
export function because(code, values = {}) {
  return { code, outcome: INVALID.includes(code) ? "invalid" : "doubtful", ...values };
}

/** The outcome of all of them together. @param {Because[]} reasons @returns {Outcome} */
export function worst(reasons) {
  return WORST.find((outcome) => reasons.some((reason) => reason.outcome === outcome)) || "valid";
}

/** The one that decides first: by outcome, then by the order of the codes. @param {Because[]} reasons */
export function inOrder(reasons) {
  const rank = (/** @type {Because} */ reason) => WORST.indexOf(reason.outcome) * CODES.length + CODES.indexOf(reason.code);
  return [...reasons].sort((a, b) => rank(a) - rank(b));
}
