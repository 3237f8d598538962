// Training (培训签到): the code from the screen of the hall is handed in at once, for it holds for seconds; then the quiz.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { Page } from "../parts/frame.js";
import { Trouble, ask } from "../server/office.js";
import { whereAmI } from "../walk/recorder.js";
import { say } from "../words.js";

/** So long a position is waited for: the code is over after some twenty seconds. */
const PATIENCE_MS = 4_000;

/** @param {{ owner: string, id: string }} given */
export function Train({ owner, id }) {
  if (!id) return html`<${Page} title=${say("phone.train.title")} back="" owner=${owner}><p class="note">${say("phone.train.no_code")}</p></${Page}>`;
  return html`<${Attended} owner=${owner} id=${id} />`;
}

/** @param {{ owner: string, id: string }} given */
function Attended({ owner, id }) {
  const [found, setFound] = useState(/** @type {any} */ (null));
  const [trouble, setTrouble] = useState("");
  const [tries, setTries] = useState(0);
  useEffect(() => {
    setTrouble("");
    void attend(owner, id).then(setFound, (wrong) => setTrouble(sentenceOf(wrong)));
  }, [tries]);
  const mine = found?.training.mine, title = found?.training.title;
  return html`<${Page} title=${say("phone.train.title")} back="" owner=${owner}>
    ${!found && !trouble && html`<p class="note" role="status">${say("phone.train.busy")}</p>`}
    ${trouble && html`<p class="note bad" role="alert">${trouble}</p><div class="acts"><button class="first" onClick=${() => setTries(tries + 1)}>${say("phone.train.again")}</button></div>`}
    ${found && html`<p class="verdict ${mine.doubtful ? "doubtful" : "valid"}" role="status">${say(found.new ? "phone.train.done" : "phone.train.known", { title })}</p>
      ${mine.doubtful && html`<p class="note bad">${say("phone.train.doubtful", { metres: Math.round(mine.distance_m) })}</p>`}
      ${found.training.quiz ? html`<${Quiz} owner=${owner} session=${found.training} />` : html`<p class="big">${say("phone.train.hours", { hours: mine.hours })}</p>`}`}
  </${Page}>`;
}

/** @param {{ owner: string, session: any }} given */
function Quiz({ owner, session }) {
  const { quiz, mine } = session;
  const [taken, setTaken] = useState(/** @type {number[][]} */ (quiz.questions.map(() => [])));
  const [came, setCame] = useState(/** @type {any} */ (mine.hours > 0 ? { passed: true, hours: mine.hours } : null));
  const [trouble, setTrouble] = useState("");
  const take = (/** @type {number} */ at, /** @type {number} */ choice, /** @type {boolean} */ many) => setTaken(taken.map((each, place) => (
    place !== at ? each : !many ? [choice] : each.includes(choice) ? each.filter((one) => one !== choice) : [...each, choice])));
  const send = () => ask(owner, "POST", `/trainings/${session.id}/quiz`, { answers: taken }).then(
    (said) => { setTrouble(""); setCame(said); }, (wrong) => setTrouble(sentenceOf(wrong)));
  const result = came && html`<p class="verdict ${came.passed ? "valid" : "doubtful"}" role="status">${came.right === undefined ? "" : say("phone.train.right", { right: came.right, of: came.of })}${say(came.passed ? "phone.train.passed" : "phone.train.failed", { hours: came.hours })}</p>`;
  if (came?.passed) return result;
  return html`<h2>${say("phone.train.quiz", { pass_mark: quiz.pass_mark })}</h2>${result}
    ${quiz.questions.map((/** @type {any} */ question, /** @type {number} */ at) => html`<fieldset key=${at}><legend>${at + 1}. ${question.text}${question.many ? `（${say("phone.train.many")}）` : ""}</legend>
      ${question.choices.map((/** @type {string} */ choice, /** @type {number} */ place) => html`<label class="choice" key=${place}><input type=${question.many ? "checkbox" : "radio"} name=${`q${at}`} checked=${taken[at].includes(place)} onChange=${() => take(at, place, question.many)} /> ${choice}</label>`)}</fieldset>`)}
    ${trouble && html`<p class="note bad" role="alert">${trouble}</p>`}
    <div class="acts"><button class="first" disabled=${taken.some((each) => each.length === 0)} onClick=${send}>${say("phone.train.send")}</button></div>`;
}

/** Hand the code in, with a position where there is one soon enough. @param {string} owner @param {string} code */
async function attend(owner, code) {
  const late = new Promise((done) => { setTimeout(done, PATIENCE_MS); });
  const place = await Promise.race([whereAmI().catch(() => undefined), late]);
  const where = place && { location: { lon: place.lon, lat: place.lat }, accuracy_m: place.accuracy_m };
  return ask(owner, "POST", "/trainings/attend", { code, ...where });
}

/** Why it did not go, and without an answer that it needs signal. @param {unknown} wrong */
function sentenceOf(wrong) {
  if (!(wrong instanceof Trouble)) throw wrong;
  return wrong.isOffice && !wrong.passes ? wrong.message : say("phone.train.offline");
}
