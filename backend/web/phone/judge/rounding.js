// Rounding as the server does it: a half goes to the even neighbour, so that both name the same whole number.

/** @param {number} value @returns {number} the nearest whole number */
export function rounded(value) {
  const below = Math.floor(value), rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
