// What the browser tests share: what is expected, and the runner of a set of tests, which are functions by what they
// say.

export function expect(holds, what) {
  if (!holds) throw new Error(what);
}

// What a page may not do, as it is found; a test that leaves some here has failed.
export const faults = [];

// Runs all, one after the other, each with the argument, and after() behind it. Tells how many passed and failed.
export async function runAll(tests, argument, after = async () => {}) {
  let passed = 0, failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    faults.length = 0;
    try {
      await test(argument);
      expect(faults.length === 0, faults.slice(0, 5).join("\n    "));
      passed++;
      console.log(`ok ${name}`);
    } catch (why) {
      failed++;
      console.log(`FAILED ${name}: ${why.message}`);
    }
    await after();
  }
  return { passed, failed };
}

// The last line, and the end of the program.
export function finish({ passed, failed }) {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}
