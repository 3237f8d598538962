// One recording: of this phone's disk, or of the office when somebody wants to hear it.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { photo } from "../disk/photos.js";
import { Trouble, hear } from "../server/office.js";
import { say } from "../words.js";

/** @param {{ owner: string, sha256: string, seconds?: number, isAsked?: boolean }} given isAsked: it is brought without a touch */
export function Heard({ owner, sha256, seconds, isAsked = false }) {
  const [address, setAddress] = useState("");
  const [isAway, setAway] = useState(false);
  const bring = async () => {
    try {
      setAddress(URL.createObjectURL((await photo(sha256)) ?? (await hear(owner, sha256))));
    } catch (wrong) {
      if (!(wrong instanceof Trouble)) throw wrong;
      setAway(true);
    }
  };
  useEffect(() => { if (isAsked) void bring(); }, [sha256]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  const label = seconds ? say("phone.voice.seconds", { seconds }) : say("phone.voice.one");
  if (address) return html`<audio controls src=${address} aria-label=${label}></audio>`;
  return html`<button class="second" onClick=${bring}>${say(isAway ? "phone.hazards.not_here" : "phone.voice.hear")}</button>`;
}
