// A voice note (录音) while it is spoken: at most two minutes, on the disk every few seconds.
export const MOST_S = 120;
const PART_EVERY = 4;
const SECOND_MS = 1_000;
/** What is asked for, the smallest first; an iPhone has the second only. */
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

/** @returns {string | undefined} what this browser can write */
const typeHere = () => (navigator.mediaDevices && typeof MediaRecorder !== "undefined" ? TYPES.find((each) => MediaRecorder.isTypeSupported(each)) : undefined);

/** Records one voice note. */
export class Speaking {
  /** @type {Blob[]} */
  #heard = [];
  /** @type {(() => void)[]} */
  #ends = [];
  begun_ms = Date.now();

  /**
   * Listen; the person is asked for the microphone.
   * @param {(soFar: Blob) => Promise<void>} keepPart what was said so far goes on the disk
   * @param {(said: Blob, seconds: number) => void} finish it is over, by whatever means
   * @returns {Promise<Speaking>} an Error where there is no microphone, or no right to it
   */
  static async begin(keepPart, finish) {
    const type = typeHere();
    if (!type) throw new Error("no recorder");
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    return new Speaking(stream, type, keepPart, finish);
  }

  /** @param {MediaStream} stream @param {string} type @param {(soFar: Blob) => Promise<void>} keepPart @param {(said: Blob, seconds: number) => void} finish */
  constructor(stream, type, keepPart, finish) {
    this.recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32_000 });
    this.recorder.ondataavailable = ({ data }) => {
      if (data.size) this.#heard.push(data);
      if (this.#heard.length % PART_EVERY === 0) void keepPart(this.#soFar()).catch(() => {});
    };
    this.recorder.onstop = () => {
      for (const end of this.#ends) end();
      finish(this.#soFar(), this.seconds);
    };
    const timer = setTimeout(() => this.stop(), MOST_S * SECOND_MS);
    const turn = () => { if (document.hidden) this.stop(); };
    document.addEventListener("visibilitychange", turn);
    this.#ends.push(() => clearTimeout(timer), () => document.removeEventListener("visibilitychange", turn), () => stream.getTracks().forEach((track) => track.stop()));
    this.#listenTo(stream);
    this.recorder.start(SECOND_MS);
  }

  get seconds() { return Math.max(1, Math.min(MOST_S, Math.round((Date.now() - this.begun_ms) / SECOND_MS))); }

  /** It is over; what was said is told to whoever began. */
  stop() { if (this.recorder.state !== "inactive") this.recorder.stop(); }

  /** How loud it is now, 0 to 1. */
  get level() {
    if (!this.ear) return 0;
    const wave = new Uint8Array(this.ear.fftSize);
    this.ear.getByteTimeDomainData(wave);
    return wave.reduce((most, each) => Math.max(most, Math.abs(each - 128)), 0) / 128;
  }

  #soFar() { return new Blob(this.#heard, { type: this.recorder.mimeType.split(";")[0] }); }

  /** @param {MediaStream} stream */
  #listenTo(stream) {
    const context = new AudioContext();
    this.ear = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(this.ear);
    this.#ends.push(() => void context.close());
  }
}
