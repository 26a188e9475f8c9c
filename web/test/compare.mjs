// The engine as WebAssembly gives the native bits:  node web/test/compare.mjs WASM FOLDER
//
// FOLDER holds what tests/wasm_cases.c wrote: programs, inputs, and the rows and measures that native code computed.
// Closes with 'N passed, N failed'.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [wasm, folder] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(wasm), {});
const engine = instance.exports;
engine._initialize?.();

// A copy of bytes in the engine's memory.
function put(bytes) {
  const at = engine.take(Math.max(bytes.length, 8));
  if (!at) throw new Error("out of memory");
  new Uint8Array(engine.memory.buffer, at, bytes.length).set(bytes);
  return at;
}

function bits(at, count) {
  return new BigUint64Array(engine.memory.buffer, at, count);
}

// How many of the numbers differ from the bits in a file.
function differences(what, at, expected) {
  const want = new BigUint64Array(expected.buffer.slice(expected.byteOffset, expected.byteOffset + expected.length));
  const got = bits(at, want.length);
  let count = 0;
  for (let i = 0; i < want.length; i++) {
    if (got[i] === want[i]) continue;
    if (count++ === 0) console.log(`  first of the ${what} that differs: number ${i}`);
  }
  return count;
}

function compare(name) {
  const read = (kind) => readFileSync(join(folder, `${name}.${kind}`));
  const facts = JSON.parse(read("json"));
  const program = engine.program_load(put(read("program")), read("program").length);
  if (!program) throw new Error("the program does not load");
  if (engine.program_measure_count(program) !== facts.measures) throw new Error("another number of measures");
  const track = engine.track_new(program, put(read("changes")), facts.changes);
  const block = engine.block_new(program, facts.lanes);
  if (!track || !block) throw new Error("out of memory");
  const futures = new BigUint64Array(facts.lanes).map((_, lane) => BigInt(facts.first_future + lane));
  const rows = engine.take(facts.rows * facts.outputs * facts.lanes * 8);
  const measures = engine.take(facts.measures * facts.lanes * 8);
  engine.block_start(block, track, put(read("values")), facts.lanes, put(new Uint8Array(futures.buffer)),
    facts.seed_low, facts.seed_high, facts.lanes);
  const saved = engine.block_run(program, block, track, engine.program_steps(program), rows);
  if (saved !== facts.rows) throw new Error(`${saved} rows instead of ${facts.rows}`);
  engine.block_measure(block, measures, facts.lanes, 0);
  const wrong = differences("rows", rows, read("rows")) + differences("measures", measures, read("measures"));
  if (wrong) throw new Error(`${wrong} numbers differ`);
  console.log(`${name}: ${facts.rows * facts.outputs * facts.lanes} values and ${facts.measures * facts.lanes} measures are the same`);
}

let passed = 0, failed = 0;
for (const file of readdirSync(folder).sort()) {
  if (!file.endsWith(".json")) continue;
  const name = file.slice(0, -".json".length);
  try {
    compare(name);
    passed++;
  } catch (why) {
    failed++;
    console.log(`FAILED ${name}: ${why.message}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || passed < 3 ? 1 : 0);
