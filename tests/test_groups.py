"""situations/prieto-curiel-2023 with its authors' conflict matrix, where it is at hand, against the figures of an
independent program (PARLEY_SHARED/cases/prieto-curiel/README.md); without it, the clear refusal.

    test_groups.py PARLEY
"""
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile

parley = os.path.abspath(sys.argv[1])
root = os.environ.get("PARLEY_ROOT", os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
shared = os.environ.get("PARLEY_SHARED") or os.path.join(root, "..", "shared")
source = os.path.join(root, "situations", "prieto-curiel-2023")
matrix = os.path.join(shared, "cases", "prieto-curiel", "conflict_matrix.csv")

# Members 2013-2022 in thousands and deaths per week in 2022; changes of members and deaths to 2027 in per cent, and member
# deaths of the five years, by policy.
MEMBERS = [119.6, 124.5, 129.6, 135.1, 140.8, 146.8, 153.1, 159.7, 166.6]
POLICIES = {
    "as before": ("23.0", "36.3", 37896),
    "incapacitation doubled": ("5.9", "1.7", 32429),
    "recruitment halved": ("-9.9", "-25.8", 27776),
    "no recruitment": ("-34.8", "-60.8", None),
    "both": ("-25.2", "-48.5", 23665),
}


def run(*arguments):
    return subprocess.run([parley, *arguments], capture_output=True, text=True)


def columns(situation, *options):
    out = run("run", situation, "--output", "-", *options)
    assert out.returncode == 0, out.stderr
    rows = list(csv.reader(io.StringIO(out.stdout)))
    names = ["time", "total members", "deaths"]
    places = [rows[0].index(name) for name in names]
    return [[float(row[i]) for row in rows[1:]] for i in places]


def check_refusal(folder):
    out = run("check", folder)
    assert out.returncode == 5, out
    assert "there is no file 'conflict_matrix.csv' in the model's folder" in out.stdout, out


def check_policy(situation, policy, figures):
    times, members, deaths = columns(situation, "--course", f"policy={policy}")
    now, end = times.index(520), times.index(780)
    change = lambda x: f"{100 * (x[end] / x[now] - 1):.1f}"
    assert (change(members), change(deaths)) == figures[:2], (policy, change(members), change(deaths))
    assert [round(m / 1000, 1) for m in members[1:10]] == MEMBERS, members
    assert round(members[now]) == 173837 and round(deaths[now]) == 124, (members[now], deaths[now])


def check_sums(situation):
    """The five years' deaths are the sum of weekly ones; one future whose draws are the authors' parameters."""
    with open(os.path.join(situation, "fitted.csv"), "w") as file:
        file.write("recruitment rate,incapacitations,lethality,saturation,members at the start\n")
        file.write("0.002527474,110,1.549231e-08,4e-08,115000\n")
    results = os.path.join(situation, "results.nc")
    out = run("explore", situation, "--futures", os.path.join(situation, "fitted.csv"), "--output", results)
    assert out.returncode == 0, out.stderr
    table = json.loads(run("table", results, "--json").stdout)
    found = {}
    for row in table["profiles"]:
        found[row["name"]] = row["measures"]["deaths of five years"]["value"]["median"][0]
    for policy, figures in POLICIES.items():
        if figures[2] is not None:
            assert round(found[policy]) == figures[2], (policy, found[policy])


with tempfile.TemporaryDirectory() as folder:
    situation = os.path.join(folder, "groups")
    shutil.copytree(source, situation)
    check_refusal(situation)
    if not os.path.exists(matrix):
        print("skipped: no", matrix)
        sys.exit(77)
    shutil.copy(matrix, situation)
    for policy, figures in POLICIES.items():
        check_policy(situation, policy, figures)
    check_sums(situation)
    assert run("check", situation).returncode == 0
