// Things that came down from the office, as this phone last saw them: they are shown when there is no signal.
import { database, one, written } from "./database.js";
import { changed } from "../news.js";

/** @param {string} owner @param {string} type @param {string} [id] @returns {Promise<any>} the body, or undefined */
export const thing = async (owner, type, id = "") => (await one("things", [owner, type, id]))?.body;

/** Everything of a type. @param {string} owner @param {string} type @returns {Promise<any[]>} */
export async function things(owner, type) {
  const rows = await (await database()).getAll("things", IDBKeyRange.bound([owner, type], [owner, type, []]));
  return rows.map(({ body }) => body);
}

/**
 * Put and remove what a sync told, together with the place from which to go on.
 * @param {string} owner
 * @param {{ type: string, id: string, op: "put" | "gone", body: any }[]} changes
 * @param {string} [cursor]
 * @param {boolean} [isAfresh] everything that is not told is gone
 */
export async function take(owner, changes, cursor, isAfresh = false) {
  await written(["things"], async ({ things: store }) => {
    if (isAfresh) {
      const told = new Set(["segment", "campaign", "order", "callout", "hazard", "case"]);
      for (let row = await store.openCursor(of(owner)); row; row = await row.continue()) {
        if (told.has(row.value.type)) await row.delete();
      }
    }
    for (const { type, id, op, body } of changes) {
      if (type === "hazard") await store.delete([owner, "case", id]); // it has changed: the whole of it is asked for again
      if (op === "gone") await store.delete([owner, type, id]);
      else await store.put({ owner, type, id, body });
    }
    if (cursor) await store.put({ owner, type: "cursor", id: "", body: cursor });
  });
  changed("things");
}

/** Keep one thing by itself. @param {string} owner @param {string} type @param {any} body @param {string} [id] */
export const keep = (owner, type, body, id = "") => take(owner, [{ type, id, op: "put", body }]);

/** What this phone remembers to have answered to a call, the office did not take. @param {string} owner @param {string} call */
export const unsay = (owner, call) => take(owner, [{ type: "said", id: call, op: "gone", body: null }]);

/** @param {string} owner */
const of = (owner) => IDBKeyRange.bound([owner], [owner, []]);
