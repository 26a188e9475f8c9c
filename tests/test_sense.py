"""parley sense against functions whose indices are known, and against the reference implementation on its own sample.

    test_sense.py PARLEY [long]

The functions are models under tests/situations; closed forms and sources are in their READMEs.  "SALib" is SALib 1.5
(github.com/SALib/SALib); its numbers here were computed on its own unscrambled Sobol' sequence (saltelli.sample), on Morris'
optimal-free trajectories of 4 levels and on Latin hypercubes, and are restated.
"""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

PARLEY = sys.argv[1]
SITUATIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "situations")
failed = []


def sense(*arguments, code=0):
    done = subprocess.run([PARLEY, "sense", *arguments, "--json", "--quiet"], capture_output=True, text=True,
                          timeout=600)
    if done.returncode != code:
        raise ValueError(f"sense {arguments} gave {done.returncode}: {done.stderr}")
    return json.loads(done.stdout) if code == 0 else done.stderr


def expect(condition, text):
    if not condition:
        failed.append(text)
        print("FAILED", text)


def near(found, expected, margin, text):
    expect(abs(found - expected) <= margin, f"{text}: {found} is not {expected}")


# ---- closed forms --------------------------------------------------------------------------------------------


def ishigami_indices(a=7.0, b=0.1):
    p4, p8 = math.pi**4, math.pi**8
    v = a * a / 8 + b * p4 / 5 + b * b * p8 / 18 + 0.5
    v1, v2, v13 = b * p4 / 5 + b * b * p8 / 50 + 0.5, a * a / 8, 8 * b * b * p8 / 225
    return [v1 / v, v2 / v, 0.0], [(v1 + v13) / v, v2 / v, v13 / v], {("x1", "x3"): v13 / v}


def g_indices(coefficients=(0, 1, 4.5, 9, 99, 99, 99, 99)):
    parts = [1 / (3 * (1 + a) ** 2) for a in coefficients]
    v = math.prod(1 + p for p in parts) - 1
    return [p / v for p in parts], [p * math.prod(1 + q for j, q in enumerate(parts) if j != i) / v for i,
                                    p in enumerate(parts)]


def within(interval, value):
    return interval[1] <= value <= interval[2]


def ishigami_is_exact():
    first, total, second = ishigami_indices()
    for blocks, most in ((1024, 0.1), (8192, 0.035)):
        answer = sense(os.path.join(SITUATIONS, "ishigami"), "--design", "saltelli", "--futures", str(8 * blocks))
        for row, s1, st in zip(answer["indices"], first, total):
            expect(row["of"] == "y" and within(row["s1"], s1), f"Ishigami {blocks} first {row}")
            expect(within(row["st"], st), f"Ishigami {blocks} total {row}")
            expect(row["s1"][2] - row["s1"][1] < 2 * most and row["st"][2] - row["st"][1] < 2 * most, f"widths {row}")
        for row in answer["s2"]:
            expect(within(row["s2"], second.get(tuple(row["inputs"]), 0.0)), f"Ishigami {blocks} second {row}")


def g_is_exact():
    first, total = g_indices()
    answer = sense(os.path.join(SITUATIONS, "sobol-g"), "--design", "saltelli", "--futures", str(18 * 4096))
    for row, s1, st in zip(answer["indices"], first, total):
        expect(within(row["s1"], s1) and within(row["st"], st), f"G {row} {s1} {st}")


# ---- the reference implementation on its own sample -------------------------------------------------------------

# Direction numbers of the first six dimensions: Joe and Kuo, new-joe-kuo-6.21201 (degree, coefficients, initial numbers).
DIRECTIONS = [None, (1, 0, [1]), (2, 1, [1, 3]), (3, 1, [1, 3, 1]), (3, 2, [1, 1, 1]), (4, 1, [1, 1, 3, 3])]
BITS = 30


def direction_numbers(dimension):
    if DIRECTIONS[dimension] is None:
        return [1 << (BITS - 1 - i) for i in range(BITS)]
    degree, a, m = DIRECTIONS[dimension]
    v = [m[i] << (BITS - 1 - i) for i in range(degree)]
    for i in range(degree, BITS):
        value = v[i - degree] ^ (v[i - degree] >> degree)
        for k in range(1, degree):
            if (a >> (degree - 1 - k)) & 1:
                value ^= v[i - k]
        v.append(value)
    return v


def sobol_sequence(count):
    v, x = [direction_numbers(d) for d in range(6)], [0] * 6
    for i in range(count):
        yield [value / (1 << BITS) for value in x]
        c = (~i & (i + 1)).bit_length() - 1
        x = [value ^ v[d][c] for d, value in enumerate(x)]


def salib_rows(n):
    """saltelli.sample of three inputs on [-pi, pi]: A, AB1 .. AB3, BA1 .. BA3, B for each of N points behind the first N."""
    for point in list(sobol_sequence(2 * n))[n:]:
        point = [2 * math.pi * u - math.pi for u in point]
        a, b = point[:3], point[3:]
        yield a
        for j in range(3):
            yield [b[i] if i == j else a[i] for i in range(3)]
        for j in range(3):
            yield [a[i] if i == j else b[i] for i in range(3)]
        yield b


def ishigami(x):
    return math.sin(x[0]) + 7 * math.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * math.sin(x[0])


# N: sum of the outputs, S1, ST, S2 of (1, 2), (1, 3), (2, 3), S1_conf, ST_conf.
SALIB = {
    256: (7253.127935787823, [0.3184242969762919, 0.43038082016241325, 0.022687722804987497],
          [0.5184119098160795, 0.41021260250033204, 0.22990584314394166],
          [-0.04323738972322688, 0.17506452088704616, -0.034306823926075494],
          [0.1394857688818459, 0.09709710841499658, 0.08835612170179169],
          [0.1655455651013059, 0.08042968937766994, 0.05613103613220972]),
    1024: (28645.077108354133, [0.316831537711012, 0.4437630610037706, 0.012203124737570726],
           [0.5558600851355467, 0.44189807119576735, 0.24467538653635174],
           [0.009254293034904326, 0.23817210956851104, -0.0048877046334672054],
           [0.05859751334122236, 0.04678948735208669, 0.05568891569035235],
           [0.08269476493002895, 0.0363626165490373, 0.026838578229343844]),
}


def write_table(path, rows, heads):
    with open(path, "w", encoding="ascii") as file:
        file.write(",".join(heads) + "\n")
        for row in rows:
            file.write(",".join(repr(float(value)) for value in row) + "\n")


def salib_is_reproduced(folder):
    for n, (total, s1, st, s2, s1_conf, st_conf) in SALIB.items():
        rows = [[*x, ishigami(x)] for x in salib_rows(n)]
        near(sum(row[3] for row in rows), total, 1e-8, f"the sample of {n} is SALib's")
        path = os.path.join(folder, "salib.csv")
        write_table(path, rows, ["x1", "x2", "x3", "y"])
        answer = sense(path, "--of", "y", "--design", "saltelli")
        for i, row in enumerate(answer["indices"]):
            near(row["s1"][0], s1[i], 1e-11, f"S1 of {n}")
            near(row["st"][0], st[i], 1e-11, f"ST of {n}")
            # both are bootstraps: of 100 resamples there, which has a relative error of 7 %, and of 200 here
            near((row["s1"][2] - row["s1"][1]) / 2, s1_conf[i], 0.35 * s1_conf[i], f"S1_conf of {n}")
            near((row["st"][2] - row["st"][1]) / 2, st_conf[i], 0.35 * st_conf[i], f"ST_conf of {n}")
        for row, value in zip(answer["s2"], s2):
            near(row["s2"][0], value, 1e-11, f"S2 of {n}")


# ---- elementary effects ------------------------------------------------------------------------------------------

# 4,000 trajectories of 4 levels by SALib: mu*, sigma of the ten inputs that matter.
MORRIS = [(63.53, 75.327), (62.938, 74.897), (51.408, 70.549), (63.426, 74.892), (51.141, 70.867), (42.972, 52.249),
          (33.69, 25.91), (37.483, 6.528), (42.554, 6.586), (37.482, 6.529)]


def morris_is_met():
    """Both are samples of 4,000: the difference of two such means has sqrt 2 times the standard error of one."""
    answer = sense(os.path.join(SITUATIONS, "morris"), "--design", "morris", "--futures", str(21 * 4000))
    for row, (mu_star, sigma) in zip(answer["morris"], MORRIS):
        half = (row["intervals"]["mu_star"][2] - row["intervals"]["mu_star"][1]) / 2
        near(row["mu_star"], mu_star, 1.5 * math.sqrt(2) * half, f"mu* {row}")
        near(row["sigma"], sigma, 0.06 * sigma, f"sigma {row}")
    answer = sense(os.path.join(SITUATIONS, "ishigami"), "--design", "morris", "--futures", "4000")
    x2 = answer["morris"][1]  # 7 sin^2: 0 at the ends and 3/4 of 7 at the inner levels, over a step of 2/3
    near(x2["mu_star"], 7.875, 1e-12, "mu* of Ishigami's x2")
    near(x2["mu_star"], x2["intervals"]["mu_star"][1], 1e-9, "which is the same everywhere")


# ---- given data --------------------------------------------------------------------------------------------------

# Latin hypercube of 10,000: delta_raw, PAWN's median and mean of ten slides, of another sample by SALib.
GIVEN = [(0.22998, 0.23765, 0.22511), (0.36590, 0.3997, 0.35006), (0.17147, 0.08805, 0.09653)]


def given_data_are_met():
    answer = sense(os.path.join(SITUATIONS, "ishigami"), "--design", "latin", "--futures", "10000", "--resamples", "50")
    for delta, pawn, (expected, median, mean) in zip(answer["delta"], answer["pawn"], GIVEN):
        near(delta["delta"][0], expected, 0.02, f"delta {delta}")
        near(pawn["median"][0], median, 0.02, f"PAWN {pawn}")
        near(pawn["mean"], mean, 0.012, f"PAWN {pawn}")
    first = ishigami_indices()[0]
    for row, value in zip(answer["delta"], first):
        near(row["s1"][0], value, 0.025, f"first order by classes {row}")


def kolmogorovs_distances(x, y):
    """PAWN by its definition: slides from a quantile (linear between the values) up to below the next, and of each the
    largest difference of two distribution functions over all values."""
    ordered, n = sorted(x), len(x)
    edges = []
    for s in range(11):
        place = s * 0.1 * (n - 1)
        low = min(int(place), n - 1)
        edges.append(ordered[low] + (place - low) * (ordered[min(low + 1, n - 1)] - ordered[low]))
    for s in range(10):
        part = [b for a, b in zip(x, y) if edges[s] <= a < edges[s + 1]]
        if part:
            yield max(abs(sum(b <= v for b in part) / len(part) - sum(b <= v for b in y) / n) for v in y)


def distances_are_by_definition(folder):
    """A table with ties in inputs and output, and with missing outputs; numbers from a fixed congruential generator."""
    state, rows = 777, []
    for _ in range(150):
        numbers = []
        for _ in range(3):
            state = (6364136223846793005 * state + 1442695040888963407) % 2**64
            numbers.append((state >> 11) / 2**53)
        a, b = numbers[0], math.floor(12 * numbers[1])
        rows.append([a, b, math.nan if numbers[2] < 0.1 else round(4 * a * a + 0.2 * b + numbers[2])])
    path = os.path.join(folder, "ties.csv")
    write_table(path, rows, ["a", "b", "y"])
    there = [row for row in rows if not math.isnan(row[2])]
    answer = sense(path, "--of", "y")
    for column, row in enumerate(answer["pawn"]):
        distances = sorted(kolmogorovs_distances([r[column] for r in there], [r[2] for r in there]))
        half = len(distances) // 2
        median = distances[half] if len(distances) % 2 else (distances[half - 1] + distances[half]) / 2
        near(row["median"][0], median, 1e-12, f"median {row}")
        near(row["mean"], sum(distances) / len(distances), 1e-12, f"mean {row}")
        near(row["maximum"], distances[-1], 1e-12, f"maximum {row}")
        near(row["minimum"], distances[0], 1e-12, f"minimum {row}")
    one, three = [sense(path, "--of", "y", "--threads", threads) for threads in ("1", "3")]
    expect(one == three, "threads change numbers")


def lines_are_known(folder):
    """y = 3 a - 2 b + e with independent a, b, e of the same spread: src 3, -2 over sqrt 14; partial correlations 3 / sqrt 10
    and -2 / sqrt 5; R^2 13/14.  Numbers from a fixed congruential generator; 4,000 rows: standard errors under 0.016."""
    state, rows = 12345, []

    def draw():
        nonlocal state
        state = (6364136223846793005 * state + 1442695040888963407) % 2**64
        return (state >> 11) / 2**53 - 0.5

    for i in range(4000):
        a, b, e = draw(), draw(), draw()
        rows.append([a, b, draw(), 3 * a - 2 * b + e])
    path = os.path.join(folder, "line.csv")
    write_table(path, rows, ["a", "b", "none", "y"])
    answer = sense(path, "--of", "y")
    src = [3 / math.sqrt(14), -2 / math.sqrt(14), 0]
    pcc = [3 / math.sqrt(10), -2 / math.sqrt(5), 0]
    for row, s, p in zip(answer["regression"], src, pcc):
        near(row["src"][0], s, 0.04, f"src {row}")
        near(row["pcc"][0], p, 0.04, f"pcc {row}")
        near(row["prcc"][0], p, 0.06, f"prcc {row}")
    near(answer["fits"][0]["r2"][0], 13 / 14, 0.01, "R^2")


# ---- what goes wrong -------------------------------------------------------------------------------------------------


def mistakes_are_said(folder):
    path = os.path.join(folder, "rows.csv")
    rows = [[*x, ishigami(x)] for x in salib_rows(4)]
    rows[5][0] = 0.5
    write_table(path, rows, ["x1", "x2", "x3", "y"])
    expect("this row is not where Saltelli's design" in sense(path, "--of", "y", "--design", "saltelli", code=3),
           "a stray row")
    expect("no column is named 'z'" in sense(path, "--of", "z", code=2), "no such column")
    write_table(path, rows[:-1], ["x1", "x2", "x3", "y"])
    expect("takes N x 8 or N x 5 rows, not 31" in sense(path, "--of", "y", "--design", "saltelli", code=3), "rows")
    situation = os.path.join(SITUATIONS, "ishigami")
    expect("there is no output 'z'; there are 'y'" in sense(situation, "--of", "z", "--futures", "80", code=2),
           "no such output")


def odd_tables_are_read(folder):
    """An input with one value says nothing (it has no index); an output that is named twice counts once."""
    path = os.path.join(folder, "odd.csv")
    write_table(path, [[x[0], 1, ishigami(x)] for x in salib_rows(16)], ["x1", "same", "y"])
    answer = sense(path, "--of", "y", "--of", "y")
    expect([row["input"] for row in answer["delta"]] == ["x1", "same"], f"twice {answer['delta']}")
    moving, still = answer["delta"]
    expect(moving["delta"][0] is not None and still["delta"] == [None] * 3 and still["s1"] == [None] * 3, f"{still}")
    text = subprocess.run([PARLEY, "sense", path, "--of", "y"], capture_output=True, text=True, timeout=60).stdout
    expect("\n  -: the input does not vary" in text, "why a number is missing")
    few = os.path.join(folder, "few.csv")
    write_table(few, [[x[0], x[1], ishigami(x)] for x in list(salib_rows(2))[:11]], ["x1", "x2", "y"])
    text = subprocess.run([PARLEY, "sense", few, "--of", "y"], capture_output=True, text=True, timeout=60).stdout
    expect("nan" not in text and "(n/a): under four rows for each input" in text, f"few rows {text}")
    said = sense(path, "--of", "y", "--input", "y", "--input", "x1", code=2)
    expect("'y' cannot be an output and an input" in said, f"both {said}")


def futures_are_those_asked_for(folder):
    """--futures holds for given data, whether results of another number are there or not; so does a file of futures."""
    situation = os.path.join(folder, "ishigami")
    shutil.copytree(os.path.join(SITUATIONS, "ishigami"), situation)
    subprocess.run([PARLEY, "explore", situation, "--futures", "40", "--quiet"], check=True, timeout=60,
                   stdout=subprocess.DEVNULL)
    rows = {f: sense(situation, "--futures", f)["samples"][0]["rows"] for f in ("40", "80", "640")}
    expect(rows == {"40": 40, "80": 80, "640": 640}, f"rows {rows}")
    path = os.path.join(folder, "futures.csv")
    write_table(path, list(salib_rows(4))[:30], ["x1", "x2", "x3"])
    about = sense(situation, "--futures", path)["samples"][0]
    expect(about["rows"] == 30 and about["design"] == "given", f"a file {about}")
    expect("has no variable 'nix'" in sense(situation, "--over-time", "nix", code=2), "no such variable")


def missing_runs_are_counted(folder):
    """Without one run of each of two blocks the indices are those of the other blocks."""
    rows = [[*x, ishigami(x)] for x in salib_rows(64)]
    path, other = os.path.join(folder, "some.csv"), os.path.join(folder, "rest.csv")
    write_table(other, rows[16:], ["x1", "x2", "x3", "y"])
    write_table(path, rows, ["x1", "x2", "x3", "y"])
    with open(path, encoding="ascii") as file:
        lines = file.read().split("\n")
    for line in (3, 15):
        lines[line] = lines[line].rsplit(",", 1)[0] + ","
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(lines))
    answer, rest = sense(path, "--of", "y", "--design", "saltelli"), sense(other, "--of", "y", "--design", "saltelli")
    about = answer["samples"][0]["outputs"][0]
    expect(about["missing"] == 2 and about["blocks"] == 62 and about["blocks_dropped"] == 2, f"counts {about}")
    for row, same in zip(answer["indices"], rest["indices"]):
        near(row["s1"][0], same["s1"][0], 1e-12, "without the blocks")


# ---- what else a situation may say -------------------------------------------------------------------------------


def write_situation(folder, name, model, situation):
    path = os.path.join(folder, name)
    os.mkdir(path)
    times = ["INITIAL TIME = 0", "FINAL TIME = 12", "TIME STEP = 1", "SAVEPER = 1"]
    with open(os.path.join(path, "model.mdl"), "w", encoding="ascii") as file:
        file.write("{UTF-8}\n" + "".join(equation + " ~~|\n" for equation in model + times))
    with open(os.path.join(path, "situation.yaml"), "w", encoding="ascii") as file:
        file.write("parley: 1\ntitle: " + name + "\nmodel: model.mdl\n" + situation)
    return path


def groups_are_inputs(folder):
    """x1 and x3 together: Ishigami's function is additive in them and x2, so a group's first and total index are the same."""
    situation = os.path.join(folder, "grouped")
    shutil.copytree(os.path.join(SITUATIONS, "ishigami"), situation)
    with open(os.path.join(situation, "situation.yaml"), "a", encoding="utf-8") as file:
        file.write("\ninput groups: {both: [x1, x3]}\n")
    first, total, _ = ishigami_indices()
    answer = sense(situation, "--design", "saltelli", "--futures", str(6 * 4096))
    expect([row["input"] for row in answer["indices"]] == ["both", "x2"], f"groups {answer['indices']}")
    expect(answer["samples"][0]["groups"] == {"both": "x1, x3"}, f"groups {answer['samples'][0]['groups']}")
    for row, value in zip(answer["indices"], (total[0], first[1])):
        expect(within(row["s1"], value) and within(row["st"], value), f"group {row} {value}")
    rows = sense(situation, "--design", "morris", "--futures", "300")["morris"]
    expect(rows[0]["mu"] is None and rows[0]["sigma"] is None and rows[0]["mu_star"] > 0, f"a group has no sign {rows}")
    near(rows[1]["mu_star"], 7.875, 1e-12, "an input beside a group moves as ever")


def indices_follow_time(folder):
    """level(t) = a + b t with uniform a and b: the share of a in its variance is A / (A + t^2 B)."""
    path = write_situation(folder, "line over time", ["level = INTEG(b, a)", "a = 0", "b = 0"],
                           "uncertainties: {a: {uniform: [-6, 6], source: judged}, b: {uniform: [-1, 1], source: judged}}\n"
                           "measures: {end: {of: level, take: final}}\n")
    rows = [row for row in sense(path, "--design", "saltelli", "--futures", str(6 * 2048), "--over-time",
                                 "level")["indices"]
            if row["of"] == "level"]
    expect([row["time"] for row in rows if row["input"] == "a"] == list(range(13)), f"times {rows}")
    for row in rows:
        share = 36 / (36 + row["time"] ** 2)
        expect(within(row["s1"], share if row["input"] == "a" else 1 - share), f"at {row['time']}: {row}")


def equilibria_are_outputs(folder):
    """One actor goes where x > 0: which course is played hinges on x alone, but for the class on both sides of 0. With few futures nothing can be said of it, and that is said."""
    path = write_situation(folder, "choice", ["choice = 0", "x = 0", "z = 0", "gain = choice * x + 0 * z"],
                           "actors: {one: {courses: {stay: {set: {choice: 0}}, go: {set: {choice: 1}}}, "
                           "wants: {gain: {weight: 1, per: 1}}}}\n"
                           "uncertainties: {x: {uniform: [-1, 1], source: judged}, "
                           "z: {uniform: [-1, 1], source: judged}}\nmeasures: {gain: {of: gain, take: final}}\n")
    for futures, said in ((12, False), (400, True)):
        results = os.path.join(folder, f"choice{futures}.nc")
        subprocess.run([PARLEY, "explore", path, "--futures", str(futures), "--quiet", "--output", results], check=True,
                       timeout=60, stdout=subprocess.DEVNULL)
        answer = sense(results)
        rows = {row["input"]: row for row in answer["delta"] if row["of"] == "equilibrium(go)"}
        expect(bool(rows) == said, f"{futures} futures: {answer['samples'][0]['outputs']}")
        rare = any("played more rarely are not shown" in note for note in answer["notes"])
        expect(rare != said, f"{answer['notes']}")
        if not said:
            continue
        classes = [o["classes"] for o in answer["samples"][0]["outputs"] if o["of"] == "equilibrium(go)"][0]
        expect(1 - 1 / classes - 0.05 <= rows["x"]["s1"][0] <= 1, f"x decides {rows['x']} {classes}")
        still = rows["z"]["s1"][0] < 0.1 and rows["z"]["delta"][0] < rows["z"]["noise"] + 0.05
        expect(still, f"z does not {rows['z']}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        ishigami_is_exact()
        g_is_exact()
        salib_is_reproduced(folder)
        morris_is_met()
        given_data_are_met()
        distances_are_by_definition(folder)
        lines_are_known(folder)
        mistakes_are_said(folder)
        odd_tables_are_read(folder)
        futures_are_those_asked_for(folder)
        missing_runs_are_counted(folder)
        groups_are_inputs(folder)
        indices_follow_time(folder)
        equilibria_are_outputs(folder)
    print(f"{len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
