// The page's own scripts give the native bits:  node web/test/page.mjs FOLDER
//
// FOLDER holds what tests/page_cases.c wrote: reports, and what native code computed of some of their profiles.  The
// script of each report's engine, the engine, the program and the draws are taken from the page.  Closes with 'N
// passed, N failed'.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";

const [folder] = process.argv.slice(2);
const script = readFileSync(new URL("../engine.js", import.meta.url), "utf8");

function element(page, id) {
  const found = page.match(new RegExp(`<script[^>]* id="${id}">([^]*?)</script>`));
  if (!found) throw new Error(`the page has no ${id}`);
  return found[1];
}

function doubles(path) {
  const bytes = readFileSync(path);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const bitsOf = (value) => new BigUint64Array(new Float64Array([value]).buffer)[0];
const same = (a, b) => (Number.isNaN(a) && Number.isNaN(b)) || bitsOf(a) === bitsOf(b);

function expectSame(what, found, expected) {
  if (found.length !== expected.length) throw new Error(`${found.length} ${what} instead of ${expected.length}`);
  const wrong = found.findIndex((value, k) => !same(value, expected[k]));
  if (wrong >= 0) throw new Error(`${what}: number ${wrong} is ${found[wrong]}, natively ${expected[wrong]}`);
}

async function openPage(name) {
  const page = readFileSync(join(folder, `${name}.html`), "utf8");
  const parley = {};
  vm.runInThisContext(`(function (parley) {${script}})`)(parley);
  const playing = JSON.parse(element(page, "parley-data")).parts.playing;
  const bytes = await parley.engine.inflate(parley.engine.bytesOf(element(page, "parley-wasm")));
  const engine = await parley.engine.core().open(parley.engine.settings(playing, bytes));
  const weights = new Float64Array(parley.engine.bytesOf(playing.weights).buffer);
  const facts = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
  return { parley, playing, engine, weights, facts };
}

function coursesOf(playing, profile) {
  const courses = [];
  for (let a = playing.actors.length - 1; a >= 0; a--) {
    courses[a] = profile % playing.actors[a].courses.length;
    profile = Math.floor(profile / playing.actors[a].courses.length);
  }
  return courses;
}

// All futures of a state, chunk by chunk as the page does.
function runState({ parley, playing, engine }, state) {
  const asked = parley.engine.request(playing, { set: new Map(), fixed: new Map(), ...state });
  const results = parley.engine.collect(engine.facts, playing.futures);
  for (const { first, count } of parley.engine.chunksOf(playing.futures))
    parley.engine.add(results, engine.facts, engine.run(asked, first, count));
  results.futures = playing.futures;
  return results;
}

function compareProfiles(name, page) {
  const { facts, playing, weights, parley } = page;
  const measures = doubles(join(folder, `${name}.measures`)), payoffs = doubles(join(folder, `${name}.payoffs`));
  const paths = doubles(join(folder, `${name}.paths`)), { futures, points, variables } = facts;
  facts.profiles.forEach((profile, k) => {
    const results = runState(page, { courses: coursesOf(playing, profile) });
    results.measures.forEach((row, m) =>
      expectSame(`measures of profile ${profile}`, [...row],
        [...measures.subarray((k * facts.measures + m) * futures).subarray(0, futures)]));
    parley.engine.payoffs(playing, weights, results).forEach((row, a) =>
      expectSame(`payoffs of profile ${profile}`, [...row],
        [...payoffs.subarray((k * facts.actors + a) * futures).subarray(0, futures)]));
    const shown = Math.min(variables, playing.outputs.length);
    for (let v = 0; v < shown; v++) {
      const native = paths.subarray((k * variables + v) * points * futures).subarray(0, points * futures);
      const found = Array.from(native, (_, i) => results.series[v][i % futures][Math.floor(i / futures)]);
      expectSame(`series of profile ${profile}`, found, [...native]);
    }
  });
  console.log(`${name}: ${facts.profiles.length} profiles, ${measures.length} measures, ${payoffs.length} payoffs and ${paths.length} points are the same`);
}

// Sliders set to what a course of numbers sets from the start give that course.
function compareSliders(name, page) {
  const { playing } = page;
  let tried = 0;
  playing.actors.forEach((actor, a) => actor.courses.forEach((course, c) => {
    const levers = new Set(actor.levers.map(({ input }) => input));
    const plain = course.changes.length && !course.rules &&
      course.changes.every(([step, input]) => step === playing.act && levers.has(input));
    if (!plain || actor.courses[playing.base[a]].changes.length || tried > 4) return;
    const courses = [...playing.base];
    const set = new Map(course.changes.map(([, input, value]) => [input, value]));
    const sliders = runState(page, { courses: [...courses], set });
    courses[a] = c;
    const native = runState(page, { courses });
    native.measures.forEach((row, m) => expectSame(`measures by sliders for course ${course.name}`,
      [...sliders.measures[m]], [...row]));
    tried++;
  }));
  console.log(`${name}: sliders give ${tried} courses`);
}

// An uncertainty that is fixed where a future has it changes nothing in that future, and something in others.
function compareFixed(name, page) {
  const { playing, parley } = page, courses = playing.base;
  const draws = new Float64Array(parley.engine.bytesOf(playing.draws).buffer);
  const drawn = runState(page, { courses });
  let moved = 0;
  playing.uncertainties.slice(0, 12).forEach((item, u) => {
    const future = (7 * u) % playing.futures, value = draws[u * playing.futures + future];
    const fixed = runState(page, { courses, fixed: new Map([[u, value]]) });
    drawn.measures.forEach((row, m) => {
      if (!same(row[future], fixed.measures[m][future])) throw new Error(`${item.name} fixed at its own value changes future ${future}`);
      moved += row.some((number, f) => !same(number, fixed.measures[m][f]));
    });
  });
  if (playing.uncertainties.length && !moved) throw new Error("fixing uncertainties changes nothing");
  console.log(`${name}: uncertainties fixed at a future's own values leave it as it was`);
}

let passed = 0, failed = 0;
for (const file of readdirSync(folder).sort()) {
  if (!file.endsWith(".html")) continue;
  const name = file.slice(0, -".html".length);
  let page;
  for (const compare of [compareProfiles, compareSliders, compareFixed]) {
    try {
      page ??= await openPage(name);
      compare(name, page);
      passed++;
    } catch (why) {
      failed++;
      console.log(`FAILED ${name}: ${why.stack}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || passed < 9 ? 1 : 0);
