// An order (总河长令、巡查指令、督办函、一县一单): its text, by when it is due, and what I say of it or do.
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { Page } from "../parts/frame.js";
import { useKept } from "../parts/kept.js";
import { left, moment, until } from "../parts/times.js";
import { useTried } from "../parts/tried.js";
import { go } from "../routes.js";
import { sayOf, wordsOn } from "../disk/orders.js";
import { thing } from "../disk/things.js";
import { send } from "../server/sending.js";
import { say } from "../words.js";

/** @param {{ owner: string, id: string }} given */
export function Order({ owner, id }) {
  const order = useKept(async () => (await thing(owner, "order", id)) ?? null, ["things"], [owner, id]);
  const words = useKept(() => wordsOn(owner, id), ["queue"], [owner, id]);
  const [text, setText] = useState("");
  const { busy, trouble, tried } = useTried();
  const isUnread = order && words && !order.withdrawn && words.length === 0 && order.mine.some((/** @type {any} */ each) => !each.read_at);
  useEffect(() => { if (isUnread) void sayOf(owner, order, "read").then(() => send({ atOnce: true })); }, [Boolean(isUnread)]);
  if (order === undefined || words === undefined) return null;
  if (order === null) return html`<${Page} title=${say("phone.order.title")} back="mine"><p class="note">${say("phone.hazards.not_here")}</p></${Page}>`;
  const tell = (/** @type {"sign" | "answer"} */ said) => tried("keep", async () => {
    await sayOf(owner, order, said, text);
    setText("");
    void send({ atOnce: true });
  });
  const own = order.mine[0];
  const refused = words.find((each) => each.problem);
  const waits = words.some((each) => !each.problem && each.body.said !== "read");
  const isDone = order.mine.every((/** @type {any} */ each) => each.done_at);
  const isAnswered = order.wanted === "answer" || order.wanted === "report";
  return html`<${Page} title=${order.title} back="mine" owner=${owner} kind="order">
    <p class="big">${say(`today.task.order.${order.wanted}`)}${own?.segment ? say("phone.order.where", { name: own.segment.name }) : ""}</p>
    <p class="note">${order.withdrawn ? say("phone.order.withdrawn", { reason: order.withdrawn.reason }) : say(order.is_due ? "phone.mine.late" : "phone.mine.due", { when: until(order.due_at) }) + (order.is_due ? "" : say("phone.comma") + left(order.due_at))}</p>
    ${(isDone || waits) && html`<p class="verdict valid" role="status">${isDone ? say("phone.order.done", { when: moment(own?.done_at ?? order.due_at) }) : say("phone.order.kept")}</p>`}
    ${refused && html`<p class="note bad">${refused.problem}</p>`}
    ${trouble && html`<p class="note bad" role="alert">${say(trouble)}</p>`}
    <p class="pre">${order.text}</p>
    <p class="note">${say("phone.order.by", { name: order.by.name, when: moment(order.made_at) })}</p>
    ${!order.withdrawn && html`<div class="acts">
      ${order.wanted === "patrol" && !isDone && html`<button class="first" onClick=${() => go("")}>${say("phone.order.walk")}</button>`}
      ${order.wanted === "report" && !isDone && html`<button class="first" onClick=${() => go("hazards")}>${say("phone.order.report")}</button>`}
      ${order.wanted === "sign" && !isDone && !waits && html`<button class="first" disabled=${busy !== ""} onClick=${() => tell("sign")}>${say("phone.order.sign")}</button>`}
      ${isAnswered && html`<label>${say("phone.order.answer")}<textarea rows="4" value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)}></textarea></label>
        <button class="second" disabled=${busy !== "" || !text.trim()} onClick=${() => tell("answer")}>${say("phone.order.send")}</button>`}
    </div>`}
  </${Page}>`;
}
