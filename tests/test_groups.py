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


def check_refusal(folder):
    out = run("check", folder)
    assert out.returncode == 5, out
    assert "there is no file 'conflict_matrix.csv' in the model's folder" in out.stdout, out


def check_years(situation):
    """The history, by the model's own constants: those of the authors."""
    out = run("run", situation, "--output", "-")
    assert out.returncode == 0, out.stderr
    rows = list(csv.reader(io.StringIO(out.stdout)))
    place = rows[0].index("total members")
    assert [round(float(row[place]) / 1000, 1) for row in rows[2:11]] == MEMBERS, [row[place] for row in rows]


def check_policies(situation):
    """One future, whose draws are the authors' constants."""
    futures, results = os.path.join(situation, "one.csv"), os.path.join(situation, "results.nc")
    with open(futures, "w") as file:
        file.write("recruitment rate,incapacitations,lethality,saturation,members at the start\n")
        file.write("0.002527474,110,1.549231e-08,4e-08,115000\n")
    out = run("explore", situation, "--futures", futures, "--output", results)
    assert out.returncode == 0, out.stderr
    for profile in json.loads(run("table", results, "--json").stdout)["profiles"]:
        found = {name: cell["value"]["median"][0] for name, cell in profile["measures"].items()}
        change = lambda what: f"{100 * (found[what + ' in 2027'] / found[what + ' in 2022'] - 1):.1f}"
        members, deaths, of_five_years = POLICIES.pop(profile["name"])
        assert (change("members"), change("deaths")) == (members, deaths), (profile["name"], found)
        assert round(found["members in 2022"]) == 173837 and round(found["deaths in 2022"]) == 124, found
        assert of_five_years in (None, round(found["deaths of five years"])), (profile["name"], found)
    assert not POLICIES, POLICIES


with tempfile.TemporaryDirectory() as folder:
    situation = os.path.join(folder, "groups")
    shutil.copytree(source, situation)
    check_refusal(situation)
    if not os.path.exists(matrix):
        print("skipped: no", matrix)
        sys.exit(77)
    shutil.copy(matrix, situation)
    check_years(situation)
    check_policies(situation)
    assert run("check", situation).returncode == 0
