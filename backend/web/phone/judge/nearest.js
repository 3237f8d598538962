// The nearest place on a line, in plane metres, for positions that come one after the other.

// Positions that follow each other lie close together, so few legs of the river matter to all of them.
const AROUND_M = 100;
const FEW = 8;

/** The straight legs of one or more lines, in plane metres. */
export class Legs {
  /** @param {number[][][]} lines vertices x, y of each line, in metres */
  constructor(lines) {
    const ends = /** @type {number[][]} */ ([]);
    for (const line of lines) {
      for (let vertex = 1; vertex < line.length; vertex++) ends.push([...line[vertex - 1], ...line[vertex]]);
    }
    this.x = Float64Array.from(ends, (end) => end[0]);
    this.y = Float64Array.from(ends, (end) => end[1]);
    this.stepX = Float64Array.from(ends, (end) => end[2] - end[0]);
    this.stepY = Float64Array.from(ends, (end) => end[3] - end[1]);
    // A leg of no length keeps its place (its start) without dividing by nought.
    this.squares = Float64Array.from(ends, (_, leg) => this.stepX[leg] ** 2 + this.stepY[leg] ** 2 || 1);
    this.everything = ends.map((_, leg) => leg);
    this.looked = { x: NaN, y: NaN, legs: this.everything };
  }

  /** Find the nearest leg, the fraction along it and the metres to it. @param {number} x @param {number} y */
  nearest(x, y) {
    return this.nearestOf(this.worthALook(x, y), x, y);
  }

  /** @param {number[]} legs @param {number} x @param {number} y */
  nearestOf(legs, x, y) {
    const best = { leg: 0, fraction: 0, square: Infinity };
    for (const leg of legs) {
      const fraction = this.fraction(leg, x, y);
      const square = this.square(leg, fraction, x, y);
      if (square < best.square) Object.assign(best, { leg, fraction, square });
    }
    return { leg: best.leg, fraction: best.fraction, metres: Math.sqrt(best.square) };
  }

  /** Those among which the nearest leg is, kept while positions stay about one place. @param {number} x @param {number} y */
  worthALook(x, y) {
    if (this.everything.length <= FEW) return this.everything;
    if (Math.hypot(x - this.looked.x, y - this.looked.y) <= AROUND_M) return this.looked.legs;
    const metres = this.everything.map((leg) => Math.sqrt(this.square(leg, this.fraction(leg, x, y), x, y)));
    // By the triangle inequality no nearest leg of a place about here is further from here than this.
    const most = metres.reduce((a, b) => Math.min(a, b), Infinity) + 2 * AROUND_M + 1e-6;
    this.looked = { x, y, legs: this.everything.filter((leg) => metres[leg] <= most) };
    return this.looked.legs;
  }

  /** @param {number} leg @param {number} x @param {number} y */
  fraction(leg, x, y) {
    const along = (x - this.x[leg]) * this.stepX[leg] + (y - this.y[leg]) * this.stepY[leg];
    return Math.min(Math.max(along / this.squares[leg], 0), 1);
  }

  /** @param {number} leg @param {number} fraction @param {number} x @param {number} y */
  square(leg, fraction, x, y) {
    const east = x - this.x[leg] - fraction * this.stepX[leg];
    const north = y - this.y[leg] - fraction * this.stepY[leg];
    return east * east + north * north;
  }
}
