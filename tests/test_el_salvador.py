"""situations/el-salvador: closed forms of the years before the truce, the official cumulative arrests, what its check and
its fit say.

    test_el_salvador.py PARLEY [fit]
"""
import csv
import io
import json
import os
import subprocess
import sys
import tempfile

parley = os.path.abspath(sys.argv[1])
root = os.environ.get("PARLEY_ROOT", os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
situation = os.path.join(root, "situations", "el-salvador")

# Cumulative official arrests: time, persons (elsalvadornow.org, elfaro.net; README of the situation, S3).
ARRESTS = [(2022.97, 60452), (2023.2, 65000), (2023.8, 72600), (2024.2, 78000)]


def run(*arguments):
    return subprocess.run([parley, *arguments], capture_output=True, text=True)


def read_run(*arguments):
    out = run("run", situation, *arguments, "--output", "-")
    assert out.returncode == 0, out.stderr
    return [{k: float(v) for k, v in row.items() if v} for row in csv.DictReader(io.StringIO(out.stdout))]


def value_at(rows, name, time):
    """On the straight line between two saved times, a quarter of a year apart."""
    key = next(k for k in rows[0] if k.lower().startswith("time"))
    for a, b in zip(rows, rows[1:]):
        if a[key] <= time <= b[key]:
            return a[name] + (b[name] - a[name]) * (time - a[key]) / (b[key] - a[key])
    raise ValueError(time)


def check_before_the_truce():
    """Euler's steps of 1/64 year; nothing but joining, and killings of all members: (rate x members + others) / population."""
    rows = read_run()
    members = 50000 * (1 + 0.01 / 64) ** (64 * 3)
    assert abs(value_at(rows, "members", 2012) / members - 1) < 1e-9
    rate = 1e5 * (0.0865 * members + 60) / 6.3e6
    assert abs(value_at(rows, "counted homicide rate", 2012) / rate - 1) < 1e-9, (rate, rows[12])


def check_arrests():
    """Without releases those detained are the official arrests."""
    rows = read_run("--course", "government=emergency", "--set", "release rate=0")
    for time, persons in ARRESTS:
        found = value_at(rows, "detained", time)
        assert abs(found / persons - 1) < 0.035, (time, found, persons)


def check_situation():
    out = run("check", situation, "--backtest", "--json")
    assert out.returncode == 0, out.stdout + out.stderr
    tests = json.loads(out.stdout)["backtests"]
    assert [t["outcome"] for t in tests] == ["pass"] * 4, tests


def check_fit():
    """The years to 2021 tell of the years after: nearer than the model's own constants, than the priors, than the trend."""
    with tempfile.TemporaryDirectory() as folder:
        out = run("fit", situation, "--futures", "200", "--output", os.path.join(folder, "fitted.csv"), "--json")
    assert out.returncode == 0, out.stderr
    held = json.loads(out.stdout)["series"][0]["holdout"]
    errors = held["rmse"]
    assert held["values"] == 3 and held["within"] == 3, held
    assert errors["fitted"] < min(errors[k] for k in ("unfitted", "prior", "last_value", "trend")), errors
    assert held["crps"]["fitted"] < held["crps"]["prior"], held


for check in (check_fit,) if sys.argv[2:] == ["fit"] else (check_before_the_truce, check_arrests, check_situation):
    check()
    print(check.__name__, "ok")
