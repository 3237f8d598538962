// Answers questions about walks by the phone's judge: a question is a line of JSON, and so is its answer.
import { createInterface } from "node:readline";
import { forecast } from "../../backend/web/phone/judge/forecast.js";
import { LiveWalk } from "../../backend/web/phone/judge/live_walk.js";
import { distanceM, Plane } from "../../backend/web/phone/judge/measure.js";
import { Reach } from "../../backend/web/phone/judge/reach.js";

const answers = {
  forecast: ({ asked }) => forecast(asked),
  live({ asked, batch }) {
    const live = new LiveWalk(asked.reach, asked.rule, asked.level);
    let remade = 0, walk = live.walk;
    for (let first = 0; first < asked.fixes.length; first += batch) {
      live.add(asked.fixes.slice(first, first + batch));
      if (live.walk !== walk) remade += 1;
      walk = live.walk;
    }
    const { covered, length_m, near_s, nearest_m, needed } = live;
    return { covered, length_m, near_s, nearest_m, ...needed, remade };
  },
  sights({ reach, places }) {
    const seen = new Reach(reach);
    return places.map(([lon, lat]) => seen.sight({ lon, lat })).map((sight) => [sight.chainage_m, sight.edge_m]);
  },
  metres: ({ around, places }) => places.map(([lon, lat]) => new Plane(...around).metres(lon, lat)),
  distances: ({ pairs }) =>
    pairs.map(([[lon, lat], [otherLon, otherLat]]) => distanceM({ lon, lat }, { lon: otherLon, lat: otherLat })),
};

function answer(line) {
  try {
    const question = JSON.parse(line);
    return { answer: answers[question.ask](question) };
  } catch (error) {
    return { failure: String(error.stack) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(line))}\n`);
}
