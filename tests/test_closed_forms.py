#!/usr/bin/python3
"""Games with closed forms through the whole chain: a model, a situation whose courses are a grid that holds the closed
form, an ensemble, a game.  Then lists of equilibria and quantal responses that other programs made, where the folder
PARLEY_SHARED (default ../shared) has them.

    tests/test_closed_forms.py PARLEY
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

PARLEY = sys.argv[1]
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHARED = os.environ.get("PARLEY_SHARED", os.path.join(os.path.dirname(ROOT), "shared"))
GAMES = os.path.join(SHARED, "cases", "games")
failed = []


def parley(*arguments):
    result = subprocess.run([PARLEY, *arguments], capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(f"{' '.join(arguments)}: exit {result.returncode}: {result.stderr}")
    return result.stdout


def expect(what, found, expected, tolerance=1e-9):
    if len(found) != len(expected) or any(abs(a - b) > tolerance for a, b in zip(found, expected)):
        failed.append(what)
        print(f"{what}: {found}, expected {expected}")


def situation(name):
    with tempfile.TemporaryDirectory() as folder:
        results = os.path.join(folder, "results.nc")
        parley("explore", os.path.join(ROOT, "situations", name), "--output", results, "--quiet")
        return json.loads(parley("play", results, "--json"))


def expect_pure(what, play, courses, payoffs):
    """The only course of each actor, and its payoff."""
    for actor, course in courses.items():
        expect(f"{what}: {actor} plays {course}", [play["strategies"][actor][course]], [1])
    expect(f"{what}: payoffs", list(play["payoffs"].values()), payoffs)


def closed_forms():
    a, b, c, firms = 100, 1, 10, 3
    each = (a - c) / (b * (firms + 1))
    play = situation("cournot")
    expect("Cournot: how many", [len(play["equilibria"]), play["complete"]], [1, True])
    expect_pure("Cournot", play["equilibria"][0], {actor: f"{each:g}" for actor in "abc"}, [b * each * each] * firms)

    play = situation("stackelberg")
    at_once = (a - c) / (3 * b)
    expect_pure("Cournot duopoly", play["equilibria"][0], {"leader": f"{at_once:g}", "follower": f"{at_once:g}"},
                [b * at_once * at_once] * 2)
    leads, follows = (a - c) / (2 * b), (a - c) / (4 * b)
    order = play["stackelberg"][0]
    expect_pure("Stackelberg", order, {"leader": f"{leads:g}", "follower": f"{follows:g}"},
                [leads * follows * b, follows * follows * b])
    for reaction in order["reactions"]:
        answer = (a - c - b * float(reaction["after"]["leader"])) / (2 * b)
        expect(f"the answer to {reaction['after']}", [reaction["strategies"][f"{answer:g}"]], [1])

    prize, sides = 1, 2
    play = situation("tullock")
    expect("Tullock: how many", [len(play["equilibria"]), play["complete"]], [1, True])
    effort = prize * (sides - 1) / sides ** 2
    expect_pure("Tullock", play["equilibria"][0], {"a": f"{effort:g}", "b": f"{effort:g}"}, [prize / sides ** 2] * 2)


def flat(strategies):
    return [p for player in strategies.values() for p in player.values()]


def lists_of_equilibria():
    for path in sorted(glob.glob(os.path.join(GAMES, "nplayer_*.nfg.json"))):
        for name, case in json.load(open(path)).items():
            play = json.loads(parley("play", os.path.join(GAMES, name), "--json"))
            found = sorted(flat(e["strategies"]) for e in play["equilibria"])
            wanted = sorted([p for player in e for p in player] for e in case["equilibria"])
            expect(f"{name}: how many", [len(found), play["complete"]], [len(wanted), True])
            for mixture in wanted:
                nearest = min(found, key=lambda own: max(abs(a - b) for a, b in zip(own, mixture)))
                expect(name, nearest, mixture)


def quantal_responses():
    for name, cases in json.load(open(os.path.join(GAMES, "qre_reference.json"))).items():
        for value, wanted in cases.items():
            play = json.loads(parley("play", os.path.join(GAMES, name), "--solver", "logit", "--lambda", value,
                                     "--json"))
            expect(f"{name}: quantal responses at {value}", [len(play["qre"])], [1])
            expect(f"{name} at lambda {value}", flat(play["qre"][0]["strategies"]), wanted, 1e-8)


closed_forms()
if os.path.isdir(GAMES):
    lists_of_equilibria()
    quantal_responses()
else:
    print(f"skipped: lists of other programs: there is no {GAMES}")
print(f"{len(failed)} failed")
sys.exit(1 if failed else 0)
