#!/usr/bin/python3
"""Ten million cases of a situation in at most 300 MB of memory, and the time that they take.

    tests/test_many_cases.py PARLEY SITUATION

A run of some 10^5 cases first tells whether this build is too slow for it (sanitizers): then the test is skipped.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

parley, situation = sys.argv[1:3]
CASES, MOST_KB, MOST_SECONDS = 10_000_000, 300_000, 1800


def explore(folder, futures):
    """The summary, and the largest resident memory of this process's children so far in KB."""
    began = time.monotonic()
    command = [parley, "explore", situation, "--futures", str(futures), "--output", folder + "/many.nc", "--json",
               "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, f"it ended with status {status}"
    return json.loads(out), usage.ru_maxrss, time.monotonic() - began


def main():
    with tempfile.TemporaryDirectory() as folder:
        few, _, seconds = explore(folder, 5000)
        profiles = few["cases"] // 5000
        futures = -(-CASES // profiles)
        if seconds / few["cases"] * CASES > MOST_SECONDS:
            print(f"skipped: {few['cases']} cases took {seconds:.1f} s")
            return 77
        many, memory, seconds = explore(folder, futures)
        size = os.path.getsize(folder + "/many.nc")
    print(f"{many['cases']} cases in {seconds:.0f} s with {memory / 1000:.0f} MB of memory; the file has {size / 1e6:.0f} MB")
    assert many["cases"] >= CASES and many["failed"] == 0
    assert memory <= MOST_KB, f"{memory} KB"
    return 0


sys.exit(main())
