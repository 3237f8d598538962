// One photo, small, and large when it is touched: of this phone's disk, or of the office when there is signal.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { photo } from "../disk/photos.js";
import { Trouble, lookAt } from "../server/office.js";
import { say } from "../words.js";

/**
 * @param {{ owner: string, sha256: string, label: string, remove?: () => void }} given
 *   remove: take it out of what is being written
 */
export function Shot({ owner, sha256, label, remove }) {
  const [isLarge, setLarge] = useState(false);
  const address = useAddress(owner, sha256, "thumb");
  if (address === null) return html`<span class="shot" role="img" aria-label=${label}>${say("phone.shot.later")}</span>`;
  return html`<button class="look" onClick=${() => setLarge(true)} aria-label=${say("phone.shot.look", { label })}>
      ${address ? html`<img class="shot" src=${address} alt=${label} />` : html`<span class="shot"></span>`}</button>
    ${isLarge && html`<${Large} owner=${owner} sha256=${sha256} label=${label} remove=${remove} close=${() => setLarge(false)} />`}`;
}

/** @param {{ owner: string, sha256: string, label: string, remove?: () => void, close: () => void }} given */
function Large({ owner, sha256, label, remove, close }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [isSure, setSure] = useState(false);
  const address = useAddress(owner, sha256, "view");
  useEffect(() => dialog.current?.showModal(), []);
  return html`<dialog class="large" ref=${dialog} aria-label=${label} onClose=${close}>
    ${address && html`<img src=${address} alt=${label} />`}
    <button class="second" onClick=${() => dialog.current?.close()}>${say("phone.shot.close")}</button>
    ${remove && (isSure
      ? html`<button class="danger" onClick=${() => { dialog.current?.close(); remove(); }}>${say("phone.shot.remove_yes")}</button>`
      : html`<button class="quiet" onClick=${() => setSure(true)}>${say("phone.shot.remove")}</button>`)}
  </dialog>`;
}

/**
 * Where the page finds a photo: "" while it is looked for, null where it cannot be had now.
 * @param {string} owner @param {string} sha256 @param {"thumb" | "view"} size
 */
function useAddress(owner, sha256, size) {
  const [address, setAddress] = useState(/** @type {string | null} */ (""));
  useEffect(() => {
    let made = "", isShown = true;
    void found(owner, sha256, size).then((blob) => {
      if (isShown) setAddress(blob && (made = URL.createObjectURL(blob)));
    });
    return () => { isShown = false; if (made) URL.revokeObjectURL(made); };
  }, [sha256, size]);
  return address;
}

/** @param {string} owner @param {string} sha256 @param {"thumb" | "view"} size @returns {Promise<Blob | null>} */
async function found(owner, sha256, size) {
  const here = await photo(sha256);
  if (here) return here;
  try {
    return await lookAt(owner, sha256, size);
  } catch (wrong) {
    if (!(wrong instanceof Trouble)) throw wrong;
    return null;
  }
}
