// Words on orders (指令的阅知、签收、回复): kept on the disk first, and what was said last shows at once.
import { itemOf, enqueue, queued } from "./queue.js";
import { newId } from "./ids.js";

/**
 * What this phone has said of an order and the office has not taken yet, the first first.
 * @param {string} owner @param {string} order
 */
export async function wordsOn(owner, order) {
  return (await queued(owner)).filter(({ type, body }) => type === "order_word" && body.order === order);
}

/**
 * Say of an order that it is read, signed or answered. When this is over it is on the disk.
 * @param {string} owner @param {{ id: string, title: string }} order @param {"read" | "sign" | "answer"} said @param {string} [text]
 */
export async function sayOf(owner, { id, title }, said, text = "") {
  const body = { order: id, said, text, at: new Date().toISOString() };
  await enqueue(await itemOf({ id: newId(), owner, type: "order_word", body, label: title }));
}
