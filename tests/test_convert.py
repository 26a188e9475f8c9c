#!/usr/bin/python3
"""Converts each model under tests/models to the other dialect and back, runs all three and compares every series; and
writes each anew in its own dialect, which must run to the same bits and be the same text when written once more.

    tests/test_convert.py PARLEY [NAME...]
    tests/test_convert.py PARLEY --shared      the models of PARLEY_SHARED (default ../shared) in place of these

What a dialect has no counterpart for is listed in REFUSED with words of its message; a model that is refused and not
listed fails, and so does one that is listed and not refused.  Closes with 'N passed, N failed'.
"""
import concurrent.futures
import csv
import glob
import io
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.environ.get("PARLEY_SHARED", os.path.join(os.path.dirname(os.path.dirname(HERE)), "shared"))
TOLERANCE = 1e-12  # relative; where the dialects group the terms of a rate differently
NOT_AVAILABLE = -(2.0**109)  # :NA:, an empty cell

# folder: words of a message, where the other dialect has no counterpart
REFUSED = {
    "allocation": "the function 'ALLOCATE AVAILABLE' has no counterpart in XMILE",
    "allocation_normal": "the function 'ALLOCATE AVAILABLE' has no counterpart in XMILE",
    "matrices": "the function 'INVERT MATRIX' has no counterpart in XMILE",
    "vector_shapes": "the function 'VECTOR SORT ORDER' has no counterpart in XMILE",
    "held_inputs": "PULSE TRAIN has no counterpart where the method is Runge-Kutta",
    "final_time": "'FINAL TIME' is computed while the model runs, which has no counterpart in XMILE",
    "time_step": "'TIME STEP' is computed while the model runs, which has no counterpart in XMILE",
    "xmile_conveyors": "the function 'CONVEYOR' has no counterpart in Vensim",
    "data_modes": "takes its data from elsewhere, which has no counterpart in XMILE",
    "imports": "takes its data from elsewhere, which has no counterpart in XMILE",
    "xmile_slices": "this has no counterpart",
    "xmile_queues": "the function 'QUEUE' has no counterpart in Vensim",
    "macro_outputs": "the call of 'CHAIN', which gives several outputs, has no counterpart",
    "transit_delays": "the function 'DELAY INFORMATION' has no counterpart in XMILE",
    "lookup_modes": "the function 'LOOKUP FORWARD' has no counterpart in XMILE",
    "mapping_repeated": "is listed twice in the dimension",
    "mixed_stocks": "this equation has no counterpart in XMILE",
    "own_value": "SAMPLE IF TRUE that names its own value has no counterpart in XMILE",
    "macros": "the lookup 'curve' as an argument has no counterpart",
    "draws": "the function 'RANDOM GAMMA' has no counterpart in XMILE",
    "xmile_draws": "the function 'LOGNORMAL' has no counterpart in Vensim",
    "vectors": "the function 'VECTOR RANK' has no counterpart in XMILE",
}
SHARED_REFUSED = ("vector_select", "allocate_", "control_vars", "dynamic_final_time", "get_", "data")


def parley(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, timeout=240, text=True, encoding="utf-8")


def series(program, path):
    done = parley(program, "run", path, "--output", "-", "--quiet")
    if not done.stdout:
        raise ValueError(f"{os.path.basename(path)} does not run: {done.stderr.strip()[:400]}")
    rows = list(csv.reader(io.StringIO(done.stdout)))
    fold = lambda name: " ".join(name.lower().replace("_", " ").replace('\\"', '"').split())
    return {fold(name): [float(row[i] or NOT_AVAILABLE) for row in rows[1:]] for i, name in enumerate(rows[0])}


def same(a, b, tolerance):
    return a == b or (a != a and b != b) or abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))


def compare(before, after, tolerance, what):
    for name, values in before.items():
        if name not in after:
            raise ValueError(f"{what}: {name!r} is missing")
        for time, a, b in zip(before["time"], values, after[name]):
            if not same(a, b, tolerance):
                raise ValueError(f"{what}: {name} at {time:g} was {a!r}, is {b!r}")
        if len(values) != len(after[name]):
            raise ValueError(f"{what}: {len(after[name])} rows instead of {len(values)}")


def other(path):
    return ".mdl" if path.endswith((".xmile", ".stmx", ".itmx")) else ".xmile"


def convert(program, source, target):
    """True; or the message where the model is refused. A refusal writes nothing."""
    done = parley(program, "convert", source, target, "--quiet")
    if done.returncode == 0:
        return None
    if os.path.exists(target):
        raise ValueError("refused, but a file was written")
    if done.returncode != 3 or "error:" not in done.stderr:
        raise ValueError(f"exit {done.returncode}: {done.stderr[:300]}")
    return done.stderr


def tidy(program, path, folder, before):
    ends = os.path.splitext(path)[1]
    once, twice = os.path.join(folder, "once" + ends), os.path.join(folder, "twice" + ends)
    for source, target in ((path, once), (once, twice)):
        message = convert(program, source, target)
        if message:
            raise ValueError(f"written anew: {message.strip()[:300]}")
    compare(before, series(program, once), 0.0, "written anew")
    with open(once, encoding="utf-8") as a, open(twice, encoding="utf-8") as b:
        if a.read() != b.read():
            raise ValueError("written anew twice, the texts differ")


def round_trip(program, path, folder, before):
    """The message where the other dialect has no counterpart, else None."""
    there, back = os.path.join(folder, "there" + other(path)), os.path.join(folder, "back" + os.path.splitext(path)[1])
    message = convert(program, path, there)
    if message:
        return message
    compare(before, series(program, there), TOLERANCE, "there")
    message = convert(program, there, back)
    if message:
        raise ValueError(f"not back: {message.strip()[:300]}")
    compare(before, series(program, back), TOLERANCE, "back")
    return None


def check(program, path, name, expected):
    with tempfile.TemporaryDirectory() as folder:
        for beside in os.listdir(os.path.dirname(path)):  # what a model reads stands beside it
            shutil.copy(os.path.join(os.path.dirname(path), beside), folder)
        before = series(program, path)
        tidy(program, path, folder, before)
        message = round_trip(program, path, folder, before)
    if expected is None and message is not None:
        raise ValueError(f"refused: {message.strip()[:400]}")
    if expected is not None and message is None:
        raise ValueError("converted, but is listed as refused")
    if expected is not None and expected not in message:
        raise ValueError(f"expected {expected!r} in: {message.strip()[:400]}")


def check_shared(program, path):
    """Converts there and back whatever runs; only what SHARED_REFUSED names may be refused."""
    with tempfile.TemporaryDirectory() as folder:
        if parley(program, "check", path, "--quiet").returncode:
            return
        message = round_trip(program, path, folder, series(program, path))
    if message and not any(name in path for name in SHARED_REFUSED):
        raise ValueError(f"refused: {message.strip()[:400]}")


def check_corpus(program, path):
    """What was found by fuzzing: converted, or refused, but never written so that it cannot be read."""
    for to in ("mdl", "xmile"):
        done = parley(program, "convert", path, "-", "--to", to, "--quiet")
        if done.returncode not in (0, 3) or "the written model" in done.stderr:
            raise ValueError(f"to {to}: exit {done.returncode}: {done.stderr.strip()[:400]}")


def own_models():
    for name in sorted(os.listdir(os.path.join(HERE, "models"))):
        for path in glob.glob(os.path.join(glob.escape(os.path.join(HERE, "models", name)), "model.*")):
            if path.endswith((".mdl", ".xmile", ".stmx")):
                yield name, path


def own_jobs(program, only):
    """(name, function, arguments) of everything to be checked."""
    for name, path in own_models():
        if not only or name in only:
            yield name, check, (program, path, name, REFUSED.get(name))
    for path in sorted(glob.glob(os.path.join(os.path.dirname(HERE), "fuzz", "corpus", "[mx]*", "*"))):
        if not only and os.path.basename(os.path.dirname(path)) in ("mdl", "xmile"):
            yield os.path.basename(path), check_corpus, (program, path)


def shared_jobs(program):
    models = os.path.join(SHARED, "conformance", "test-models")
    for path in sorted(glob.glob(os.path.join(glob.escape(models), "**", "*.*"), recursive=True)):
        if path.endswith((".mdl", ".xmile", ".stmx")):
            yield os.path.relpath(path, models), check_shared, (program, path)


def attempt(job):
    name, function, arguments = job
    try:
        function(*arguments)
    except (ValueError, OSError, KeyError, subprocess.TimeoutExpired) as why:
        print(f"FAILED {name}: {why}")
        return False
    return True


def main():
    program, only = sys.argv[1], sys.argv[2:]
    shared = only == ["--shared"]
    if shared and not os.path.isdir(os.path.join(SHARED, "conformance")):
        print(f"skipped: {SHARED} is not there")
        return 77
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        results = list(pool.map(attempt, shared_jobs(program) if shared else own_jobs(program, only)))
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
