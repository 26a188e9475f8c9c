#!/usr/bin/python3
"""Games of two players against an oracle in exact arithmetic, and against lists that another program made.

    tests/test_games.py PARLEY

The oracle here knows nothing of parley's method: it tries every set of tight constraints (Fraction arithmetic).  What
parley prints is checked by the definition of an equilibrium as well.  Lists by lrsnash (lrslib 7.1) and Gambit's files are
in the folder PARLEY_SHARED (default ../shared); without it that part is skipped.
"""
import itertools
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from fractions import Fraction

PARLEY = sys.argv[1]
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHARED = os.environ.get("PARLEY_SHARED", os.path.join(os.path.dirname(ROOT), "shared"))
failed = []


def play(path, *options):
    result = subprocess.run([PARLEY, "play", path, "--json", *options], capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(f"{path}: exit {result.returncode}: {result.stderr}")
    return json.loads(result.stdout)


def solve(first, second):
    """The extreme equilibria of a game as [(x, y)] in fractions, and the whole answer."""
    rows, columns = len(first), len(first[0])
    with tempfile.NamedTemporaryFile("w", suffix=".nfg") as file:
        file.write(f'NFG 1 R "a game" {{ "row" "column" }} {{ {rows} {columns} }}\n\n')
        file.write(" ".join(f"{first[i][j]} {second[i][j]}" for j in range(columns) for i in range(rows)) + "\n")
        file.flush()
        answer = play(file.name, "--solver", "extreme")
    return [mixtures(e) for e in answer["equilibria"]], answer


def mixtures(equilibrium):
    return tuple(tuple(Fraction(p) for p in strategies.values()) for strategies in equilibrium["exact"].values())


def check(what, holds):
    if not holds:
        failed.append(what)
        print("failed:", what)


# ---- the oracle -------------------------------------------------------------------------------------------

def solve_linear(equations):
    """The solution of [coefficients..., right side] by elimination; None where there is not exactly one."""
    a = [row[:] for row in equations]
    size = len(a)
    for c in range(size):
        at = next((r for r in range(c, size) if a[r][c]), None)
        if at is None:
            return None
        a[c], a[at] = a[at], a[c]
        a[c] = [v / a[c][c] for v in a[c]]
        for r in range(size):
            if r != c and a[r][c]:
                a[r] = [v - a[r][c] * w for v, w in zip(a[r], a[c])]
    return [row[-1] for row in a]


def vertices(payoffs, own):
    """Vertices of {x >= 0, sum x = 1, v >= payoff of each response}: {x: unused and best, as labels}; payoffs[response]
    is what a response gives against each of `own` strategies."""
    found = {}
    one, zero = Fraction(1), Fraction(0)
    unit = [[one if k == i else zero for k in range(own)] + [zero, zero] for i in range(own)]
    best = [[Fraction(p) for p in row] + [-one, zero] for row in payoffs]
    whole = [[one] * own + [zero, one]]
    for tight in itertools.combinations(range(own + len(payoffs)), own):
        point = solve_linear([(unit + best)[t] for t in tight] + whole)
        if not point or min(point[:-1]) < 0:
            continue
        x, value = tuple(point[:-1]), point[-1]
        gains = [sum(Fraction(p) * q for p, q in zip(row, x)) - value for row in payoffs]
        if max(gains) > 0:
            continue
        found[x] = frozenset([("own", i) for i in range(own) if x[i] == 0] +
                             [("other", j) for j, gain in enumerate(gains) if gain == 0])
    return found


def oracle(first, second):
    """All extreme equilibria: pairs of vertices where each strategy is unused or a best response."""
    rows, columns = len(first), len(first[0])
    transposed = [[second[i][j] for i in range(rows)] for j in range(columns)]
    left, right = vertices(transposed, rows), vertices(first, columns)
    return {(x, y) for x, a in left.items() for y, b in right.items()
            if all(("own", i) in a or ("other", i) in b for i in range(rows))
            and all(("other", j) in a or ("own", j) in b for j in range(columns))}


def nash_subsets(pairs):
    """The maximal sets X x Y of extreme equilibria, by closing every set of first strategies."""
    firsts = sorted({x for x, _ in pairs})
    answers = {x: frozenset(y for z, y in pairs if z == x) for x in firsts}
    closed = set()
    for size in range(1, len(firsts) + 1):
        for some in itertools.combinations(firsts, size):
            common = frozenset.intersection(*(answers[x] for x in some))
            if common:
                closed.add(frozenset((x, y) for x in firsts if common <= answers[x] for y in common))
    return closed


def components(pairs):
    groups = []
    for pair in pairs:
        touching = [g for g in groups if any(pair[0] == p[0] or pair[1] == p[1] for p in g)]
        groups = [g for g in groups if g not in touching] + [frozenset({pair}.union(*touching))]
    return set(groups)


def is_equilibrium(first, second, x, y):
    by_row = [sum(Fraction(p) * q for p, q in zip(row, y)) for row in first]
    by_column = [sum(Fraction(second[i][j]) * x[i] for i in range(len(x))) for j in range(len(y))]
    return (sum(x) == sum(y) == 1 and min(x) >= 0 and min(y) >= 0
            and all(p == 0 or v == max(by_row) for p, v in zip(x, by_row))
            and all(p == 0 or v == max(by_column) for p, v in zip(y, by_column)))


# ---- tests ------------------------------------------------------------------------------------------------

def matrix(rows, columns, draw):
    return [[draw() for _ in range(columns)] for _ in range(rows)]


def check_definition(what, first, second, found, answer):
    check(f"{what}: complete", answer["complete"])
    check(f"{what}: each once", len(set(found)) == len(found))
    for (x, y), e in zip(found, answer["equilibria"]):
        check(f"{what}: an equilibrium", is_equilibrium(first, second, x, y))
        check(f"{what}: certified", e["certified"] and e["regret"] == 0)
        value = sum(Fraction(first[i][j]) * x[i] * y[j] for i in range(len(x)) for j in range(len(y)))
        check(f"{what}: its payoff", Fraction(e["exact_payoffs"]["row"]) == value
              and e["payoffs"]["row"] == float(value))
        check(f"{what}: nearest doubles", [*e["strategies"]["row"].values()] == [float(p) for p in x])


def small_games():
    """Small ranges, so that ties abound, against the oracle: equilibria, components and Nash subsets."""
    draws = random.Random(1)
    degenerate = 0
    for number in range(90):
        rows, columns = draws.randint(1, 4), draws.randint(1, 4)
        low, high = draws.choice([(0, 1), (0, 2), (-2, 2), (0, 9), (-1000, 1000)])
        first = matrix(rows, columns, lambda: draws.randint(low, high))
        second = matrix(rows, columns, lambda: draws.randint(low, high))
        what = f"game {number}: {first} {second}"
        found, answer = solve(first, second)
        check_definition(what, first, second, found, answer)
        wanted = oracle(first, second)
        check(f"{what}: all of them, and no other", set(found) == wanted)
        groups = {frozenset(found[k] for k in c["equilibria"]) for c in answer["components"]}
        check(f"{what}: components", groups == components(wanted))
        for component in answer["components"]:
            own = frozenset(found[k] for k in component["equilibria"])
            if len({x for x, _ in own}) <= 10:
                subsets = {frozenset(found[k] for k in s) for s in component["nash_subsets"]}
                check(f"{what}: Nash subsets", subsets == nash_subsets(own))
        degenerate += any(len(c["equilibria"]) > 1 for c in answer["components"])
    check("many games are degenerate", degenerate > 20)


def near_ties():
    """Payoffs that differ in the 12th to the 20th digit: nearly a degenerate game, but not one; against the oracle."""
    draws = random.Random(4)
    for number in range(24):
        rows, columns = draws.randint(2, 4), draws.randint(2, 4)
        tiny = Fraction(1, 10 ** draws.randint(12, 20))
        first, second = ([[decimal(draws.randint(0, 2) + tiny * draws.randint(-2, 2)) for _ in range(columns)]
                          for _ in range(rows)] for _ in range(2))
        found, answer = solve(first, second)
        what = f"near ties {number}: {first} {second}"
        check_definition(what, first, second, found, answer)
        check(f"{what}: all of them, and no other", set(found) == oracle(first, second))


def decimal(value):
    """A fraction over a power of ten as text that loses nothing."""
    scaled = value * 10 ** 20
    return f"{'-' if scaled < 0 else ''}{abs(scaled) // 10 ** 20}.{int(abs(scaled) % 10 ** 20):020d}"


def transformed_games():
    """What must not change the answer: the players' names, the order of strategies, units, and a bonus for what the
    other does."""
    draws = random.Random(2)
    for number in range(12):
        rows, columns = draws.randint(5, 9), draws.randint(5, 9)
        high = draws.choice([1, 3, 1000])
        first = matrix(rows, columns, lambda: draws.randint(-high, high))
        second = matrix(rows, columns, lambda: draws.randint(-high, high))
        found, answer = solve(first, second)
        what = f"large game {number}"
        check_definition(what, first, second, found, answer)
        swapped, _ = solve([list(c) for c in zip(*second)], [list(c) for c in zip(*first)])
        check(f"{what}: players swapped", {(x, y) for y, x in swapped} == set(found))
        order = draws.sample(range(rows), rows)
        turned, _ = solve([first[i] for i in order], [second[i] for i in order])
        check(f"{what}: rows in another order", {(tuple(x[order.index(i)] for i in range(rows)), y) for x, y in turned}
              == set(found))
        bonus = [draws.randint(-9, 9) for _ in range(columns)]
        paid, _ = solve([[3 * first[i][j] + bonus[j] for j in range(columns)] for i in range(rows)],
                        [[Fraction(v, 4) * 4 - 5 for v in row] for row in second])
        check(f"{what}: other units, and a bonus", set(paid) == set(found))


def real_games():
    """Payoffs as simulations give them: 17 digits, and some of them equal."""
    draws = random.Random(3)
    for number in range(6):
        size = draws.randint(3, 7)
        first, second = ([[repr(v) for v in row] for row in matrix(size, size, lambda: draws.gauss(0, 1e3))]
                         for _ in range(2))
        first[1] = first[0][:-1] + [repr(draws.gauss(0, 1))]
        found, answer = solve(first, second)
        check_definition(f"real game {number}", first, second, found, answer)
        check(f"real game {number}: an odd number, as where nothing ties",
              len(found) % 2 == 1 or len(answer["components"]) < len(found))


def listed_games():
    """The complete lists of lrsnash: blocks of lines '2 y... payoff', '1 x... payoff', each y with each x."""
    folder = os.path.join(SHARED, "cases", "games")
    path = os.path.join(folder, "two_player_equilibria.json")
    if not os.path.exists(path):
        print(f"skipped: {path} is not there")
        return
    with open(path, encoding="utf-8") as file:
        lists = json.load(file)
    for name, known in lists.items():
        wanted = set()
        for block in known["text"].split("\n\n"):
            lines = [line.split() for line in block.split("\n") if re.match("[12] ", line)]
            mixed = {player: [tuple(map(Fraction, line[1:-1])) for line in lines if line[0] == player]
                     for player in "12"}
            wanted |= {(x, y) for x in mixed["1"] for y in mixed["2"]}
        answer = play(os.path.join(folder, name))
        found = [mixtures(e) for e in answer["equilibria"]]
        check(f"{name}: the number listed", len(found) == known["n"])
        check(f"{name}: the equilibria listed", set(found) == wanted and answer["complete"])


def options_of_situations():
    """What only a situation has is refused for the file of a game, and not passed over."""
    with tempfile.NamedTemporaryFile("w", suffix=".nfg") as file:
        file.write('NFG 1 R "a game" { "row" "column" } { 1 1 } 0 0\n')
        file.flush()
        for option in (["--staged"], ["--futures", "9"], ["--frontier", "a, b"], ["--select", "joint"]):
            result = subprocess.run([PARLEY, "play", file.name, *option], capture_output=True, text=True)
            message = f"parley play: {option[0]} needs a situation, not the file of a game\n"
            check(f"{option[0]} of a game's file", result.returncode == 2 and result.stderr == message
                  and not result.stdout)


small_games()
options_of_situations()
near_ties()
transformed_games()
real_games()
listed_games()
sys.exit(1 if failed else 0)
