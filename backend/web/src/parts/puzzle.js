// A number for which the digest of a text begins with enough zero bits. SHA-256 is written out (FIPS 180-4): what the
// browser has is not there without https, and answers one digest after the other too slowly.
const FIRST = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
const ROUNDS = constants();
const PIECE = 4000;

/**
 * The answer of a puzzle as the house writes it; `bits` stands in its second part. The page stays alive meanwhile.
 * @param {string} puzzle
 * @returns {Promise<string>}
 */
export async function solved(puzzle) {
  const bits = Number(puzzle.split(".")[1]);
  for (let number = 0; ; number += 1) {
    if (zeros(`${puzzle}:${number}`) >= bits) return String(number);
    if (number % PIECE === PIECE - 1) await new Promise((done) => setTimeout(done));
  }
}

/**
 * With how many zero bits the digest of a text of plain letters begins; as far as its first 32.
 * @param {string} text
 */
export function zeros(text) {
  return Math.clz32(digest(text)[0]);
}

/**
 * SHA-256 of a text of plain letters, as eight words.
 * @param {string} text
 * @returns {number[]}
 */
export function digest(text) {
  const blocks = Math.floor((text.length + 8) / 64) + 1;
  const words = new Array(blocks * 16).fill(0);
  for (let place = 0; place < text.length; place += 1) words[place >> 2] |= text.charCodeAt(place) << (24 - (place % 4) * 8);
  words[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
  words[words.length - 1] = text.length * 8;
  const state = [...FIRST];
  for (let block = 0; block < words.length; block += 16) mixed(state, words.slice(block, block + 16));
  return state.map((word) => word >>> 0);
}

/**
 * One block into the state.
 * @param {number[]} state
 * @param {number[]} w
 */
function mixed(state, w) {
  for (let i = 16; i < 64; i += 1) {
    const s0 = turned(w[i - 15], 7) ^ turned(w[i - 15], 18) ^ (w[i - 15] >>> 3);
    const s1 = turned(w[i - 2], 17) ^ turned(w[i - 2], 19) ^ (w[i - 2] >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS[i] + w[i]) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = (state[i] + word) | 0));
}

/**
 * @param {number} word
 * @param {number} by
 */
function turned(word, by) {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits behind the point of the cube roots of the first 64 primes. */
function constants() {
  /** @type {number[]} */
  const primes = [];
  for (let number = 2; primes.length < 64; number += 1) if (primes.every((prime) => number % prime)) primes.push(number);
  return primes.map((prime) => ((Math.cbrt(prime) % 1) * 2 ** 32) | 0);
}
