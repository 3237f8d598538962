// The office: the public API as this phone asks it. A call answers, or says in one word why not.
import { refreshToken, renew, withToken } from "../disk/accounts.js";
import { language } from "../words.js";
import { isFull, set, setting } from "../disk/database.js";

const BASE = "/api/v1";
const PATIENCE_MS = 30_000;
const PATIENCE_FOR_PHOTOS_MS = 180_000;
/** An access token is not used in its last seconds: it would be over before it arrives. */
const SPARE_MS = 20_000;

/** Short-lived tokens, by person; only in memory. @type {Map<string, { token: string, until: number }>} */
const access = new Map();

/** What a problem of the office says to a person: of a single flaw what is wrong, not that one is. @param {any} problem */
export const told = (problem) => (problem?.errors?.length === 1 ? problem.errors[0].detail : problem?.detail || problem?.title);

/** The office did not answer, or said no. */
export class Trouble extends Error {
  /** @param {number} status 0 when there was no answer @param {any} [problem] RFC 9457 @param {number} [wait_s] */
  constructor(status, problem, wait_s = 0) {
    super(told(problem) || `${status}`);
    this.status = status;
    this.problem = problem;
    this.wait_s = wait_s;
  }

  /** Whether it may go better later, without anybody doing anything. */
  get passes() { return [0, 408, 425, 429].includes(this.status) || this.status >= 500 || (!this.isOffice && this.status !== 413); }

  /** Whether the office itself says so, and not a portal or a proxy on the way to it. */
  get isOffice() { return typeof this.problem?.type === "string"; }

  /** Whether the person has to sign in again. */
  get isStranger() { return this.status === 401 && this.isOffice; }
}

/**
 * Sign in.
 * @param {string} phone @param {string} password @param {string} [device_id]
 * @returns {Promise<{ person: any, refresh_token: string }>}
 */
export async function signIn(phone, password, device_id) {
  const pair = paired(await plain("POST", "/auth/login", { phone, password, ...(device_id && { device_id }) }));
  remember(pair.person.id, pair);
  return pair;
}

/** The first password, by the code that the office gave. @param {string} phone @param {string} code @param {string} password */
export const activate = (phone, code, password) => plain("POST", "/auth/activate", { phone, code, new: password });

/** Another one, by the code of a reset. @param {string} phone @param {string} code @param {string} password */
export const resetPassword = (phone, code, password) => plain("POST", "/auth/reset", { phone, code, new: password });

/** This device is signed out. @param {string} owner */
export async function signOut(owner) {
  await ask(owner, "POST", "/auth/logout", {}).catch(() => {});
  access.delete(owner);
}

/**
 * Ask as somebody, as JSON.
 * @param {string} owner @param {string} method @param {string} path below `/api/v1` @param {any} [body]
 * @returns {Promise<any>} what the office said; a Trouble otherwise
 */
export async function ask(owner, method, path, body) {
  return read(await asked(owner, method, path, body === undefined ? undefined : JSON.stringify(body), "application/json"));
}

/**
 * A photo or a recording, unless the office has it.
 * @param {string} owner @param {string} sha256
 * @param {{ bytes: ArrayBuffer, type: string }} file
 */
export async function sendFile(owner, sha256, { bytes, type }) {
  const path = `/${type.startsWith("audio/") ? "recordings" : "photos"}/${sha256}`;
  try {
    const { headers } = await asked(owner, "HEAD", path);
    if (headers.get("ETag")?.includes(sha256)) return;
    throw new Trouble(0); // a portal says yes to everything: the bytes leave the phone only for an office that names them
  } catch (wrong) {
    if (!(wrong instanceof Trouble) || wrong.status !== 404) throw wrong;
  }
  const kept = await read(await asked(owner, "PUT", path, bytes, type, PATIENCE_FOR_PHOTOS_MS));
  if (kept?.sha256 !== sha256 || kept.state !== "stored") throw new Trouble(0);
}

/**
 * A photo that is at the office.
 * @param {string} owner @param {string} sha256 @param {"thumb" | "view"} size @returns {Promise<Blob>}
 */
export const lookAt = async (owner, sha256, size) => (await asked(owner, "GET", `/photos/${sha256}?size=${size}`)).blob();

/** A recording that is at the office. @param {string} owner @param {string} sha256 @returns {Promise<Blob>} */
export const hear = async (owner, sha256) => (await asked(owner, "GET", `/recordings/${sha256}`)).blob();

/**
 * @param {string} owner @param {string} method @param {string} path
 * @param {BodyInit} [body] @param {string} [type] @param {number} [patience_ms]
 */
async function asked(owner, method, path, body, type, patience_ms = PATIENCE_MS) {
  const again = async () => {
    const token = await accessToken(owner);
    return call(method, path, body, { Authorization: `Bearer ${token}`, ...(body !== undefined && type && { "Content-Type": type }) }, patience_ms);
  };
  try {
    return await again();
  } catch (wrong) {
    if (!(wrong instanceof Trouble) || !wrong.isStranger || !access.has(owner)) throw wrong;
    access.delete(owner);
    return again();
  }
}

/** A token that lives; made anew by one tab at a time, for the office takes a refresh token once. @param {string} owner */
async function accessToken(owner) {
  const known = access.get(owner);
  if (known && known.until > Date.now()) return known.token;
  return withToken(owner, async () => {
    const other = access.get(owner);
    if (other && other.until > Date.now()) return other.token;
    const refresh = await refreshToken(owner);
    if (!refresh) throw new Trouble(401, { type: "about:blank" });
    let pair;
    try {
      pair = paired(await plain("POST", "/auth/refresh", { refresh_token: refresh }));
    } catch (wrong) {
      if (wrong instanceof Trouble && wrong.isStranger) await renew(owner, undefined);
      throw wrong;
    }
    // On a full phone the old one is kept, and works on: nobody has used the new one to make another.
    await renew(owner, pair.refresh_token).catch((wrong) => { if (!isFull(wrong)) throw wrong; });
    return remember(owner, pair);
  });
}

/** @param {string} owner @param {{ access_token: string, expires_in: number }} pair */
function remember(owner, { access_token, expires_in }) {
  access.set(owner, { token: access_token, until: Date.now() + expires_in * 1000 - SPARE_MS });
  return access_token;
}

/** @param {string} method @param {string} path @param {any} body */
async function plain(method, path, body) {
  return read(await call(method, path, JSON.stringify(body), { "Content-Type": "application/json" }, PATIENCE_MS));
}

/** Two tokens, as the office gives them; whatever else came in their place was none of its answers. @param {any} pair */
function paired(pair) {
  if (typeof pair?.access_token !== "string" || typeof pair.refresh_token !== "string") throw new Trouble(0);
  return pair;
}

/** What was answered; a page of a portal, or half an answer, is none. @param {Response} response @returns {Promise<any>} */
async function read(response) {
  if (response.status === 204) return undefined;
  try {
    return await response.json();
  } catch {
    throw new Trouble(0);
  }
}

/**
 * The answer, with all of its bytes: one that stops in the middle must not be waited for until the app is closed.
 * @param {string} method @param {string} path @param {BodyInit | undefined} body
 * @param {Record<string, string>} headers @param {number} patience_ms
 */
async function call(method, path, body, headers, patience_ms) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience_ms);
  /** @type {Response} */
  let response;
  try {
    const rest = { method, body, signal: stop.signal, cache: /** @type {const} */ ("no-store") };
    const begun = await fetch(BASE + path, { ...rest, headers: { "Accept-Language": language(), ...headers } });
    const hasBody = method !== "HEAD" && begun.status !== 204;
    response = new Response(hasBody ? await begun.arrayBuffer() : null, begun);
  } catch {
    throw new Trouble(0);
  } finally {
    clearTimeout(timer);
  }
  await compareClocks(response.headers.get("Date"));
  if (response.ok) return response;
  const isOurs = response.headers.get("Content-Type")?.startsWith("application/problem+json");
  const problem = isOurs ? await response.json().catch(() => ({ type: "about:blank" })) : undefined; // a HEAD has no body
  throw new Trouble(response.status, problem, Number(response.headers.get("Retry-After")) || 0);
}

/** By how much this phone's clock is ahead of the office, in ms, as last seen. */
export const clockAhead = async () => /** @type {Promise<number>} */ (setting("clock_ahead", 0));

/** @param {string | null} said the moment of the answer, to the second */
async function compareClocks(said) {
  if (!said) return;
  const ahead = Date.now() - Date.parse(said);
  const known = await clockAhead();
  if (Math.abs(ahead - known) <= 5_000) return;
  await set("clock_ahead", Math.abs(ahead) < 5_000 ? 0 : ahead).catch(() => {}); // a full phone still hears what the office says
}
