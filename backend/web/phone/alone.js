// Alone: work that one tab does at a time, though several are open.

/** The last work of each name, where the browser knows no locks. @type {Map<string, Promise<any>>} */
const last = new Map();

/**
 * Work of that name: whoever comes second waits, in this tab or another.
 * @template T
 * @param {string} name @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function alone(name, work) {
  if (navigator.locks) return navigator.locks.request(name, work);
  const mine = (last.get(name) ?? Promise.resolve()).catch(() => {}).then(work);
  last.set(name, mine);
  return mine;
}
