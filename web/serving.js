// Where the page is served (parley serve), larger ensembles are run natively: parley.serving is then there, else null.
//
//     parley.serving.most                   futures that a run may have
//     parley.serving.run(request, told) -> cancel
// A request is {futures, courses: {actor: course}, set: {lever: number}, fixed: {uncertainty: number}}, by names.
// told({state, done, all}) is called while it runs; at last with state "done" ({answer, seconds, csv, file}),
// "cancelled", "failed" ({error}: why) or "gone" (no answer came).  An answer is what docs/serve.md says of
// results.json.
parley.serving = (() => {
  "use strict";

  const most = parley.data.served;
  if (!most) return null;
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  // An object; where the server refuses, {error}.
  async function ask(address, options = {}) {
    const response = await fetch(address, { cache: "no-store", ...options });
    return response.json();
  }

  async function follow(id, told) {
    for (let wait = 100; ; wait = Math.min(500, wait * 1.5)) {
      const found = await ask(`runs/${id}`);
      if (found.state === "done") {
        const answer = await ask(`runs/${id}/results.json`);
        return told({ ...found, answer, csv: `runs/${id}/results.csv` });
      }
      told(found.state ? found : { state: "failed", error: found.error });
      if (found.state !== "running") return;
      await pause(wait);
    }
  }

  async function start(request, run, told) {
    const headers = { "Content-Type": "application/json" };
    const { id, error } = await ask("runs", { method: "post", headers, body: JSON.stringify(request) });
    if (!id) return told({ state: "failed", error });
    run.id = id;
    if (run.cancelled) await ask(`runs/${id}`, { method: "delete" });
    await follow(id, told);
  }

  function run(request, told) {
    const run_ = { id: 0, cancelled: false };
    start(request, run_, told).catch(() => told({ state: "gone" }));
    return () => {
      run_.cancelled = true;
      if (run_.id) ask(`runs/${run_.id}`, { method: "delete" }).catch(() => {}); // following it tells what is wrong
    };
  }

  return { most, run };
})();
