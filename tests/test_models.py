#!/usr/bin/python3
"""Runs each model under tests/models through the command line and compares with its expected.csv or statistics.csv.

    tests/test_models.py PARLEY [NAME]

A value agrees when |got - expected| <= tolerance x max(1, |got|, |expected|); the tolerance stands in the folder's
README.  Prints a line per folder that fails and closes with 'N passed, N failed'.
"""
import csv
import io
import math
import os
import re
import statistics
import subprocess
import sys

MODELS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "models")
NOT_AVAILABLE = -(2.0**109)  # :NA:, an empty cell


def read_table(text):
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    return {name: [float(row[i] or NOT_AVAILABLE) for row in rows[1:]] for i, name in enumerate(rows[0])}, rows[0]


def read_file(*path):
    with open(os.path.join(MODELS, *path), encoding="utf-8") as file:
        return file.read()


def model_file(name):
    """The folder's model.mdl or model.xmile; None where it has neither."""
    paths = [os.path.join(MODELS, name, "model" + end) for end in (".mdl", ".xmile")]
    return next(filter(os.path.exists, paths), None)


def run(parley, name):
    done = subprocess.run([parley, "run", model_file(name), "--output", "-"],
                          capture_output=True, timeout=120, text=True, encoding="utf-8")
    if done.returncode:
        raise ValueError(f"exit {done.returncode}: {done.stderr.strip()[:500]}")
    table, head = read_table(done.stdout)
    if head[0] != "time" or len(set(head)) != len(head):
        raise ValueError(f"the first line is not time and distinct names: {head}")
    return table


def compare(expected, got, tolerance):
    if len(got["time"]) != len(expected["time"]):
        raise ValueError(f"{len(got['time'])} rows instead of {len(expected['time'])}")
    for name, series in expected.items():
        if name not in got:
            raise ValueError(f"no column {name!r} among {list(got)}")
        for time, a, b in zip(expected["time"], series, got[name]):
            if not abs(a - b) <= tolerance * max(1, abs(a), abs(b)):
                raise ValueError(f"{name} at time {time:g}: expected {a!r}, got {b!r}")


STATISTICS = {"mean": statistics.fmean, "sd": statistics.pstdev, "min": min, "max": max}


def compare_statistics(text, got):
    for variable, statistic, least, most in list(csv.reader(io.StringIO(text)))[1:]:
        value = STATISTICS[statistic](got[variable])
        if not float(least) <= value <= float(most):
            raise ValueError(f"{statistic} of {variable} is {value!r}, not within [{least}, {most}]")


def check(parley, name):
    facts = dict(re.findall(r"^(source|tolerance): (.+)$", read_file(name, "README"), re.M))
    if "source" not in facts:
        raise ValueError("the README names no source")
    got = run(parley, name)
    if any(math.isinf(x) or math.isnan(x) for column in got.values() for x in column):
        raise ValueError("a value is not finite")
    if os.path.exists(os.path.join(MODELS, name, "statistics.csv")):
        compare_statistics(read_file(name, "statistics.csv"), got)
    else:
        compare(read_table(read_file(name, "expected.csv"))[0], got, float(facts["tolerance"]))


def main():
    parley, only = sys.argv[1], sys.argv[2:]
    names = [n for n in sorted(os.listdir(MODELS)) if model_file(n)]
    failed = 0
    for name in only or names:
        try:
            check(parley, name)
        except (ValueError, OSError, KeyError, subprocess.TimeoutExpired) as why:
            failed += 1
            print(f"FAILED {name}: {why}")
    count = len(only or names)
    print(f"{count - failed} passed, {failed} failed")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
