// Kinds of hazards as pictures: plain strokes that are known at a glance, so that nobody has to read a list.
import { html } from "htm/preact";

/** @type {Record<string, string>} strokes on a field of 48 by 48 */
const STROKES = {
  "four_illegal.dump": "M6 40h36M10 40l8-14 6 8 6-12 8 18M20 12l4 6 6-2",
  "four_illegal.occupy": "M6 40h36M10 40V20M20 40V20M30 40V20M40 40V20M6 26h36M6 34h36",
  "four_illegal.build": "M6 40h36M12 40V22l12-10 12 10v18M20 40V30h8v10",
  "four_illegal.mine": "M6 40h36M10 34c6-6 10 0 14-4s8-2 14 4M14 22l16-8 4 6-16 8zM34 20l6 8",
  "water.drift": "M6 34c6-6 10 6 18 0s12 6 18 0M14 26l6-8 8 4 8-6v10M6 42c6-6 10 6 18 0s12 6 18 0",
  "water.pollution": "M6 12h16v10H6M22 17h8v8M30 30c-6 8 6 8 0 0M6 40c6-6 10 6 18 0s12 6 18 0",
  "flood.seepage": "M6 40l14-24h10l12 24zM26 26c-6 8 6 8 0 0M32 34c-4 6 4 6 0 0",
  "flood.piping": "M6 40h36M24 40V26M24 26c-8-2-8-10 0-14 8 4 8 12 0 14M14 34l4 4M34 34l-4 4",
  "flood.levee_defect": "M6 40l14-24h10l12 24zM22 16l4 8-6 6 6 10",
  "flood.scour": "M6 12h20l-6 10 4 8-6 10M28 20c6 4 6 10 0 14M36 16c8 6 8 18 0 24",
  "flood.slide": "M6 40L20 12h10M20 22l16 18M26 20l16 20M6 40h36",
  "flood.overtopping": "M6 40l12-18h12l12 18zM4 18c6-6 10 6 18 0s12 6 20 0M34 22l6 8",
  "flood.sluice_fault": "M8 40V10h32v30M14 10v20h20V10M18 16l12 10M30 16L18 26",
  "flood.pump_fault": "M10 30a10 10 0 1 0 20 0a10 10 0 1 0-20 0M20 20V10h20v8M14 24l12 12M26 24L14 36",
  "flood.obstruction": "M4 34c6-6 10 6 18 0s14 6 22 0M12 28L36 12M18 14l14 14M24 10v20",
  "flood.blocked_drain": "M8 14h32v20H8zM16 14v20M24 14v20M32 14v20M6 42h36",
  "flood.wind": "M6 18h24c8 0 8-10 0-8M6 26h32c8 0 8 12-2 10M6 34h16",
};

/** In the order in which a village chief meets them. */
export const KINDS = Object.keys(STROKES);

/** @param {{ kind: string }} given */
export const Picture = ({ kind }) => html`<svg viewBox="0 0 48 48" aria-hidden="true"><path d=${STROKES[kind]} /></svg>`;
