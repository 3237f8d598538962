// Something tried on a page: whether it is going on, and what went wrong, in a sentence.
import { useState } from "preact/hooks";
import { isFull } from "../disk/database.js";

/**
 * @returns {{ busy: string, trouble: string, failed: string, tried: (what: string, work: () => Promise<any>) => Promise<void> }}
 *   busy: what is going on, of several what began first; failed: what went wrong; trouble: the key of what went wrong, by
 *   `phone.trouble.` and what it was
 */
export function useTried() {
  const [running, setRunning] = useState(/** @type {string[]} */ ([]));
  const [trouble, setTrouble] = useState("");
  const [failed, setFailed] = useState("");
  const tried = async (/** @type {string} */ what, /** @type {() => Promise<any>} */ work) => {
    setRunning((all) => [...all, what]);
    setTrouble("");
    try {
      await work();
    } catch (wrong) {
      setFailed(what);
      setTrouble(isFull(wrong) ? "phone.trouble.full" : `phone.trouble.${what}`);
    } finally {
      setRunning((all) => all.filter((_, at) => at !== all.indexOf(what)));
    }
  };
  return { busy: running[0] ?? "", trouble, failed, tried };
}
