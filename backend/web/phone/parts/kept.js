// What a page shows of the disk, read again whenever news says that it changed.
import { useEffect, useState } from "preact/hooks";
import { whenChanged } from "../news.js";

/**
 * @template T
 * @param {() => Promise<T>} load
 * @param {string[]} nouns whose news makes it be read again
 * @param {any[]} [of] what else it depends on
 * @returns {T | undefined} undefined until it was read
 */
export function useKept(load, nouns, of = []) {
  const [value, setValue] = useState(/** @type {T | undefined} */ (undefined));
  useEffect(() => {
    let isShown = true;
    let isReading = false;
    let isStale = false;
    // One reading at a time: of a queue of hundreds that is being sent, news comes faster than it can be read and drawn.
    const read = async () => {
      isStale = true;
      if (isReading) return;
      isReading = true;
      try {
        while (isStale && isShown) {
          isStale = false;
          const found = await load();
          if (isShown) setValue(found);
        }
      } finally {
        isReading = false;
      }
    };
    void read();
    const stop = whenChanged((noun) => { if (nouns.includes(noun)) void read(); });
    return () => { isShown = false; stop(); };
  }, of);
  return value;
}

/** Draw again every so often: clocks, and how long ago something was. @param {number} every_ms */
export function useTicks(every_ms) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), every_ms);
    return () => clearInterval(timer);
  }, [every_ms]);
}
