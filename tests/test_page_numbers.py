#!/usr/bin/python3
"""The page's numbers are those that the commands give of the same results: test_page_numbers.py PARLEY SITUATION

Compared as the page rounds them: the game with `play`, the measures with `table`, risks and burdens with `weigh`, the boxes
with `discover`."""
import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile

checked = 0


def near(page, command, digits, what):
    global checked
    checked += 1
    if page is None or command is None:
        assert page is None and command is None, f"{what}: {page} on the page, {command} by the command"
        return
    assert float(f"{command:.{digits}g}") == page, f"{what}: {page} on the page, {command} by the command"


def main():
    parley, situation = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        results, page, table = (str(pathlib.Path(folder) / name) for name in ("r.nc", "r.html", "t.csv"))
        def run(*arguments):
            return subprocess.run([parley, *arguments, "--quiet"], check=True, capture_output=True, text=True).stdout
        def ask(command, *arguments):
            return json.loads(subprocess.run([parley, command, results, *arguments, "--json"], check=True,
                                             capture_output=True, text=True).stdout)
        courses = ["united states=new partnership, tariffs, unilateral strikes", "cartels=corrupt, fight",
                   "mexico=collaborate without troops, comply, resist"]
        run("explore", str(situation), "--futures", "200", "--output", results,
            *(f"--courses={own}" for own in courses))
        run("report", results, "--output", page)
        run("table", results, "--output", table)
        text = pathlib.Path(page).read_text()
        data = json.loads(re.search(r'id="parley-data">(.*?)</script>', text, re.S).group(1))
        parts = data["parts"]
        compare_game(parts["game"], ask("play"))
        weighed = ask("weigh")
        compare_risks(parts["risks"], weighed["profiles"])
        compare_burdens(parts["burdens"], weighed)
        with open(table, newline="") as file:
            compare_table(parts["outcomes"]["cells"], list(csv.DictReader(file)), weighed["profiles"])
        compare_boxes(parts.get("discover"), parts["risks"], weighed["profiles"], ask)
    print(f"{checked} numbers of the page are those of the commands")
    return 0


def compare_game(game, played):
    places = []
    for found in played["equilibria"]:
        place = 0
        for mixture in found["strategies"].values():
            place = place * len(mixture) + list(mixture.values()).index(1)
        places.append(place)
        for actor, payoff in enumerate(found["payoffs"].values()):
            near(game["payoffs"]["estimate"][actor][place], payoff, 4, f"payoff of actor {actor} in profile {place}")
    assert places and game["payoffs"]["equilibria"] == places, (game["payoffs"]["equilibria"], places)


def compare_risks(risks, profiles):
    for column, profile in enumerate(profiles[:len(risks["columns"])]):
        for row, (name, risk) in enumerate(profile["risks"].items()):
            for key, which in (("values", 0), ("low", 1), ("high", 2)):
                near(risks[key][row][column], risk["share"][which], 4, f"{key} of {name} under {profile['name']}")


def compare_burdens(burdens, weighed):
    for row, burden in enumerate(weighed["burdens"]):
        others = [own for name, own in burden["profiles"].items() if name != weighed["profiles"][0]["name"]]
        for column, own in enumerate(others[:len(burdens["columns"])]):
            near(burdens["values"][row][column], own["better"][0] - own["worse"][0], 3, f"burden {row}, {column}")


def compare_table(cells, rows, profiles):
    names = [profile["name"] for profile in profiles]
    measures = list(dict.fromkeys(row["measure"] for row in rows))
    for row in rows:
        if row["profile"] not in names:
            continue
        cell = cells[measures.index(row["measure"])][names.index(row["profile"])]
        near(cell[0], float(row["median"]) if row["median"] else None, 4, f"{row['measure']} under {row['profile']}")


def compare_boxes(discover, risks, profiles, ask):
    assert discover and discover["boxes"], "no box to compare"
    names = list(profiles[0]["risks"])
    box, points = discover["boxes"][0], discover["tradeoffs"][0]["points"]
    risk, profile = next((names[r], profiles[p]["name"]) for r, risk in enumerate(risks["rows"])
                         for p, under in enumerate(risks["columns"][:len(profiles)])
                         if box["title"][0] == f"{risk[0]}, with {under[0]}")
    found = ask("discover", "--where", risk, "--profile", profile)
    for point, own in zip(points, found["trajectory"]):
        near(point["x"], first(own["coverage"]), 4, f"coverage of {risk}")
        near(point["y"], first(own["density"]), 4, f"density of {risk}")


def first(value):
    return value[0] if isinstance(value, list) else value


if __name__ == "__main__":
    sys.exit(main())
