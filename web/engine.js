// The engine in the page: runs of a compiled program (web/engine.c as WebAssembly), the same bits as native code gives.
//
//     parley.engine.open(playing, bytes) -> engine      playing: what src/report/playing.c writes; bytes: the .wasm
//     engine.run(request, {futures, shown}) -> cancel   shown(results) is called as chunks of futures come in
//     engine.close()
// A request is {changes: [[step, input, value]], fixed: [[uncertainty, value]]}.  Results are {futures (how many there
// are), complete, measures: [measure] Float64Array over futures, failed: Uint8Array, series: [output][future]
// Float64Array over times}.  Whoever computes elsewhere (a server) gives an object with the same run and close.
parley.engine = (() => {
  "use strict";

  // What runs in each worker, from its own text: nothing outside of it is used.  Under node it is called as it is.
  function core() {
    const notAvailable = -(2 ** 109);
    const lanesOf = (count) => Math.ceil(count / 16) * 16;

    // bytes: the module; program: the saved program; draws: [uncertainty][futures]; inputs: its input for each
    // uncertainty.
    async function open({ bytes, program, draws, futures, inputs, seed }) {
      const { instance } = await WebAssembly.instantiate(bytes, {});
      const wasm = instance.exports;
      wasm._initialize?.();

      function put(data) {
        const at = wasm.take(Math.max(8, data.byteLength));
        if (!at) throw new Error("out of memory");
        new Uint8Array(wasm.memory.buffer, at, data.byteLength).set(new Uint8Array(data.buffer, data.byteOffset,
          data.byteLength));
        return at;
      }

      const at = put(program);
      const loaded = wasm.program_load(at, program.byteLength);
      wasm.release(at);
      if (!loaded) throw new Error("the program does not load");
      const facts = { steps: wasm.program_steps(loaded), rows: wasm.program_rows(loaded),
        act: wasm.program_act_step(loaded),
        inputs: wasm.program_input_count(loaded), measures: wasm.program_measure_count(loaded),
        outputs: wasm.program_output_count(loaded) };

      // Levers at the model's values: what all profiles share until courses begin to act.
      const history = wasm.track_new(loaded, 0, 0);
      if (!history) throw new Error("out of memory");

      function trackOf(changes) {
        const bytes_ = new ArrayBuffer(16 * changes.length), view = new DataView(bytes_);
        changes.forEach(([step, input, value], k) => {
          view.setInt32(16 * k, step, true);
          view.setInt32(16 * k + 4, input, true);
          view.setFloat64(16 * k + 8, value, true);
        });
        const list = put(new Uint8Array(bytes_));
        const track = facts.act > 0 ? wasm.track_branch(loaded, history, facts.act, list, changes.length)
          : wasm.track_new(loaded, list, changes.length);
        wasm.release(list);
        if (!track) throw new Error("out of memory");
        return track;
      }

      // A chunk of futures with its block, and its state where courses begin to act, which stays for the next request.
      const chunks = new Map();

      function makeChunk(first, count) {
        const lanes = lanesOf(count), block = wasm.block_new(loaded, lanes),
          size = wasm.program_slab_size(loaded, lanes);
        const rows = wasm.take(Math.max(8, facts.rows * facts.outputs * lanes * 8));
        const measures = wasm.take(Math.max(8, facts.measures * lanes * 8)), failed = wasm.take(lanes);
        const values = wasm.take(Math.max(8, facts.inputs * lanes * 8)), slab = wasm.take(size);
        const numbers = put(new BigUint64Array(lanes).map((_, lane) => BigInt(first + Math.min(lane, count - 1))));
        if (!block || !rows || !measures || !failed || !values || !slab) throw new Error("out of memory");
        return { first, count, lanes, block, size, rows, measures, failed, values, slab, numbers, key: null, saved: 0 };
      }

      function fillValues(chunk, fixed) {
        const values = new Float64Array(wasm.memory.buffer, chunk.values, facts.inputs * chunk.lanes);
        inputs.forEach((input, u) => {
          const from = u * futures + chunk.first;
          for (let lane = 0; lane < chunk.count; lane++) values[input * chunk.lanes + lane] = draws[from + lane];
        });
        for (const [u, value] of fixed) values.fill(value, inputs[u] * chunk.lanes,
          inputs[u] * chunk.lanes + chunk.count);
      }

      // To where courses begin to act; from memory where the uncertainties are the same as before.
      function runHistory(chunk, track, fixed) {
        const key = JSON.stringify(fixed);
        if (chunk.key === key && facts.act > 0) {
          const bytes_ = new Uint8Array(wasm.memory.buffer), state = wasm.block_slab(chunk.block);
          bytes_.copyWithin(state, chunk.slab, chunk.slab + chunk.size);
          wasm.block_set_step(chunk.block, facts.act);
          return;
        }
        chunk.key = null;
        fillValues(chunk, fixed);
        wasm.block_start(chunk.block, track, chunk.values, chunk.lanes, chunk.numbers, seed[0], seed[1], chunk.count);
        chunk.saved = facts.act > 0 ? wasm.block_run(loaded, chunk.block, history, facts.act, chunk.rows) : 0;
        const state = wasm.block_slab(chunk.block);
        new Uint8Array(wasm.memory.buffer).copyWithin(chunk.slab, state, state + chunk.size);
        chunk.key = key;
      }

      // Missing is what is not finite, and :NA:.
      const known = (value) => (Number.isFinite(value) && value !== notAvailable ? value : NaN);

      function gather(chunk) {
        const { count, lanes } = chunk, memory = wasm.memory.buffer;
        const rows = new Float64Array(memory, chunk.rows, facts.rows * facts.outputs * lanes);
        const series = new Float64Array(facts.outputs * count * facts.rows);
        for (let row = 0; row < facts.rows; row++)
          for (let output = 0; output < facts.outputs; output++)
            for (let lane = 0; lane < count; lane++)
              series[(output * count + lane) * facts.rows + row] =
                known(rows[(row * facts.outputs + output) * lanes + lane]);
        const taken = new Float64Array(memory, chunk.measures, facts.measures * lanes);
        const measures = new Float64Array(facts.measures * count);
        for (let m = 0; m < facts.measures; m++) measures.set(taken.subarray(m * lanes, m * lanes + count), m * count);
        return { first: chunk.first, count, measures, series, failed: new Uint8Array(memory, chunk.failed,
          count).slice() };
      }

      // Futures first .. first + count - 1 of a request.
      function run({ changes, fixed }, first, count) {
        const name = `${first}+${count}`;
        if (!chunks.has(name)) chunks.set(name, makeChunk(first, count));
        const chunk = chunks.get(name), track = trackOf(changes);
        runHistory(chunk, facts.act > 0 ? history : track, fixed);
        wasm.block_run(loaded, chunk.block, track, facts.steps,
          chunk.rows + chunk.saved * facts.outputs * chunk.lanes * 8);
        wasm.block_measure(chunk.block, chunk.measures, chunk.lanes, chunk.failed);
        wasm.track_free(track);
        return gather(chunk);
      }

      return { facts, run };
    }

    return { open };
  }

  // Bytes of base64; a gzip stream (as the .wasm file is embedded) is taken apart by inflate.
  function bytesOf(base64) {
    const text = atob(base64.trim()), bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }

  async function inflate(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  // What a worker, or the core under node, is opened with.
  function settings(playing, bytes) {
    return { bytes, program: bytesOf(playing.program), draws: new Float64Array(bytesOf(playing.draws).buffer),
      futures: playing.futures, inputs: playing.drawn, seed: playing.seed };
  }

  // ---- what a state asks for -----------------------------------------------------------------------------------

  // Of courses (one for each actor), levers that are set and uncertainties that are fixed (Maps).  A lever that is set
  // takes the place of all that courses say of it, drawn values among them.
  function request(playing, { courses, set, fixed }) {
    const levers = playing.actors.flatMap((actor) => actor.levers), replaced = new Set();
    for (const lever of levers)
      if (set.has(lever.input)) [lever.input, ...lever.armed].forEach((input) => replaced.add(input));
    const changes = playing.actors.flatMap((actor, a) => actor.courses[courses[a]].changes)
      .filter(([, input]) => !replaced.has(input));
    for (const [input, value] of set) changes.push([playing.act, input, value]);
    return { changes, fixed: [...fixed] };
  }

  // Each actor's payoffs over the futures: sums in the order in which native code sums them. weights: [drawn][futures].
  function payoffs(playing, weights, { measures, futures }) {
    return playing.actors.map((actor) => {
      const sums = new Float64Array(futures);
      for (const { measure, per, weight, drawn } of actor.wants)
        for (let f = 0; f < futures; f++)
          sums[f] += ((drawn === undefined
            ? weight : weights[drawn * playing.futures + f]) * measures[measure][f]) / per;
      return sums;
    });
  }

  // ---- workers -----------------------------------------------------------------------------------------------

  // In a worker: opens once, then answers each job.
  function serve(core_) {
    let engine;
    self.onmessage = async ({ data }) => {
      try {
        if (data.settings) engine = await core_().open(data.settings);
        if (data.settings) return self.postMessage({ ready: true });
        const result = engine.run(data.request, data.first, data.count);
        self.postMessage({ id: data.id, result }, [result.measures.buffer, result.series.buffer, result.failed.buffer]);
      } catch (error) {
        self.postMessage({ id: data.id, error: String(error.message ?? error) });
      }
    };
  }

  // The first futures alone, so that they come fast; then the others, a chunk for each worker in turn.
  function chunksOf(futures) {
    const chunks = [];
    for (let first = 0, size = 32; first < futures; first += size, size = 48)
      chunks.push({ first, count: Math.min(first ? 48 : 32, futures - first) });
    return chunks;
  }

  function collect(facts, futures) {
    return { futures: 0, complete: false, failed: new Uint8Array(futures),
      measures: Array.from({ length: facts.measures }, () => new Float64Array(futures).fill(NaN)),
      series: Array.from({ length: facts.outputs }, () => new Array(futures).fill(null)) };
  }

  function add(results, facts, { first, count, measures, series, failed }) {
    for (let m = 0; m < facts.measures; m++) results.measures[m].set(measures.subarray(m * count, (m + 1) * count),
      first);
    results.failed.set(failed, first);
    for (let output = 0; output < facts.outputs; output++)
      for (let k = 0; k < count; k++)
        results.series[output][first + k] = series.subarray((output * count + k) * facts.rows,
          (output * count + k + 1) * facts.rows);
  }

  function startWorker(address, message) {
    const worker = new Worker(address);
    return new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message || "a worker does not start"));
      worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(worker));
      worker.postMessage({ settings: message });
    });
  }

  async function open(playing, bytes) {
    const message = settings(playing, bytes);
    const code = `"use strict";(${serve})(${core});`;
    const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    const count = Math.max(1, Math.min(4, navigator.hardwareConcurrency ?? 2));
    const workers = await Promise.all(Array.from({ length: count }, () => startWorker(address, message)));
    URL.revokeObjectURL(address);
    const facts = { measures: playing.measures.length, outputs: playing.outputs.length, rows: playing.times.length };
    const idle = [...workers], queue = [];
    let serial = 0;

    function next() {
      while (idle.length && queue.length) {
        const job = queue.shift(), worker = takeWorker(job);
        worker.onmessage = ({ data }) => {
          idle.push(worker);
          job.done(data);
          next();
        };
        worker.postMessage({ id: ++serial, request: job.request, first: job.first, count: job.count });
      }
    }

    // The worker that had this chunk before still has its history.
    const homes = new Map();
    function takeWorker(job) {
      const home = idle.indexOf(homes.get(job.first)), worker = idle.splice(Math.max(0, home), 1)[0];
      homes.set(job.first, worker);
      return worker;
    }

    function run(request, { futures = playing.futures, shown }) {
      const results = collect(facts, Math.min(futures, playing.futures));
      const [early, ...later] = chunksOf(results.failed.length), finished = [];
      let cancelled = false, left = 1 + later.length;
      // The first chunk has the processors for itself until it is shown.
      function ask(chunk) {
        queue.push({ ...chunk, request, cancelled: () => cancelled, done(data) {
          if (cancelled) return;
          if (data.error) return shown({ error: data.error });
          add(results, facts, data.result);
          finished.push(chunk);
          left--;
          // what is shown is always the first so many futures without a gap
          let known = 0;
          for (const { first, count } of [...finished].sort((a, b) => a.first - b.first))
            if (first === known) known += count;
          if (known > results.futures) {
            results.futures = known;
            results.complete = left === 0;
            shown(results);
          }
          if (chunk === early) later.forEach(ask);
        } });
      }
      ask(early);
      next();
      return () => {
        cancelled = true;
        for (let k = queue.length - 1; k >= 0; k--) if (queue[k].cancelled()) queue.splice(k, 1);
      };
    }

    return { run, close: () => workers.forEach((worker) => worker.terminate()) };
  }

  return { open, core, settings, chunksOf, collect, add, request, payoffs, bytesOf, inflate };
})();
