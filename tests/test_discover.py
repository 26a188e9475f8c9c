"""Runs `parley discover` on tables and compares it with

  - the trajectory that the EMA workbench gives for the table of Bryant and Lempert (2010), row by row and to the last bit,
    and the known box of a synthetic table, both from PARLEY_SHARED (skipped, and said, where that is absent);
  - a second implementation of the method, below: plain lists, one row after the other, nothing shared with parley, on
    tables of numbers, whole numbers with ties, categories and truth values, under every objective;
  - quasi-p values by exact sums of binomial probabilities, and splits of a tree found by trying all of them.

    test_discover.py PROGRAM"""
import csv
import json
import math
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

program = os.path.abspath(sys.argv[1])
shared = os.environ.get("PARLEY_SHARED", os.path.join(os.path.dirname(__file__), "..", "..", "shared"))
reference = os.path.join(shared, "cases", "prim")


def discover(path, *options):
    done = subprocess.run([program, "discover", path, "--json", *options], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# ---- the method once more -------------------------------------------------------------------------------------------


def quantile(values, q):
    values = sorted(values)
    place = (len(values) - 1) * q
    low, high = math.floor(place), math.ceil(place)
    if q > 0.5:
        while values[low] == values[high] and low > 0:
            low -= 1
    else:
        while values[low] == values[high] and high < len(values) - 1:
            high += 1
    return (values[low] + values[high]) / 2


class Prim:
    def __init__(self, columns, kinds, y, objective, peel, paste, least):
        self.columns, self.kinds, self.y = columns, kinds, y
        self.objective, self.peel_alpha, self.paste_alpha, self.least = objective, peel, paste, least
        self.order = [n for kind in ("real", "integer", "category") for n in columns if kinds[n] == kind]
        self.initial = {n: set(v) if kinds[n] == "category" else (min(v), max(v)) for n, v in columns.items()}

    def inside(self, box, rows):
        def holds(name, limit, row):
            value = self.columns[name][row]
            return value in limit if isinstance(limit, set) else limit[0] <= value <= limit[1]
        return [r for r in rows if all(holds(n, limit, r) for n, limit in box.items())]

    def restricted(self, box):
        return sum(box[n] != self.initial[n] for n in box)

    def score(self, old, new):
        before = sum(self.y[r] for r in old) / len(old)
        after = sum(self.y[r] for r in new) / len(new) if new else 0
        if self.objective == "original":
            return after if new else -1
        if before == after:
            return 0
        gain, change = after - before, abs(len(old) - len(new))
        return gain / change if self.objective == "lenient1" else len(new) * gain / change

    def best(self, old, candidates):
        best = None
        for box, rows in candidates:
            key = (self.score(old, rows), -self.restricted(box))
            if best is None or key > best[0]:
                best = (key, box, rows)
        return best

    def peels(self, box, rows):
        for name in self.order:
            values = [self.columns[name][r] for r in rows]
            if self.kinds[name] == "category":
                for category in sorted(box[name]) if len(box[name]) > 1 else []:
                    yield dict(box, **{name: box[name] - {category}}), [r for r, v in zip(rows, values) if v != category]
                continue
            for upper in (True, False):
                limit = quantile(values, 1 - self.peel_alpha if upper else self.peel_alpha)
                own = box[name][1] if upper else box[name][0]
                if self.kinds[name] == "integer":
                    limit = int(limit)
                    strict = limit == own
                    kept = [r for r, v in zip(rows, values)
                            if (v < limit if strict else v <= limit) and upper or
                            (v > limit if strict else v >= limit) and not upper]
                    of = [self.columns[name][r] for r in kept] or values
                    limit = max(of) if upper else min(of)
                else:
                    kept = [r for r, v in zip(rows, values) if (v <= limit if upper else v >= limit)]
                limits = (box[name][0], limit) if upper else (limit, box[name][1])
                yield dict(box, **{name: limits}), kept

    def pastes(self, box):
        found = []
        for kind in ("real", "integer", "category"):
            for name in self.order:
                if self.kinds[name] != kind or box[name] == self.initial[name]:
                    continue
                if kind == "category":
                    for category in sorted(self.initial[name] - box[name]):
                        wider = dict(box, **{name: box[name] | {category}})
                        found.append((wider, self.inside(wider, self.rows)))
                    continue
                for upper in (False, True):
                    low, high = box[name]
                    least, most = self.initial[name]
                    beyond = dict(box, **{name: (high, most) if upper else (least, low)})
                    values = [self.columns[name][r] for r in self.inside(beyond, self.rows)]
                    limit = most if upper else least
                    if values:
                        limit = quantile(values, self.paste_alpha if upper else 1 - self.paste_alpha)
                    if kind == "integer":
                        limit = int(limit)
                    wider = dict(box, **{name: (low, limit) if upper else (limit, high)})
                    found.append((wider, self.inside(wider, self.rows)))
            if not found:
                return []
        return found

    def find(self, rows):
        self.rows = rows
        box, total = dict(self.initial), len(self.y)
        trajectory = [(box, rows)]
        while True:
            best = self.best(rows, self.peels(box, rows))
            if not best or len(best[2]) / total < self.least or len(best[2]) >= len(rows) or not best[0][0] > 0:
                break
            box, rows = best[1], best[2]
            trajectory.append((box, rows))
        while True:
            best = self.best(rows, self.pastes(box))
            if not best or len(best[2]) / total < self.least or len(best[2]) <= len(rows) or not best[0][0] > 0:
                break
            if not sum(self.y[r] for r in best[2]) / len(best[2]) > sum(self.y[r] for r in rows) / len(rows):
                break
            box, rows = best[1], best[2]
            trajectory.append((box, rows))
        return trajectory


def tail(k, n, p):
    """P(X >= k) of Binomial(n, p), in fractions."""
    return float(sum(math.comb(n, i) * p**i * (1 - p)**(n - i) for i in range(k, n + 1)))


def quasi_p(prim, box, rows):
    k = sum(prim.y[r] for r in rows)
    for name in box:
        if box[name] == prim.initial[name]:
            continue
        for side in (0, 1):
            wider = dict(box)
            if isinstance(box[name], set):
                if side:
                    yield name, side, None
                    continue
                wider[name] = prim.initial[name]
            elif box[name][side] == prim.initial[name][side]:
                yield name, side, None
                continue
            else:
                wider[name] = (prim.initial[name][0], box[name][1]) if side == 0 else (box[name][0], prim.initial[name][1])
            around = prim.inside(wider, prim.rows)
            yield name, side, tail(k, len(rows), Fraction(sum(prim.y[r] for r in around), len(around)))


# ---- tables ---------------------------------------------------------------------------------------------------------


def make_table(seed, rows):
    """A table in which y depends on all kinds of columns, with noise."""
    draw = random.Random(seed)
    columns = {"x": [], "n": [], "count": [], "place": [], "open": [], "z": []}
    y = []
    for _ in range(rows):
        x, n = round(draw.uniform(-1, 1), 2), draw.randint(-4, 4)
        count, place, opened = draw.choice([0, 0, 0, 1, 2, 7]), draw.choice("abcd"), draw.random() < 0.4
        for name, value in zip(columns, (x, n, count, place, str(opened), round(draw.gauss(0, 1), 6))):
            columns[name].append(value)
        y.append(int((x > 0.1) + (n <= 1) + (place in "ac") + opened + (count < 2) + draw.gauss(0, 0.7) > 3.6))
    kinds = {"x": "real", "n": "integer", "count": "integer", "place": "category", "open": "category", "z": "real"}
    return columns, kinds, y


def write_table(path, columns, y):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(list(columns) + ["y"])
        writer.writerows(zip(*columns.values(), y))


def limits_agree(given, box):
    for name, limit in box.items():
        got = given[name]
        if isinstance(limit, set):
            assert set(got) == limit, (name, got, limit)
        else:
            assert tuple(got) == tuple(limit), (name, got, limit)


def compare(prim, rows, trajectory, total_hits):
    ours = prim.find(rows)
    assert len(trajectory) == len(ours), (len(trajectory), len(ours))
    for given, (box, members) in zip(trajectory, ours):
        k = sum(prim.y[r] for r in members)
        assert (given["n"], given["k"], given["res_dim"]) == (len(members), k, prim.restricted(box))
        assert given["coverage"] == k / total_hits and given["density"] == k / len(members)
        assert given["mass"] == len(members) / len(prim.y)
        limits_agree(given["limits"], box)
        for name, side, p in quasi_p(prim, box, members):
            got = given["quasi_p"][name][side]
            assert got is None if p is None else math.isclose(got, p, rel_tol=1e-9, abs_tol=1e-300), (name, got, p)
    return ours


def mixed_tables_agree(folder):
    path = os.path.join(folder, "mixed.csv")
    pasted = steps = 0
    for seed, objective in enumerate(("lenient1", "lenient2", "original") * 4):
        columns, kinds, y = make_table(seed, 150 + 40 * (seed % 3))
        peel, paste, least = (0.05, 0.1, 0.2)[seed % 3], (0.05, 0.3)[seed % 2], (0.05, 0.1)[seed % 2]
        write_table(path, columns, y)
        found = discover(path, "--where", "y = 1", "--objective", objective, "--peel-alpha", str(peel), "--paste-alpha",
                         str(paste), "--mass-min", str(least), "--boxes", "3", "--box", "last", "--halves", "0")
        assert {i["name"]: i["kind"] for i in found["inputs"]} == kinds
        prim = Prim(columns, kinds, y, objective, peel, paste, least)
        rows = list(range(len(y)))
        for number, box in enumerate(found["boxes"]):
            trajectory = found["trajectory"] if number == 0 else box["trajectory"]
            ours = compare(prim, rows, trajectory, sum(y))
            assert box["chosen"] == len(ours) - 1 and box["rule"] == "last"
            rows = [r for r in rows if r not in set(ours[-1][1])]
            pasted += sum(step["phase"] == "paste" for step in trajectory)
            steps += len(trajectory)
    assert pasted > 0 and steps > 100, (pasted, steps)


def tree_splits_best(folder):
    """One split: every threshold and every category tried for the least impurity of Gini."""
    path = os.path.join(folder, "tree.csv")
    columns, kinds, y = make_table(99, 300)
    write_table(path, columns, y)
    leaves = discover(path, "--where", "y = 1", "--mass-min", "0.4", "--halves", "0")["cart"]["leaves"]
    best = None
    for name in columns:
        values = columns[name]
        for cut in sorted(set(values)):
            left = [r for r in range(300) if (values[r] != cut if kinds[name] == "category" else values[r] <= cut)]
            right = [r for r in range(300) if r not in set(left)]
            if min(len(left), len(right)) < 120:
                continue
            impurity = sum(Fraction(2 * k * (len(side) - k), len(side)) for side in (left, right)
                           for k in [sum(y[r] for r in side)])
            if best is None or impurity < best[0]:
                best = (impurity, left, right)
    assert [(leaf["n"], leaf["k"]) for leaf in leaves] == [(len(s), sum(y[r] for r in s)) for s in best[1:]], leaves


def noise_is_doubtful(folder):
    """What comes of chance alone does not come again in the other half; what the inputs decide does."""
    draw = random.Random(5)
    columns = {f"x{i}": [draw.random() for _ in range(300)] for i in range(8)}
    path = os.path.join(folder, "noise.csv")
    for y, doubtful in ([int(draw.random() < 0.2) for _ in range(300)], True), \
                       ([int(a > 0.5 and b < 0.6) for a, b in zip(columns["x0"], columns["x1"])], False):
        write_table(path, columns, y)
        box = discover(path, "--where", "y = 1")["boxes"][0]
        other, share = box["other_half"], sum(y) / 300
        assert other["doubtful"] is doubtful, other
        assert math.isclose(other["held"][0], other["coverage"][0] / box["coverage"][0])
        assert math.isclose(other["held"][1], (other["density"][0] - share) / (box["density"][0] - share))
        text = subprocess.run([program, "discover", path, "--where", "y = 1"], capture_output=True, text=True).stdout
        assert ("Doubtful" in text) is doubtful, text
    assert "other_half" not in discover(path, "--where", "y = 1", "--halves", "0")["boxes"][0]


# ---- the reference --------------------------------------------------------------------------------------------------


def bryant_and_lempert(folder):
    names = ["Cellulosic cost", "Total biomass", "Feedstock distribution", "Cellulosic yield", "Oil elasticity",
             "Demand elasticity", "Electricity coproduction", "oil supply shift", "Biomass backstop price"]
    found = discover(os.path.join(reference, "bryant2010.csv"), "--where", '"Greater than 90%" = 1', "--inputs",
                     ", ".join(names), "--peel-alpha", "0.1")
    with open(os.path.join(reference, "bryant_ema_lenient1_alpha0.1.csv"), encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(found["trajectory"]) == 28
    for row, step in zip(rows, found["trajectory"]):
        for key in ("coverage", "density", "mass"):
            assert step[key] == float(row[key]), (row["id"], key)
        assert step["res_dim"] == int(row["res_dim"])
        for name in names:
            assert step["limits"][name] == [float(row[name + "_min"]), float(row[name + "_max"])], (row["id"], name)
    assert found["boxes"][0]["chosen"] == 21
    for language in ("en", "es"):
        assert "75 %" in found["boxes"][0]["words"][language] and "77 %" in found["boxes"][0]["words"][language]


def synthetic_box(folder):
    found = discover(os.path.join(reference, "synthetic_box_seed12345.csv"), "--where", "y = 1")
    box = found["boxes"][0]
    assert set(box["limits"]) == {"a", "b", "c"}
    for name, side, edge in (("a", 0, 0.6), ("b", 1, 0.4), ("c", 0, 0.25), ("c", 1, 0.75)):
        assert abs(box["limits"][name][side] - edge) < 0.01, (name, box["limits"])
    assert box["coverage"][0] > 0.95 and box["density"][0] > 0.95
    for name in "abc":
        assert min(box["reproduced"][name]) > 0.5, box["reproduced"]


with tempfile.TemporaryDirectory() as work:
    mixed_tables_agree(work)
    tree_splits_best(work)
    noise_is_doubtful(work)
    if os.path.isdir(reference):
        bryant_and_lempert(work)
        synthetic_box(work)
    else:
        print("skipped: the reference tables of PRIM are not here")
