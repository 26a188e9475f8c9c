#!/usr/bin/python3
"""Writes expected.csv of each folder here from closed forms, arithmetic by hand, or scipy; never from parley.

    tests/models/expected.py            write all files
    tests/models/expected.py --check    exit 1 where a file is not what this script gives

A feature is a function named after its folder that returns the columns of its table, `time` first.  A number stands
for a column that does not change.  Folders of random draws have limits for statistics instead (statistics.csv).
"""
import io
import math
import os
import sys
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
features = {}


def feature(function):
    features[function.__name__] = function
    return function


def times(first, last, step):
    return [first + n * step for n in range(round((last - first) / step) + 1)]


def tail(n, p, k):
    """The probability of at least k successes in n trials: what k equal first-order delays under Euler have passed
    on of a step after n steps, each passing on the share p of its content."""
    return 1 - sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k)) if n > 0 else 0.0


def interpolate(points, x):
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x < x1:
            return y0 + (x - x0) * (y1 - y0) / (x1 - x0)
    return points[-1][1]


@feature
def stocks():
    t = times(0, 10, 0.25)
    n = range(len(t))
    return {"time": t, "growing": [100 * 1.025**k for k in n], "growth rate": 0.1,
            "falling": [100 * (1 - 0.0625) ** k for k in n], "seeking": [50 * (1 - 0.95**k) for k in n],
            "goal": 50, "adjustment time": 5, "straight": [1 + 2 * x for x in t],
            "ramped": [0.0625 * k * (k - 1) / 2 for k in n]}


@feature
def imports():
    """north is 10, 30, (nothing), 50 at 0, 2, 4, 8; south is 1, 2, 4, 8."""
    t = times(0, 9, 1)
    north, south = [(0, 10), (2, 30), (8, 50)], [(0, 1), (2, 2), (4, 4), (8, 8)]
    table = {"u": (1.5, 2.5), "v": (3.5, 4.5), "w": (5.5, 6.5)}
    columns = {"time": t, "one": 3.5, "by semicolons": -12.5, "corner of it": 1.5, "mixed[south]": 7,
               "part[u,k1]": 0, "part[u,k2]": 0}
    for letter, (x, y) in table.items():
        columns |= {f"down[{letter}]": x, f"table[{letter},k1]": x, f"table[{letter},k2]": y, f"turned[k1,{letter}]": x,
                    f"turned[k2,{letter}]": y, f"by tabs[{letter}]": y, f"by name[{letter}]": y,
                    f"from a book[{letter},k1]": x, f"from a book[{letter},k2]": y}
        if letter != "u":
            columns |= {f"part[{letter},k1]": x, f"part[{letter},k2]": y}
    columns |= {"across[k1]": 1.5, "across[k2]": 2.5}
    for name, points in (("north", north), ("south", south)):
        values = [interpolate(points, x) for x in t]
        for variable in ("data down", "data across", "data by name", "data of old"):
            columns[f"{variable}[{name}]"] = values
        columns[f"shaped[{name}]"] = [interpolate(points, x + 1) for x in t]
        columns[f"stock[{name}]"] = [sum(values[:k]) for k in range(len(t))]
    columns["mixed[north]"] = columns["data down[north]"]
    columns["bent"] = [interpolate(south, 2 * x) for x in t]
    return columns


@feature
def data_modes():
    t = times(0, 7, 0.5)
    a, b, na = [(1, 10), (2, -4), (3, 20), (6, 8)], [(1, 5), (3, 7), (6, 6)], -2.0**109

    def after(points, x):
        return next((y for p, y in points if p >= x), points[-1][1])

    def before(points, x):
        return next((y for p, y in reversed(points) if p <= x), points[0][1])

    def strictly_before(points, x):
        return next((y for p, y in reversed(points) if p < x), points[0][1])

    def clip(x):
        return max(1, min(6, x))

    exact, linear = dict(a), [interpolate(a, x) for x in t]
    held = {"a": [before(a, x) for x in t], "b": [before(b, x) for x in t]}
    seen = [[y for p, y in a if p <= x] for x in t]
    columns = {"time": t, "plain": linear, "linear": linear, "next": [after(a, x) for x in t],
               "raw": [exact.get(x, na) for x in t], "there": [float(x in exact) for x in t], "again": held["a"],
               "first of b": [interpolate(b, x) for x in t], "twice": [2 * y for y in linear], "fixed": 3, "lag": 0.5,
               "at time": [exact.get(x, na) for x in t], "at gap": [float(x in exact) for x in t],
               "earlier": [interpolate(a, clip(x - 0.5)) for x in t],
               "mode backward": [strictly_before(a, math.floor(clip(x))) for x in t],
               "outside": [float(x < 1 or x > 6) for x in t], "mean": [sum(y) / len(y) if y else na for y in seen],
               "mean known": [sum(y) / len(y) if y else 0 for y in seen], "median": 9, "median of three": 6,
               "least": -4, "most": 20, "stock": [sum(linear[:k]) * 0.5 for k in range(len(t))]}
    for side, points in (("a", a), ("b", b)):
        columns |= {f"held[{side}]": held[side], f"other[{side}]": [interpolate(points, x) for x in t],
                    f"mode forward[{side}]": [after(points, math.floor(clip(x))) for x in t],
                    f"first time[{side}]": 1, f"last time[{side}]": 6,
                    f"points so far[{side}]": [float(sum(p <= x for p, _ in points)) for x in t]}
    return columns


@feature
def vectors():
    """Revenues 5000, 3000, 8000 have the ranks 2, 1, 3 (Vensim's example); at time 1 the second is 30000."""
    na = -2.0**109
    columns = {"time": [0, 1], "weighted sum": 19000, "weighted product": 15000 * 4000,
               "weighted least": 4000, "weighted largest": 15000, "weighted mean": 9500,
               "power product": 5000**3 * math.sqrt(8000), "sum of chosen": 13000, "product of chosen": 4e7,
               "least chosen": 5000, "largest chosen": 8000, "mean chosen": 6500,
               "by team[a]": [8000, 35000], "by team[b]": -1,
               "member[a,c1]": 1, "member[a,c2]": 1, "member[a,c3]": 0,
               "member[b,c1]": 0, "member[b,c2]": 0, "member[b,c3]": 0}
    rows = {"revenue": ([5000, 3000, 8000],) * 2, "chosen": ([3, 0, 0.5],) * 2,
            "changing": ([5000, 3000, 8000], [5000, 30000, 8000]), "rank": ([2, 1, 3], [1, 3, 2]),
            "falling rank": ([2, 3, 1], [3, 1, 2]), "order": ([1, 0, 2], [0, 2, 1]),
            "falling order": ([2, 0, 1], [1, 2, 0]), "sorted": ([3000, 5000, 8000], [5000, 8000, 30000]),
            "before": ([na, 5000, 3000], [na, 5000, 30000])}
    for name, (first, second) in rows.items():
        for k in range(3):
            columns[f"{name}[c{k + 1}]"] = [first[k], second[k]]
    return columns


def share_above(kind, way, width):
    """The share of a curve's distribution above its middle + way."""
    if kind == 0:
        return 1.0
    if width <= 0:
        return 1.0 if way < 0 else 0.0
    z = way / (width / 2 if kind < 3 else width)
    if kind == 1:
        return min(1, max(0, (1 - z) / 2))
    if kind == 2:
        return 1.0 if z <= -1 else 1 - (1 + z) ** 2 / 2 if z < 0 else (1 - z) ** 2 / 2 if z < 1 else 0.0
    if kind == 3:
        return math.erfc(z / math.sqrt(2)) / 2
    return 1 - math.exp(z) / 2 if z < 0 else math.exp(-z) / 2


def demands(requests, curves, x):
    return [q * share_above(kind, x - middle, width) for q, (kind, middle, width) in zip(requests, curves)]


def supplies(requests, curves, x):
    return [q * share_above(kind, middle - x, width) for q, (kind, middle, width) in zip(requests, curves)]


def highest(holds, low=-200.0, high=300.0):
    """The largest x at which a condition holds that holds below it and not above."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low, high


def allocated(requests, curves, supply):
    """What is asked for at the x at which it is the supply; where it falls there by a step, the step is shared."""
    if supply >= sum(requests):
        return list(requests)
    if supply <= 0:
        return [0.0] * len(requests)
    low, high = highest(lambda x: sum(demands(requests, curves, x)) >= supply)
    above = demands(requests, curves, low)
    below = demands(requests, curves, high) if high < 300 else [0.0] * len(requests)
    part = (supply - sum(below)) / (sum(above) - sum(below))
    return [b + (a - b) * part for a, b in zip(above, below)]


@feature
def allocation():
    branches = ("boston", "dayton", "fresno")
    request = [50, 30, 75]
    curves = {"fixed": [(0, 5, 2), (0, 7, 4), (0, 3, 4)], "rectangular": [(1, 5, 2), (1, 7, 4), (1, 3, 4)],
              "triangular": [(2, 5, 2), (2, 7, 4), (2, 3, 4)], "exponential": [(4, 5, 1), (4, 7, 2), (4, 3, 2)],
              "mixed": [(0, 5, 2), (1, 7, 4), (4, 3, 2)]}
    t = times(0, 9, 1)
    columns = {"time": t}

    def put(name, rows):
        """One row of values for each time, by branch."""
        for k, branch in enumerate(branches):
            columns[name.format(branch)] = [row[k] for row in rows]

    for shape, curve in curves.items():
        put(f"allocated[{shape},{{}}]", [allocated(request, curve, 20 * x) for x in t])
        put(f"supplied[{shape},{{}}]", [supplies(request, curve, x) for x in t])
        for market, share in (("north", 1), ("south", 0.5)):
            put(f"branch first[{{}},{shape},{market}]", [allocated(request, curve, 20 * x * share) for x in t])
    put("by priority[{}]", [allocated(request, [(1, 5, 3), (1, 7, 3), (1, 3, 3)], 20 * x) for x in t])
    put("in steps[{}]", [allocated(request, [(1, 5, 0), (1, 5, 0), (1, 3, 0)], 20 * x) for x in t])
    waves = [[], [], []]
    for x in t:
        want = request
        for wave in waves:
            got = allocated(want, curves["rectangular"], 5 * x)
            wave.append(got)
            want = [q - g for q, g in zip(request, got)]
    for k, wave in enumerate(waves):
        put(f"got[w{k + 1},{{}}]", wave)
    rectangular, triangular = curves["rectangular"], curves["triangular"]
    columns["price"] = highest(lambda x: sum(demands(request, rectangular, x))
                               >= sum(supplies(request[1:], rectangular[1:], x)))[0]
    columns["price by time"] = [highest(lambda x: sum(demands([q * (now + 1) / 10 for q in request], triangular, x))
                                        >= supplies(request[2:], rectangular[2:], x)[0])[0] for now in t]
    put("demand[{}]", [demands(request, triangular, x) for x in t])
    return columns


@feature
def allocation_normal():
    t = times(0, 16, 1)
    rows = [allocated([50, 30, 75], [(3, 5, 1), (3, 7, 2), (3, 3, 2)], 10 * x) for x in t]
    return {"time": t, **{f"allocated[{branch}]": [row[k] for row in rows]
                          for k, branch in enumerate(("boston", "dayton", "fresno"))}}


def sort_order(values, rising=True):
    return sorted(range(len(values)), key=lambda k: values[k] if rising else -values[k])


def ranks(values, rising=True):
    order = sort_order(values, rising)
    return [order.index(k) + 1 for k in range(len(values))]


@feature
def vector_shapes():
    t = times(0, 4, 1)
    down, across = [1, 2, 3], [2, 4, 1, 3]
    columns = {"time": t}
    for now in t:
        plane = [[r * c * (now + 2) % 7 for c in across] for r in down]
        flat = list(zip(*plane))
        moved = [r - now for r in down]
        found = {"best": sum(c for c, rank in zip(across, ranks(plane[1], False)) if rank == 1)}
        for r in range(3):
            order = sort_order(plane[r])
            for c in range(4):
                found[f"order inside[r{r + 1},c{c + 1}]"] = order[c]
                found[f"falling[r{r + 1},c{c + 1}]"] = sort_order([-v for v in plane[r]])[c]
                found[f"sorted[r{r + 1},c{c + 1}]"] = plane[r][order[c]]
                found[f"order outside[c{c + 1},r{r + 1}]"] = order[c]
                found[f"sorted outside[c{c + 1},r{r + 1}]"] = plane[r][order[c]]
                value = [down[r] * 7 + across[c] * 5 - down[r] * across[c] * layer for layer in (1, 2)]
                for layer, rising in ((0, True), (1, False)):
                    found[f"order middle[r{r + 1},c{c + 1},l{layer + 1}]"] = sort_order(plane[r], rising)[c]
                    found[f"rank middle[l{layer + 1},c{c + 1},r{r + 1}]"] = ranks(plane[r], rising)[c]
                    found[f"over layers[l{layer + 1},r{r + 1},c{c + 1}]"] = ranks(value)[layer]
            found[f"moved[r{r + 1}]"] = down[int(moved[r])] if 0 <= moved[r] < 3 else -2.0**109
            found[f"cell[r{r + 1}]"] = sum((3, 2, 1)[:r + 1])
        for name, value in found.items():
            columns.setdefault(name, []).append(value)
    return columns


def inverse_of(rows):
    """By exact elimination; None where there is none."""
    n = len(rows)
    work = [[Fraction(x) for x in row] + [Fraction(i == j) for j in range(n)] for i, row in enumerate(rows)]
    for k in range(n):
        pivot = next((i for i in range(k, n) if work[i][k]), None)
        if pivot is None:
            return None
        work[k], work[pivot] = work[pivot], work[k]
        work[k] = [x / work[k][k] for x in work[k]]
        for i in range(n):
            if i != k:
                work[i] = [a - work[i][k] * b for a, b in zip(work[i], work[k])]
    return [[float(x) for x in row[n:]] for row in work]


@feature
def matrices():
    matrix = [[4, -2, 1], [-2, 0, 3], [1, 3, 5]]
    columns = {"time": times(0, 3, 1)}
    hilbert = inverse_of([[Fraction(1, i + j + 1) for j in range(3)] for i in range(3)])
    for i in range(3):
        for j in range(3):
            for now in columns["time"]:
                inverse = inverse_of([[x + (now if a == b else 0) for b, x in enumerate(row)]
                                      for a, row in enumerate(matrix)])
                for name in ("inverse", "diagonal"):
                    columns.setdefault(f"{name}[f{i + 1},f{j + 1}]", []).append(inverse[i][j])
                for k, factor in (("o1", 1), ("o2", 2)):
                    columns.setdefault(f"scaled[{k},f{j + 1},f{i + 1}]", []).append(inverse[i][j] / factor)
            columns[f"product[f{i + 1},f{j + 1}]"] = 1.0 if i == j else 0.0
            columns[f"singular[f{i + 1},f{j + 1}]"] = -2.0**109
            columns[f"hilbert inverse[f{i + 1},f{j + 1}]"] = hilbert[i][j]
    return columns


def two_chains(inflow, time, dt, shift=3):
    """The macros of macro_outputs, by Euler: what leaves, what is held, the second output."""
    held = inflow[0] * time
    aged = held / time * 2 * time
    rows = []
    for flow in inflow:
        out, second = held / time, aged / (2 * time)
        rows.append((out, held, second + dt * shift))
        held += dt * (flow - out)
        aged += dt * (out - second)
    return [list(column) for column in zip(*rows)]


@feature
def macro_outputs():
    t = times(0, 5, 0.5)
    pulse = [5 if x >= 1 else 0 for x in t]
    out, content, late = two_chains(pulse, 4, 0.5)
    north = two_chains([10 + p for p in pulse], 2, 0.5)
    south = two_chains([20 + p for p in pulse], 2, 0.5)
    twice, again, unused = two_chains(out, 4, 0.5)
    return {"time": t, "out": out, "content": content, "late": late,
            "sum of both": [c + 2 * b for c, b in zip(content, late)], "leaving[north]": north[0],
            "leaving[south]": south[0], "inside[north]": north[1], "inside[south]": south[1],
            "at last[north]": north[2], "at last[south]": south[2],
            "total": [a + b for a, b in zip(north[1], south[1])],
            "twice": [x + 1 for x in twice], "once more": again, "unused": unused}


def transit(inputs, lengths, dt, initial, missing=None):
    """What comes out at each step: a list of (due, value) of what is on its way. missing None: information."""
    steps = [max(1, math.floor(length / dt + 0.5)) for length in lengths]
    way, out = [(k, initial) for k in range(1, steps[0])], [initial]
    for n in range(len(inputs) - 1):
        due = n + steps[n]
        if missing is None:
            way = [(k, value) for k, value in way if k < due]
        way.append((due, inputs[n]))
        now = [value for k, value in way if k == n + 1]
        out.append(sum(now) if now else out[-1] if missing is None else missing[n])
    return out


@feature
def transit_delays():
    t = times(0, 12, 0.25)
    x = [10 + v**2 for v in t]
    changing = [2 if v < 3 else 0.5 if v < 6 else 3 for v in t]
    swinging = [2 + 1.5 * math.sin(3 * v) for v in t]
    fixed = transit(x, [1.5] * len(t), 0.25, -1)
    columns = {"time": t, "fixed": fixed, "same information": fixed, "same material": fixed,
               "information": transit(x, changing, 0.25, -1),
               "material": transit(x, changing, 0.25, -1, [-5] * len(t))}
    for k, name in ((1, "short"), (2, "long")):
        columns[f"fixed by line[{name}]"] = transit([v + k for v in x], [(1, 2.5)[k - 1]] * len(t), 0.25, -k)
        columns[f"swinging information[{name}]"] = transit(x, [v * k for v in swinging], 0.25, -k)
        columns[f"swinging material[{name}]"] = transit(x, [v * k for v in swinging], 0.25, -k, [-v for v in t])
    back = [0.0] * len(t)
    for n in range(len(t)):
        back = transit([v + 1 for v in back], changing, 0.25, 0, [0] * len(t))
    columns["back"] = back
    stock = [1]
    for value in columns["material"]:
        stock.append(stock[-1] + 0.25 * (value - stock[-1]))
    columns["stock"] = stock[:-1]
    return columns


@feature
def delay_orders():
    t = times(0, 10, 0.125)
    columns = {"time": t}
    for order, names in ((1, ("smooth 1", "delay 1", "delay 1i")), (2, ("smooth 2", "delay 2")),
                         (3, ("smooth 3i", "delay 3i")), (5, ("smooth 5", "delay 5"))):
        for name in names:
            columns[name] = [4 + 6 * tail(n, 0.125 * order / 4, order) for n in range(len(t))]
    return columns


@feature
def delay_responses():
    t = times(0, 12, 1)

    def left(order, time, now):
        """What a chain of this order keeps of its start."""
        x = order / time * now
        return math.exp(-x) * sum(x**k / math.factorial(k) for k in range(order))

    average = [math.exp(0.1 * v) / 1.4 + (1 - 1 / 1.4) * math.exp(-v / 4) for v in t]
    trend = [(math.exp(0.1 * v) - a) / (4 * a) for v, a in zip(t, average)]
    first, third = ([10 - 6 * left(order, time, v) for v in t] for order, time in ((1, 2), (3, 3)))
    return {"time": t, "first": first, "late first": first, "third": third, "late third": third,
            "fifth": [10 - 6 * left(5, 5, v) for v in t],
            "smoothed ramp": [3 * (v - 2 + 2 * math.exp(-v / 2)) for v in t],
            "third of the ramp": [3 * (v - 3 + math.exp(-v) * (3 + 2 * v + v * v / 2)) for v in t],
            "trend": trend, "forecast": [math.exp(0.1 * v) * (1 + 2 * g) for v, g in zip(t, trend)]}


@feature
def array_order_3d():
    t = times(0, 2, 0.5)
    columns, stock = {"time": t}, {}

    def put(name, indices, letters, value):
        elements = ",".join(f"{letter}{index + 1}" for letter, index in zip(letters, indices))
        columns.setdefault(f"{name}[{elements}]", []).append(value)

    for now in t:
        x, y, z, mapped = {}, {}, {}, {}
        for a in range(3):
            for b in range(2):
                z[a, b] = b + 1 if a == 0 else sum(x[a - 1, b, c] for c in range(3)) / 10
                for c in range(3):
                    x[a, b, c] = (b + 1 + 10 * (c + 1) + now if a == 0 else x[a - 1, b, 2] + 1 if c == 0
                                  else x[a, b, c - 1] * 2 - y[a, b, c - 1])
                    y[a, b, c] = x[a, b, c] / 4 + z[a, b]
                    # q1 and q2 stand for b2 and b1; r1, r2, r3 for c3, c1, c2
                    w = 100 * (a + 1) + 10 * (2 - b) + (c + 1) % 3 + 1
                    mapped[a, b, c] = w + x[a, b, c]
                    key = (a, b, c)
                    stock.setdefault(key, y[key])
                    put("x", key, "abc", x[key])
                    put("y", key, "abc", y[key])
                    put("mapped", key, "abc", mapped[key])
                    put("turned", (c, a, b), "cab", w)
                    put("stock", key, "abc", stock[key])
                    stock[key] += 0.5 * (mapped[key] - stock[key])
        for q in range(2):
            for r in range(3):
                walk = 100 + 10 * (q + 1) + r + 1
                for p in range(3):
                    walk *= 1 if p == 0 else 1.5
                    put("walk", (p, q, r), "pqr", walk)
    return columns


@feature
def operators():
    return {"time": [0, 1], "sum first": 14, "parentheses": 20, "power binds": 18, "differences": 3, "quotients": 2,
            "mixed": 8, "minus a negative": 3, "times a negative": -6, "half": 3.5, "large number": 1500,
            "small number": 0.025, "leading point": 2.5, "two": 2, "power of a sum": 27, "negative constant": -4.25,
            "signed": 4}


@feature
def mathematics():
    t = times(0, 10, 1)
    x = [k / 4 for k in t]
    columns = {"absolute": lambda v: abs(v - 1), "exponential": math.exp, "decay": lambda v: math.exp(-3 * v),
               "logarithm": lambda v: math.log(v + 0.5), "root": math.sqrt, "sine": math.sin, "cosine": math.cos,
               "tangent": math.tan, "inverse sine": lambda v: math.asin(v / 3),
               "inverse cosine": lambda v: math.acos(v / 3), "inverse tangent": lambda v: math.atan(v - 1),
               "hyperbolic sine": math.sinh, "hyperbolic cosine": math.cosh, "hyperbolic tangent": math.tanh,
               "power": lambda v: (v + 0.5) ** 1.7, "inverse power": lambda v: (v + 0.5) ** -0.3,
               "square": lambda v: v * v, "smaller": lambda v: min(v, 1), "larger": lambda v: max(v, 1),
               "whole part": lambda v: math.trunc(v * 3 - 2.5)}
    return {"time": t, "x": x} | {name: [f(v) for v in x] for name, f in columns.items()}


@feature
def modulo_quantum():
    x = list(range(-5, 6))
    return {"time": list(range(11)), "x": x, "remainder": [-2, -1, 0, -2, -1, 0, 1, 2, 0, 1, 2],
            "fraction": [-0.75, 0, -0.25, -0.5, -0.75, 0, 0.75, 0.5, 0.25, 0, 0.75],
            "coarse": [-4, -4, -2, -2, 0, 0, 0, 2, 2, 4, 4], "unchanged": x}


@feature
def zidz_xidz():
    return {"time": [0, 1, 2, 3, 4, 5], "divisor": [-2, -1, 0, 1, 2, 3], "zero instead": [-3, -6, 0, 6, 3, 2],
            "other instead": [-3, -6, 11, 6, 3, 2]}


@feature
def if_then_else():
    return {"time": [0, 1, 2, 3, 4, 5, 6], "switch": [20, 20, 20, 20, 10, 10, 10], "nested": [0, 1, 20, 30, -4, -5, -6],
            "guarded": [0, 1, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6], "number as condition": [5, 6, 5, 5, 5, 5, 5]}


@feature
def logicals():
    return {"time": [0, 1, 2, 3, 4, 5], "less": [1, 1, 0, 0, 0, 0], "less or equal": [1, 1, 1, 0, 0, 0],
            "greater": [0, 0, 0, 1, 1, 1], "greater or equal": [0, 0, 1, 1, 1, 1], "equal": [0, 0, 1, 0, 0, 0],
            "unequal": [1, 1, 0, 1, 1, 1], "both": [0, 0, 1, 1, 0, 0], "either": [1, 0, 0, 0, 1, 1],
            "negated": [1, 1, 1, 0, 0, 0], "and before or": [1, 0, 0, 1, 0, 0], "grouped": [1, 0, 0, 1, 0, 0],
            "comparison of sums": [1, 1, 1, 0, 0, 0]}


@feature
def step_pulse_ramp():
    t = times(0, 6, 0.5)
    return {"time": t, "stepped": [5 if x >= 3 else 0 for x in t], "pulsed": [1 if 2 <= x < 5 else 0 for x in t],
            "short pulse": [1 if x == 2 else 0 for x in t], "ramped": [2 * (min(max(x, 1), 4) - 1) for x in t],
            "combined": [3 if 1 <= x < 4 else 1 for x in t]}


@feature
def pulse_train():
    t = times(0, 12, 0.5)
    on = [1 if 1 <= x < 2 or 4 <= x < 5 or 7 <= x < 8 else 0 for x in t]
    return {"time": t, "train": on, "to its end": [1 if 2 <= x <= 5 else 0 for x in t],
            "counted": [0.5 * sum(on[:k]) for k in range(len(on))]}


def step_response():
    """What smoothing and material delays give for STEP(10, 2) with a step of 0.25."""
    t = times(0, 20, 0.25)
    since = [k - 8 for k in range(len(t))]

    def answer(order, delay, start):
        p = order * 0.25 / delay
        return [start * (1 - tail(k, p, order)) + 10 * tail(since[k], p, order) for k in range(len(t))]

    return {"time": t, "input": [10 if k >= 0 else 0 for k in since], "first order": answer(1, 5, 0),
            "first order from 4": answer(1, 5, 4), "third order": answer(3, 6, 0),
            "third order from 4": answer(3, 6, 4),
            "of an expression": [4 * y - 1 for y in answer(1, 5, 0)]}


@feature
def smooth():
    return step_response()


@feature
def delays():
    return step_response()


@feature
def trend():
    t = times(0, 40, 0.25)
    p, g = 0.25 / 4, 1 + 0.05 * 0.25
    q = 1 - p
    series = [10 * g**k for k in range(len(t))]

    def perceived(start):
        average = [q**k * 10 / (1 + start * 4) + p * 10 * (g**k - q**k) / (g - q) for k in range(len(t))]
        return [(x - a) / (4 * a) for x, a in zip(series, average)]

    return {"time": t, "input": series, "perceived": perceived(0.02), "from none": perceived(0)}


@feature
def initial():
    stock = [7, 8, 9, 10, 11, 12]
    return {"time": [3, 4, 5, 6, 7, 8], "held": 17, "stock": stock, "grown": [x / 17 for x in stock]}


@feature
def active_initial():
    t = times(0, 4, 0.5)
    return {"time": t, "population": [10 + x for x in t], "target": [20 + 2 * x for x in t], "gap": [10 + x for x in t]}


@feature
def sample_if_true():
    return {"time": list(range(13)), "sampled": [-1, -1, 20, 20, 20, 20, 60, 60, 60, 60, 100, 100, 100],
            "until three": [0, 1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]}


@feature
def delay_fixed():
    t = times(0, 8, 0.5)
    return {"time": t, "input": [2 * x for x in t], "late": [2 * (x - 3) if x >= 3 else -1 for x in t],
            "one step late": [2 * (x - 0.5) if x >= 0.5 else 100 for x in t]}


@feature
def subscripts_1d():
    t = times(0, 5, 0.5)
    n = range(len(t))
    people = {"north": [100 * 1.05**k for k in n], "south": [200 * 1.025**k for k in n],
              "east": [50 * 0.9**k for k in n]}
    total = [sum(row) for row in zip(*people.values())]
    return {"time": t, "start[north]": 100, "start[south]": 200, "start[east]": 50, "rate[east]": -0.2, "total": total,
            "weight[north]": 2, "weight[south]": t, "weight[east]": [2 + x for x in t],
            "weighted": [200 + 200 * x + 50 * (2 + x) for x in t], "southern only": people["south"]} \
        | {f"people[{region}]": people[region] for region in people} \
        | {f"share[{region}]": [x / y for x, y in zip(people[region], total)] for region in people}


@feature
def subscripts_2d():
    t = [0, 1, 2, 3]
    matrix = {("r1", "c1"): 1, ("r1", "c2"): 2, ("r1", "c3"): 3, ("r2", "c1"): 4, ("r2", "c2"): 5, ("r2", "c3"): 6}
    vector = {"c1": 1, "c2": 10, "c3": 100}
    table = {"time": t, "product[r1]": 321, "product[r2]": 654, "by column[c1]": [5 * (1 + x) for x in t],
             "by column[c2]": [7 * (1 + x) for x in t], "by column[c3]": [9 * (1 + x) for x in t],
             "everything": [21 * (1 + x) for x in t], "corner": [100, 106, 112, 118],
             "weighted": 111 * 6, "share[r1]": 6 / 4, "share[r2]": 15 / 4}
    for (row, column), value in matrix.items():
        table[f"matrix[{row},{column}]"] = value
        table[f"scaled[{row},{column}]"] = [value * (1 + x) for x in t]
        table[f"turned[{column},{row}]"] = [value * (1 + x) for x in t]
        table[f"stored[{row},{column}]"] = [vector[column] + value * x for x in t]
    return table


@feature
def subranges():
    return {"time": [0, 1, 2], "ships[north]": [1, 2, 3], "ships[west]": [4, 5, 6], "fleet": [5, 7, 9],
            "inland share": 0.5}


@feature
def array_order():
    return {"time": [0, 1, 2], "level[a1]": [1, 2, 3], "level[a2]": [2, 4, 6], "level[a3]": [4, 8, 12],
            "level[a4]": [5, 10, 15]}


@feature
def macros():
    t = times(0, 3, 1)
    return {"time": t, "deposit[a1]": 2, "deposit[a2]": 4, "money[a1]": [2 * 1.5**n + 1 for n in t],
            "money[a2]": [4 * 1.5**n + 1 for n in t], "twice": [2 * 2**n + 1 + n for n in t],
            "from curve": [2 * (n + 1) for n in t], "total": [6 * 2**n for n in t]}


@feature
def exceptions():
    t = times(0, 2, 1)
    return {"time": t, "x[north,a]": t, "x[north,b]": t, "x[south,a]": 10, "x[south,b]": t, "x[west,a]": 3,
            "x[west,b]": 4, "sum": [3 * n + 17 for n in t], "y[north]": 7, "y[south]": [0, 20, 20],
            "y[west]": [0, 6, 6]}


@feature
def mappings():
    return {"time": [0, 1], "n[seed]": 8, "n[plant]": 4, "n[tree]": 2, "grown[plant]": [4, 5], "grown[tree]": [2, 3],
            "weight[young]": 3, "weight[old]": 5, "by stage[seed]": 3, "by stage[plant]": 10, "by stage[tree]": 15,
            "back[seed]": 8, "back[plant]": 4, "back[tree]": 2, "trees[seed]": 0, "trees[plant]": 0, "trees[tree]": 2,
            "count": 5}


@feature
def delay_n():
    """FORECAST: the average lags a line of slope 1 by 2 x (1 - 1/2^n) under Euler, with the averaging time 2."""
    t = times(0, 6, 1)
    passed = [2 + 6 * tail(n, 0.5, 3) for n in t]
    lag = [2 * (1 - 0.5**n) for n in t]
    return {"time": t, "order": 3, "input": 8, "delayed": passed, "smoothed": passed,
            "hurried": [2 + 6 * tail(n, 0.8, 2) for n in t],  # of order 2: a stage takes a step at least
            "expected": [(10 + n) * (1 + 3 * behind / (2 * (10 + n - behind))) for n, behind in zip(t, lag)],
            "value": [2 * (5 + sum(0.5**k for k in range(n + 1))) for n in t],
            "value at the end of the period": [2 * (5 + sum(0.5 ** (k + 1) for k in range(n + 1))) for n in t]}


CURVE = [(0, 0), (2, 4), (4, 2), (10, 8)]


@feature
def lookups():
    t = times(0, 8, 0.5)
    ranged = [(0, 1), (5, 1), (5.5, 3), (6, 9)]
    return {"time": t, "of time": [interpolate(CURVE, x) for x in t], "before": [interpolate(CURVE, x - 5) for x in t],
            "beyond": [interpolate(CURVE, 3 * x) for x in t], "from range": [interpolate(ranged, x) for x in t],
            "of an expression": [1 + 2 * interpolate(CURVE, x / 2) for x in t]}


def piece_slopes(points):
    return [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in zip(points, points[1:])]


def lookup_extrapolate(points, x):
    slopes = piece_slopes(points)
    if x < points[0][0]:
        return points[0][1] + slopes[0] * (x - points[0][0])
    if x > points[-1][0]:
        return points[-1][1] + slopes[-1] * (x - points[-1][0])
    return interpolate(points, x)


def lookup_forward(points, x):
    return next((y for at, y in points if at >= x), points[-1][1])


def lookup_backward(points, x):
    return next((y for at, y in reversed(points) if at <= x), points[0][1])


def lookup_invert(points, y):
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if y == y0 or min(y0, y1) < y < max(y0, y1):
            return x0 + (0 if y == y0 else (y - y0) / (y1 - y0) * (x1 - x0))
    return min(points, key=lambda point: abs(point[1] - y))[0]


def lookup_slope(points, x, beyond):
    slopes = piece_slopes(points)
    if x < points[0][0] or x > points[-1][0]:
        return -2.0**109 if beyond < 0 else 0 if beyond == 0 else slopes[0] if x < points[0][0] else slopes[-1]
    sides = [slope for slope, (x0, _), (x1, _) in zip(slopes, points, points[1:]) if x0 <= x <= x1]
    return sum(sides) / len(sides)


def lookup_area(points, start, end):
    """Of the antiderivative that is 0 at the first point."""
    def upto(x):
        total = min(x - points[0][0], 0) * points[0][1] + max(x - points[-1][0], 0) * points[-1][1]
        for (x0, y0), (x1, _) in zip(points, points[1:]):
            if x > x0:
                to = min(x, x1)
                total += (to - x0) * (y0 + interpolate(points, to)) / 2
        return total
    return upto(end) - upto(start)


@feature
def lookup_modes():
    curve, one, two = [(0, 1), (1, 1), (2, 2), (4, -2)], [(0, 0), (2, 4)], [(0, 3), (1, 1), (4, 0)]
    t = times(0, 7, 0.25)
    x = [now - 1 for now in t]
    stock, slopes = [0.5], []
    for _ in t:
        slopes.append(lookup_slope(two, stock[-1], 0))
        stock.append(stock[-1] + 0.25 * slopes[-1])
    columns = {"time": t, "forward": [lookup_forward(curve, v) for v in x],
               "backward": [lookup_backward(curve, v) for v in x],
               "extrapolated": [lookup_extrapolate(curve, v) for v in x],
               "inverse": [lookup_invert(curve, 2 - v) for v in x], "slope": [lookup_slope(curve, v, 0) for v in x],
               "slope beyond": [lookup_slope(curve, v, 1) for v in x],
               "slope inside": [lookup_slope(curve, v, -1) for v in x], "area": [lookup_area(curve, 0.5, v) for v in x],
               "at a stock": slopes, "stock": stock[:-1]}
    for name, points in (("one", one), ("two", two)):
        columns[f"by line forward[{name}]"] = [lookup_forward(points, v) for v in x]
        columns[f"by line extrapolated[{name}]"] = [lookup_extrapolate(points, v) for v in x]
        columns[f"by line inverse[{name}]"] = [lookup_invert(points, v) for v in x]
        columns[f"by line area[{name}]"] = [lookup_area(points, v, 2) for v in x]
    return columns


@feature
def with_lookup():
    t = times(0, 8, 0.5)
    return {"time": t, "effect": [interpolate(CURVE, x) for x in t],
            "plain": [interpolate([(0, 3), (1, 3), (2, -1)], x / 2) for x in t]}


@feature
def units_with_ranges():
    return {"time": [0, 1], "a": 3, "b": 6, "c": 4, "d": 0.75, "e": 5, "f": 6, "h": 17.75}


@feature
def quoted_names():
    return {"time": [0, 1], "a+b": 2, "50% of it (or more)": 6, "Mixed Case Name": 4, "uses it": 12, "uses blanks": 10,
            "año de producción": 6, "uses letters": 7}


@feature
def groups():
    return {"time": [0, 1], "a": 1, "b": 2, "c": 4, "d": 5}


@feature
def continuation_lines():
    return {"time": [0, 1], "long sum": 6, "chosen": 10, "a name that is broken": 7, "uses the name": 13,
            "looked up": 5}


@feature
def saveper():
    t = times(1, 5, 0.5)
    return {"time": t, "growing": [1.0125 ** (4 * k) for k in range(len(t))], "clock": [2 * x for x in t]}


@feature
def final_time():
    """100 * 1.25^n is above 1000 from the 11th step on."""
    n = range(12)
    people = [100 * 1.25**k for k in n]
    t = [2010 + k / 2 for k in n]
    return {"time": t, "people": people, "growth": 0.5, "full": 1000, "FINAL TIME": [2020] * 11 + [t[-1]],
            "INITIAL TIME": 2010, "SAVEPER": 0.5, "TIME STEP": 0.5}


@feature
def time_step():
    t = [0, 1, 2, 3, 4, 4.5, 5, 5.5, 6]
    people = [100, 150, 225, 225 * 1.25**2, 225 * 1.25**4] + [225 * 1.25**4 * 1.125 ** (2 * k) for k in range(1, 5)]
    step = [1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25]
    return {"time": t, "people": people, "growth": 0.5, "stepped": [3 if x >= 4 else 0 for x in t],
            "ramped": [0, 0, 0, 0, 2, 2, 2, 2, 2], "FINAL TIME": 6, "INITIAL TIME": [0 if x < 5 else 9 for x in t],
            "SAVEPER": [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5], "TIME STEP": step}


@feature
def saveper_parts():
    """Steps of 1; 1.5 is passed at step 2, 3 at 3, 4.5 at 5, 6 at 6."""
    steps = [0, 2, 3, 5, 6]
    return {"time": [1 + k for k in steps], "people": [100 * 1.1**k for k in steps], "growth": 0.1, "often": 0.75,
            "FINAL TIME": 7, "INITIAL TIME": 1, "SAVEPER": 1.5, "TIME STEP": 1}


@feature
def sum_products():
    t, names = times(0, 4, 1), "abc"
    size = [[4 + x, 5 + 2 * x, 6 + 3 * x] for x in t]
    weight = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    along = [[sum(w * s for w, s in zip(weight[i], now)) for now in size] for i in range(3)]
    across = [[sum(weight[k][i] * now[k] for k in range(3)) for now in size] for i in range(3)]
    made = {"time": t, "squares": [sum(s * s for s in now) for now in size],
            "all of them": [x * sum(sum(weight[i]) * now[i] for i in range(3)) for x, now in zip(t, size)],
            "many": [sum(k * k for k in range(1, 41)) * x * x for x in t]}
    for i, name in enumerate(names):
        made[f"along[{name}]"], made[f"across[{name}]"] = along[i], across[i]
        made[f"drain[{name}]"] = [-sum(along[i][:n]) for n in range(len(t))]
    return made


@feature
def time_axis():
    t = times(2000, 2010, 0.1)
    return {"time": t, "now": t, "elapsed": [x - 2000 for x in t], "left": [2010 - x for x in t], "step": 0.1,
            "saved every": 0.1}


@feature
def rk2():
    t = times(0, 5, 0.5)
    n = range(len(t))
    return {"time": t, "growing": [(1 + 0.1 + 0.1**2 / 2) ** k for k in n],
            "falling": [(1 - 0.5 + 0.5**2 / 2) ** k for k in n], "squared": [x * x for x in t]}


@feature
def rk4():
    t = times(0, 5, 0.5)

    def powers(h):
        factor = 1 + h + h**2 / 2 + h**3 / 6 + h**4 / 24
        return [factor**k for k in range(len(t))]

    circle = powers(-0.5j)  # position + i velocity turns by -i
    return {"time": t, "growing": powers(0.1), "falling": powers(-0.5), "fourth power": [x**4 for x in t],
            "position": [z.real for z in circle], "velocity": [z.imag for z in circle]}


@feature
def held_inputs():
    return {"time": [0, 1, 2, 3, 4], "stepped": [0, 0, 1, 2, 3], "ramped": [0, 0, 1, 3, 6], "pulsed": [0, 0, 1, 1, 1],
            "without gap": [0, 1, 1, 1, 1], "clock": [t * t / 2 for t in range(5)]}


@feature
def mapping_repeated():
    t = [0, 1, 2]
    price = {"coal": 1, "gas": 20, "wind": 300}
    users = {"home": "wind", "shop": "coal", "works": "coal", "road": "gas"}
    return {"time": t, **{f"price[{name}]": value for name, value in price.items()},
            **{f"cost[{user}]": [2 * price[source] + x for x in t] for user, source in users.items()}}


@feature
def mixed_stocks():
    t = times(0, 8, 0.5)
    upper, chain = [100 * (1 - 0.125) ** n for n in range(len(t))], [2.0**n - 1 for n in range(len(t))]
    return {"time": t, "level[upper]": upper, "level[middle]": [3 * x for x in t], "level[lower]": 7,
            "drain[upper]": [x / 4 for x in upper], "drain[middle]": [0.75 * x for x in t], "drain[lower]": 1.75,
            "all": [x + 3 * y + 7 for x, y in zip(upper, t)], "chain[upper]": chain,
            "chain[middle]": [2 * (x + 1) for x in chain], "chain[lower]": [x + 1 for x in chain]}


@feature
def scalar_to_elements():
    t = times(0, 8, 0.5)
    pool = [100 * (1 - 0.05) ** n for n in range(len(t))]
    level = lambda w: [w * (100 - y + x) for x, y in zip(t, pool)]
    return {"time": t, "pool": pool, "heat": [0.1 * y + 1 for y in pool], "level[left]": level(1),
            "level[middle]": level(2), "level[right]": level(3)}


@feature
def own_value():
    t = times(0, 6, 0.5)
    high, low = [10 * math.sin(x) for x in t], [-3 + 4 * x - x * x for x in t]
    so_far = lambda of, values: [of(values[: k + 1]) for k in range(len(t))]
    return {"time": t, "water[high]": high, "water[low]": low, "peak[high]": so_far(max, high),
            "peak[low]": so_far(max, low), "trough[high]": so_far(min, high), "trough[low]": so_far(min, low),
            "count": [5 + sum(x > 0 for x in low[: k + 1]) for k in range(len(t))], "by macro": so_far(max, low)}


@feature
def old_text():
    return {"time": times(0, 4, 1), "people": [100 * 1.5**n for n in range(5)], "growth": 0.5}


@feature
def not_available():
    return {"time": [0, 1, 2, 3, 4, 5], "gap": [0, 1, "", "", 4, 5], "filled": [0, 1, -1, -1, 4, 5]}


@feature
def predator_prey():
    from scipy.integrate import solve_ivp

    t = times(0, 20, 1)
    solution = solve_ivp(lambda _, y: [1.1 * y[0] - 0.4 * y[0] * y[1], 0.1 * y[0] * y[1] - 0.4 * y[1]], (0, 20),
                         [10, 5],
                         method="DOP853", t_eval=t, rtol=1e-13, atol=1e-13)
    # ten digits: what the solver is good for, and the same on every machine
    return {"time": t, "prey": [float(f"{x:.10g}") for x in solution.y[0]],
            "predators": [float(f"{x:.10g}") for x in solution.y[1]]}


@feature
def sketch():
    return {"time": [0, 1, 2, 3, 4], "level": [8, 4, 2, 1, 0.5]}


@feature
def sloppy_text():
    return {"time": [0, 1, 2, 3, 4], "level": [8 - 7 * 0.75**n for n in range(5)], "inflow": 2, "start": 1,
            "outflow": [(8 - 7 * 0.75**n) / 4 for n in range(5)]}


@feature
def game():
    return {"time": [0, 1, 2, 3], "decision": [1, 2, 3, 4], "result": [2, 4, 6, 8]}


@feature
def equation_order():
    stock, rows = 1, []
    for a in range(4):
        b = a + stock
        c = b + a
        d = c + b
        rows.append([a, a, b, c, d, 2 * d, 3 * d, stock])
        stock += 3 * d
    return dict(zip(["time", "a", "b", "c", "d", "e", "f", "stock"], map(list, zip(*rows))))


def limits(n):
    """Rows of limits for n draws, and what adds those of a variable."""
    rows = []

    def moments(name, mean, sd, kurtosis):
        rows.append((name, "mean", mean - 5 * sd / math.sqrt(n), mean + 5 * sd / math.sqrt(n)))
        error = sd * math.sqrt((kurtosis - 1) / (4 * n))
        rows.append((name, "sd", sd - 5 * error, sd + 5 * error))

    return rows, moments


@feature
def random():
    """Rows of (variable, statistic, least, most): 5 standard errors around the moments of the distribution."""
    rows, moments = limits(4001)
    uniform = 2 / math.sqrt(12)
    moments("uniform", 3, uniform, 1.8)
    rows += [("uniform", "min", 2, 2.05), ("uniform", "max", 3.95, 4)]
    moments("normal", 10, 2, 3)
    density, inside = math.exp(-0.125) / math.sqrt(2 * math.pi), math.erf(0.5 / math.sqrt(2))
    moments("cut normal", 10, 2 * math.sqrt(1 - density / inside), 1.8)
    rows += [("cut normal", "min", 9, 9.05), ("cut normal", "max", 10.95, 11)]
    moments("same call again", 3, uniform, 1.8)
    moments("difference", 0, uniform * math.sqrt(2), 2.4)
    return rows


def weibull_moments(shape):
    """Mean, sd and kurtosis at scale 1."""
    m1, m2, m3, m4 = (math.gamma(1 + k / shape) for k in (1, 2, 3, 4))
    variance = m2 - m1**2
    return m1, math.sqrt(variance), (m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4) / variance**2


def common_draws(moments):
    """What both dialects have. Kurtosis: a binomial's is 3 + (1 - 6 p q) / (n p q), and so on from textbooks."""
    moments("binomial", 10, math.sqrt(7.5), 3 + (1 - 6 * 0.1875) / 7.5)
    moments("trials", 12, 6, 3 + 6 / 3 + 0.0625 / 2.25)
    moments("poisson", 20, math.sqrt(20), 3.05)
    moments("triangular", 3, math.sqrt(21 / 18), 2.4)


@feature
def draws():
    rows, moments = limits(4001)
    common_draws(moments)
    moments("beta", 3, 5 * 0.2, 3 - 9 / 14)
    moments("gamma", 7, math.sqrt(12), 5)
    moments("from lookup", 2, 2 / math.sqrt(12), 1.8)
    mean, sd, kurtosis = weibull_moments(2)
    moments("weibull", 3, 3 * sd / mean, kurtosis)
    moments("exponential", 4, 3, 9)
    moments("unit", 0.5, 1 / math.sqrt(12), 1.8)
    moments("small poisson", 2, math.sqrt(2), 3.5)
    for side in ("left", "right"):
        moments(f"count[{side}]", 20, math.sqrt(20), 3.05)
    moments("difference", 0, math.sqrt(40), 3.025)
    # autocorrelation 0.5 ** k: the mean varies as that of a third as many draws, the variance of 0.6 times as many
    rows += [("pink", "mean", 5 - 10 * math.sqrt(3 / 4001), 5 + 10 * math.sqrt(3 / 4001)),
             ("pink", "sd", 2 - 10 * math.sqrt(1 / (2 * 0.6 * 4001)), 2 + 10 * math.sqrt(1 / (2 * 0.6 * 4001)))]
    return rows


@feature
def xmile_draws():
    rows, moments = limits(4001)
    common_draws(moments)
    moments("normal", 10, 2, 3)
    w = math.exp(0.25)
    moments("lognormal", math.exp(1.125), math.exp(1.125) * math.sqrt(w - 1), w**4 + 2 * w**3 + 3 * w**2 - 3)
    moments("exponential", 3, 3, 9)
    moments("event", 0.3, math.sqrt(0.21), 3 + (1 - 6 * 0.21) / 0.21)
    moments("beta", 0.4, 0.2, 3 - 9 / 14)
    moments("gamma", 6, math.sqrt(12), 5)
    moments("plain gamma", 3, math.sqrt(3), 5)
    moments("geometric", 5, math.sqrt(20), 9 + 0.04 / 0.8)
    moments("logistic", 5, 2 * math.pi / math.sqrt(3), 4.2)
    moments("pareto", 2.5, 2 * math.sqrt(5 / 3 - 25 / 16), 73.8)
    mean, sd, kurtosis = weibull_moments(2)
    moments("weibull", 3 * mean, 3 * sd, kurtosis)
    moments("uniform", 3, 2 / math.sqrt(12), 1.8)
    moments("random", 3, 2 / math.sqrt(12), 1.8)
    rows += [("cut normal", "min", 9, 9.05), ("cut normal", "max", 10.95, 11)]
    return rows


@feature
def xmile_functions():
    t = times(0, 6, 0.5)
    n = range(len(t))
    risen = [8 * (1 - 0.75**k) for k in n]  # first order, dt 0.5 over a time of 2
    return {"time": t, "whole down": -3, "rest": 3, "safe": 6.5, "stepped": [3 * (x >= 2) for x in t],
            "ramped": [2 * max(x - 1, 0) for x in t], "pulsed": [4 / 0.5 * (x in (1, 3, 5)) for x in t],
            "pulsed once": [4 / 0.5 * (x == 2) for x in t], "delayed": [max(x - 1.5, 0) for x in t],
            "delayed from 9": [x - 1 if x >= 1 else 9 for x in t],
            "previous time": [x - 0.5 if x > 0 else -1 for x in t], "counted": [k + 1 for k in n], "at start": 4,
            "chosen": [2 if x < 1 else 3 if x < 2 or x == 4 else 1 for x in t],
            "chosen too": [(x != 2) + 10 * (x in (2, 3)) for x in t], "span": 5.5, "two pi": 2 * math.pi,
            "logarithms": 8, "exponential delay": risen, "steady delay": 20, "smoothed": risen, "no trend": 100,
            "wave": [3 * math.sin(2 * math.pi * x / 4) + 2 * math.cos(2 * math.pi * x / 2) for x in t],
            "comparison": 2}


@feature
def xmile_graphs():
    t = times(-2, 6, 0.5)
    points = [(0, 0), (2, 2), (4, 8)]
    square = [(x, x * x) for x in range(5)]
    return {"time": t, "line": [interpolate(points, x) for x in t],
            "beyond": [x if x < 2 else 2 + 3 * (x - 2) for x in t], "steps": [1 if x < 2 else 5 for x in t],
            "called": [interpolate(square, x) + 4 + 1 for x in t]}


@feature
def xmile_arrays():
    base = {"North": [1, 2, 3], "Far South": [10, 20, 30]}
    columns = {"time": [0, 1, 2], "all": 2 * 66, "means": 2 + 20 + 1 + 4 + 6 + 0, "one": 30 + 10 + 2,
               "well": [10, 5, 0], "filling": 1, "drawn[1]": 1, "drawn[2]": 2, "drawn[3]": 3}
    for region, row in base.items():
        lost = 1 if region == "North" else 2
        for age, number in enumerate(row):
            columns[f"base[{region},{age + 1}]"] = number
            columns[f"doubled[{region},{age + 1}]"] = 2 * number
        people = [sum(row)]
        for _ in range(2):
            people.append(1.5 * people[-1] - lost)
        columns |= {f"by region[{region}]": sum(row), f"weighted[{region}]": row[0] + 2 * row[2],
                    f"people[{region}]": people, f"lost[{region}]": lost}
    return columns


@feature
def xmile_modules():
    people = [8 * 1.5**k for k in range(4)]
    born = [x / 2 for x in people]
    return {"time": [0, 1, 2, 3], "Town.people": people, "Town.born": born, "Town.growth": 0.5,
            "Town.School.children": born, "Town.School.pupils": [2 * x for x in born],
            "seen": [2 * x for x in people]}


@feature
def xmile_non_negative():
    """The store gives 10 + 2 in the first step, 8 of it to the first outflow, and then only what comes in."""
    return {"time": [0, 1, 2, 3, 4], "store": [10, 0, 0, 0, 0], "first": [8, 2, 2, 2, 2], "second": [4, 0, 0, 0, 0],
            "free": [1, 0, 0, 1, 3], "backwards": [1, 0, -1, -2, -3], "one way": [1, 0, 0, 0, 0],
            "forwards": [1, 0, 0, 0, 0], "A": [4, 1, 1, 1, 1], "B": [0, 3, 3, 3, 3], "forth": [3, 1, 1, 1, 1],
            "back": [0, 1, 1, 1, 1]}


@feature
def xmile_macros():
    return {"time": [0, 1, 2, 3], "halved": [0.5, 1, 1.5, 2], "grown": [10, 12, 14.5, 17.5], "scaled": 16}


def conveyor(inflow, steps, dt, travel, content=(), leaks=(), exponential=False, room=None, still=None):
    """Follows each cohort of a conveyor by itself.  inflow(n) is what wants in, travel(n) its steps on the belt;
    content lists (steps to go, amount) at the start, of leak-free belts; leaks are (fraction, start, end) for linear
    leakages by what comes to their zone.  Returns content, inflow, outflow and the leakages at each step."""
    cohorts = [{"left": left, "all": left, "amount": amount, "share": [0.0] * len(leaks)} for left, amount in content]
    rows = []
    for n in range(steps):
        held = sum(c["amount"] for c in cohorts)
        leaked, out = [0.0] * len(leaks), 0.0
        if still and still(n):
            rows.append((held, 0.0, 0.0, leaked))
            continue
        for c in cohorts:
            before, where = c["amount"], c["all"] - c["left"]  # steps since it entered: it is between where and where + 1
            for k, (fraction, start, end) in enumerate(leaks):
                if not start <= (where + 0.5) / c["all"] <= end:
                    continue
                if c["share"][k] == 0.0:  # it comes to the zone with this much
                    c["share"][k] = before / sum(start <= (i + 0.5) / c["all"] <= end for i in range(c["all"]))
                gone = fraction * dt * before if exponential else fraction * c["share"][k]
                c["amount"] -= gone
                leaked[k] += gone / dt
            c["left"] -= 1
        out = sum(c["amount"] for c in cohorts if c["left"] == 0) / dt
        cohorts = [c for c in cohorts if c["left"] > 0]
        entered = inflow(n) if room is None else min(inflow(n), room(n, sum(c["amount"] for c in cohorts)))
        rows.append((held, entered, out, leaked))
        cohorts.append({"left": travel(n), "all": travel(n), "amount": entered * dt, "share": [0.0] * len(leaks)})
    return rows


@feature
def xmile_conveyors():
    dt, t = 0.25, times(0, 8, 0.25)
    count, arrivals = len(t), [100 + 10 * x for x in t]
    columns = {"time": t, "arrivals": arrivals}

    def add(name, rows, leaks=()):
        columns[name] = [row[0] for row in rows]
        columns[f"{name} in"] = [row[1] for row in rows]
        columns[f"{name} out"] = [row[2] for row in rows]
        for k, leak in enumerate(leaks):
            columns[leak] = [row[3][k] for row in rows]

    def come(n):
        return arrivals[n]

    def even(amount, slats):
        return [(i + 1, amount / slats) for i in range(slats)]

    add("plain", conveyor(come, count, dt, lambda n: 8, even(80, 8)))
    add("linear", conveyor(come, count, dt, lambda n: 8, leaks=[(0.4, 0, 1)]), ["linear leak"])
    add("exponential", conveyor(come, count, dt, lambda n: 8, leaks=[(0.3, 0, 1)], exponential=True),
        ["exponential leak"])
    add("zoned", conveyor(come, count, dt, lambda n: 8, leaks=[(0.5, 0, 0.5), (0.5, 0.5, 1)]), ["early", "late"])
    rows = conveyor(lambda n: arrivals[n] + 60, count, dt, lambda n: 4, even(100, 4), room=lambda n,
                    held: (150 - held) / dt)
    columns["full"] = [row[0] for row in rows]
    columns["first in"] = [min(row[1], a) for row, a in zip(rows, arrivals)]
    columns["second in"] = [row[1] - min(row[1], a) for row, a in zip(rows, arrivals)]
    columns["full out"] = [row[2] for row in rows]
    add("narrow", conveyor(lambda n: min(arrivals[n], 120), count, dt, lambda n: 4))
    limited = []  # 30 in each unit of time, as early as they come
    for n in range(count):
        left = 30 - sum(x * dt for x in limited[n // 4 * 4:])
        limited.append(min(arrivals[n], left / dt))
    add("batched", conveyor(lambda n: limited[n], count, dt, lambda n: 8, [(4, 20.0), (8, 20.0)]))
    add("stopped", conveyor(come, count, dt, lambda n: 4, even(40, 4), still=lambda n: 3 <= t[n] < 4))
    columns["travel"] = [2 if x < 2 else 1 if x < 5 else 3 for x in t]
    add("changing", conveyor(come, count, dt, lambda n: 4 * columns["travel"][n], even(80, 8)))
    add("sampled", conveyor(come, count, dt, lambda n: 8 if t[n] < 3 else 4, even(80, 8)))
    add("listed", conveyor(lambda n: 0.0, count, dt, lambda n: 12,
                           [(i + 1, (10, 20, 30)[i // 4] / 4) for i in range(12)]))
    belt, due, rows = [], 0.0, []  # whole units leak from what is next to leave
    for n in range(count):
        held = sum(c[1] for c in belt)
        due += sum(0.4 * 7 * dt / 8 for c in belt)
        gone = math.floor(due + 1e-9)
        taken, want = 0.0, gone
        for c in belt:
            take = min(want - taken, c[1])
            c[1] -= take
            taken += take
        due -= taken
        belt = [[c[0] - 1, c[1]] for c in belt]
        out = sum(c[1] for c in belt if c[0] == 0)
        belt = [c for c in belt if c[0] > 0] + [[8, 7 * dt]]
        rows.append((held, 7, out / dt, [taken / dt]))
    add("counted", rows, ["whole leak"])
    for name, slats, factor in (("a", 4, 1), ("b", 10, 2)):
        rows = conveyor(lambda n: factor * arrivals[n], count, dt, lambda n: slats, even(20 * slats * dt, slats))
        columns[f"time on line[{name}]"] = slats * dt
        for column, k in (("lines", 0), ("line in", 1), ("line out", 2)):
            columns[f"{column}[{name}]"] = [row[k] for row in rows]
    following = conveyor(lambda n: columns["plain out"][n], count, dt, lambda n: 2)
    columns["next"], columns["next out"] = [row[0] for row in following], [row[2] for row in following]
    unpacked = [24 if x < 1 else 10 for x in t]
    columns["cases"] = [24 - 14 * min(x, 1) for x in t]
    columns["cases in"], columns["unpacking"] = 10, unpacked
    columns["bottles"] = [12 * dt * sum(unpacked[:n]) for n in range(count)]
    return columns


@feature
def xmile_queues():
    coming, count = [4, 6, 3, 8, 2, 0, 0, 5, 1], 9
    columns = {"time": list(range(count)), "coming": coming, "passing": [5] + [0] * (count - 1),
               "passing in": [3 + n for n in range(count)], "passing out": [8] + [3 + n for n in range(1, count)],
               "nothing": 0}

    def boarding(name, room, length, whole, single):
        waiting, belt, table = [], [], []
        for n in range(count):
            line, load = sum(waiting), sum(amount for _, amount in belt)
            waiting = waiting + ([coming[n]] if coming[n] else [])
            out = sum(amount for step, amount in belt if step == n)
            belt = [(step, amount) for step, amount in belt if step > n]
            left, taken = room(sum(amount for _, amount in belt)), 0
            while waiting and left > 0:
                if waiting[0] > left and whole:
                    break
                take = min(waiting[0], left)
                waiting[0] -= take
                left, taken = left - take, taken + take
                if waiting[0] > 0:
                    break
                waiting.pop(0)
                if single:
                    break
            balked = sum(waiting) if name == "busy" and left == 0 else 0
            if balked:
                waiting = []
            belt.append((n + length, taken))
            table.append((line, taken, load, out, balked))
        columns[f"{name} line"] = [row[0] for row in table]
        columns[f"{name} in"] = coming
        columns[f"{name} boarding"] = [row[1] for row in table]
        columns[f"{name} belt"] = [row[2] for row in table]
        columns[f"{name} leaving"] = [row[3] for row in table]
        return [row[4] for row in table]

    boarding("whole", lambda load: 10 - load, 2, True, False)
    boarding("single", lambda load: 5 - load, 1, False, True)
    columns["balking"] = boarding("busy", lambda load: 5, 2, False, False)
    return columns


@feature
def xmile_slices():
    t, ms, ns = [0, 1, 2, 3, 4], ["m1", "m2"], ["1", "2", "3"]
    columns = {"time": t}
    a = [[10 * (m + 1) + n + 1 for n in range(3)] for m in range(2)]
    s = [[3 * i + j + 1 for j in range(3)] for i in range(3)]
    for m in range(2):
        for n in range(3):
            columns[f"a[{ms[m]},{ns[n]}]"] = a[m][n]
            columns[f"a turned[{ns[n]},{ms[m]}]"] = columns[f"by name[{ns[n]},{ms[m]}]"] = a[m][n]
        columns[f"tail[{ms[m]}]"] = a[m][1] + a[m][2]
    for i in range(3):
        for j in range(3):
            columns[f"s[{ns[i]},{ns[j]}]"] = columns[f"same[{ns[i]},{ns[j]}]"] = s[i][j]
            columns[f"turned[{ns[i]},{ns[j]}]"] = columns[f"swapped[{ns[i]},{ns[j]}]"] = s[j][i]
        columns[f"diagonal[{ns[i]}]"], columns[f"columns[{ns[i]}]"] = s[i][i], sum(row[i] for row in s)
        columns[f"list[{ns[i]}]"] = [5, 3, 4][i]
        columns[f"shifted[{ns[i]}]"] = t if i == 0 else [5, 3][i - 1]
    columns |= {"head": 11 + 12, "all of s": 45, "picked": [0, 21, 22, 23, 0], "picked twice": [11, 22, 13, 0, 0],
                "number": 2,
                "spread": math.sqrt(2 / 3), "largest of all": [5, 5, 5, 6, 8], "mean of four": [(6 + x) / 4 for x in t],
                "lowest at": 2, "highest at": 1, "first curve": [2 * x for x in t], "back": [x / 2 for x in t],
                "each curve[m1]": [2 * x for x in t], "each curve[m2]": [4 - x for x in t],
                "own curve[m1]": [2 * x for x in t], "own curve[m2]": [4 - x for x in t], "chosen": [0, 0, 1, 1, 1]}
    return columns


def as_text(table):
    out = io.StringIO()
    if isinstance(table, list):
        rows = [("variable", "statistic", "least", "most"), *table]
    else:
        count = len(table["time"])
        columns = [values if isinstance(values, list) else [values] * count for values in table.values()]
        rows = [[f'"{name}"' if "," in name else name for name in table], *zip(*columns)]
    for row in rows:
        out.write(",".join(cell if isinstance(cell, str) else repr(cell) for cell in row) + "\n")
    return out.getvalue()


def main():
    wrong = 0
    for name, function in features.items():
        try:
            table = function()
        except ImportError as missing:
            print(f"{name}: left as it is, {missing}")
            continue
        path = os.path.join(HERE, name, "statistics.csv" if isinstance(table, list) else "expected.csv")
        text = as_text(table)
        if "--check" not in sys.argv:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            continue
        with open(path, encoding="utf-8") as file:
            if file.read() != text:
                print(f"{os.path.relpath(path, HERE)} is not what expected.py gives")
                wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
