// What makes two things the same: SHA-256 over bytes, and over a body in its one canonical form (RFC 8785).

/** @param {BufferSource} bytes @returns {Promise<string>} 64 hexadecimal digits */
export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The canonical JSON of a value: members in the order of their UTF-16 code units, numbers as JavaScript writes them.
 * @param {any} value
 * @returns {string}
 */
function canonical(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.keys(value).filter((name) => value[name] !== undefined).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

/** The digest that the server's receipt names: of the body without what the phone says of itself. @param {any} body */
export async function bodyDigest(body) {
  const { client: _claims, ...said } = body;
  return sha256(new TextEncoder().encode(canonical(said)));
}
