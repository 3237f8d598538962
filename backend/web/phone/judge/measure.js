// Metres on the ground: a local plane per river and distances on WGS 84.

const AXIS_M = 6_378_137;
const FLATTENING = 1 / 298.257223563;
const ECCENTRICITY_2 = FLATTENING * (2 - FLATTENING);
const ECCENTRICITY = Math.sqrt(ECCENTRICITY_2);
// Up to here the mid-latitude formula agrees with the geodesic to a millimetre.
const SHORT_M = 2000;
const POLAR_DEG = 80;
const AWAY_M = 1e7;
const RADIANS = Math.PI / 180;

// Krüger's series of the transverse Mercator projection: to the fourth order it is right to a thousandth of a millimetre.
const N = FLATTENING / (2 - FLATTENING);
const RECTIFYING_M = (AXIS_M / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);
const SERIES = [
  N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3 + (41 / 180) * N ** 4,
  (13 / 48) * N ** 2 - (3 / 5) * N ** 3 + (557 / 1440) * N ** 4,
  (61 / 240) * N ** 3 - (103 / 140) * N ** 4,
  (49561 / 161280) * N ** 4,
];
const FARTHEST = 2.623395162778; // where the plane of the server's projection ends, too

/** A transverse Mercator plane in metres about a place; lengths are true to 1e-6 within 9 km of it. */
export class Plane {
  /** @param {number} lon degrees @param {number} lat degrees */
  constructor(lon, lat) {
    this.lon = lon;
    this.origin_m = projected(0, lat * RADIANS)[1];
  }

  /** Choose the plane for places in degrees, shared with its neighbours. @param {number[][]} places lon, lat */
  static around(places) {
    const middle = (/** @type {number} */ axis) => {
      const all = places.map((place) => place[axis]);
      return Number(((all.reduce(lesser) + all.reduce(greater)) / 2).toFixed(1));
    };
    return new Plane(middle(0), middle(1));
  }

  /** Turn degrees into plane metres; the far side of the earth is just far away. @param {number} lon @param {number} lat */
  metres(lon, lat) {
    const [x, y] = projected(turned(lon - this.lon) * RADIANS, lat * RADIANS);
    return Number.isFinite(x) ? [x, y - this.origin_m] : [AWAY_M, AWAY_M];
  }
}

/**
 * Measure the ground distance in metres between two positions in degrees.
 * @param {{ lon: number, lat: number }} a @param {{ lon: number, lat: number }} b
 */
export function distanceM(a, b) {
  const east = turned(b.lon - a.lon) * RADIANS;
  const middle = ((a.lat + b.lat) / 2) * RADIANS;
  const squeeze = 1 - ECCENTRICITY_2 * Math.sin(middle) ** 2;
  const eastM = (AXIS_M / Math.sqrt(squeeze)) * Math.cos(middle) * east;
  const northM = ((AXIS_M * (1 - ECCENTRICITY_2)) / (squeeze * Math.sqrt(squeeze))) * (b.lat - a.lat) * RADIANS;
  const metres = Math.hypot(eastM, northM * Math.cos(east / 2));
  return metres < SHORT_M && Math.abs(a.lat + b.lat) / 2 < POLAR_DEG ? metres : geodesicM(a, b, east);
}

/**
 * Vincenty's inverse formula. Nearly opposite places, for which it finds no end, are told some kilometres wrong.
 * @param {{ lat: number }} a @param {{ lat: number }} b @param {number} east radians
 */
function geodesicM(a, b, east) {
  const reducedA = Math.atan((1 - FLATTENING) * Math.tan(a.lat * RADIANS));
  const reducedB = Math.atan((1 - FLATTENING) * Math.tan(b.lat * RADIANS));
  const [sinA, cosA, sinB, cosB] = [Math.sin(reducedA), Math.cos(reducedA), Math.sin(reducedB), Math.cos(reducedB)];
  let lambda = east, sinSigma = 0, cosSigma = 1, sigma = 0, cos2Alpha = 1, cos2Middle = 0;
  for (let round = 0, before = Infinity; round < 100 && Math.abs(lambda - before) > 1e-13; round++) {
    sinSigma = Math.hypot(cosB * Math.sin(lambda), cosA * sinB - sinA * cosB * Math.cos(lambda));
    if (sinSigma === 0) return 0;
    cosSigma = sinA * sinB + cosA * cosB * Math.cos(lambda);
    sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (cosA * cosB * Math.sin(lambda)) / sinSigma;
    cos2Alpha = 1 - sinAlpha ** 2;
    cos2Middle = cos2Alpha > 0 ? cosSigma - (2 * sinA * sinB) / cos2Alpha : 0; // nought along the equator
    const c = (FLATTENING / 16) * cos2Alpha * (4 + FLATTENING * (4 - 3 * cos2Alpha));
    before = lambda;
    const bend = cos2Middle + c * cosSigma * (2 * cos2Middle ** 2 - 1);
    lambda = east + (1 - c) * FLATTENING * sinAlpha * (sigma + c * sinSigma * bend);
  }
  const u2 = (cos2Alpha * ECCENTRICITY_2) / (1 - ECCENTRICITY_2);
  const big = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
  const small = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
  const tail = (small / 6) * cos2Middle * (4 * sinSigma ** 2 - 3) * (4 * cos2Middle ** 2 - 3);
  const off = small * sinSigma * (cos2Middle + (small / 4) * (cosSigma * (2 * cos2Middle ** 2 - 1) - tail));
  return AXIS_M * (1 - FLATTENING) * big * (sigma - off);
}

/** East and north in metres of a place, in radians from a meridian and the equator. @param {number} east @param {number} lat */
function projected(east, lat) {
  const tangent = Math.tan(lat);
  const sigma = Math.sinh(ECCENTRICITY * Math.atanh(ECCENTRICITY * Math.sin(lat)));
  const conformal = tangent * Math.sqrt(1 + sigma ** 2) - sigma * Math.sqrt(1 + tangent ** 2);
  const north = Math.atan2(conformal, Math.cos(east));
  const across = Math.asinh(Math.sin(east) / Math.hypot(conformal, Math.cos(east)));
  let [x, y] = [across, north];
  SERIES.forEach((factor, index) => {
    const order = 2 * (index + 1);
    x += factor * Math.cos(order * north) * Math.sinh(order * across);
    y += factor * Math.sin(order * north) * Math.cosh(order * across);
  });
  return Math.abs(x) <= FARTHEST ? [RECTIFYING_M * x, RECTIFYING_M * y] : [Infinity, Infinity];
}

/** Degrees of longitude, the short way round. @param {number} degrees */
function turned(degrees) {
  return degrees >= -180 && degrees < 180 ? degrees : ((((degrees + 180) % 360) + 360) % 360) - 180;
}

const lesser = (/** @type {number} */ a, /** @type {number} */ b) => Math.min(a, b);
const greater = (/** @type {number} */ a, /** @type {number} */ b) => Math.max(a, b);
