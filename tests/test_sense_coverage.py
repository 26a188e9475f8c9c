"""Whether 95 % intervals of Sobol' indices of first, total and second order hold in 95 of 100 independent samples:
Ishigami's function (its closed form is in tests/situations/ishigami), tables of 512 blocks of independent draws, whose
numbers come from a fixed congruential generator.

    test_sense_coverage.py PARLEY [SAMPLES]
"""

import json
import math
import subprocess
import sys
import tempfile

PARLEY, SAMPLES = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100
BLOCKS = 512
state = 20260401


def draw():
    global state
    state = (6364136223846793005 * state + 1442695040888963407) % 2**64
    return 2 * math.pi * ((state >> 11) / 2**53) - math.pi


def ishigami(x):
    return math.sin(x[0]) + 7 * math.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * math.sin(x[0])


def truth(a=7.0, b=0.1):
    p4, p8 = math.pi**4, math.pi**8
    v = a * a / 8 + b * p4 / 5 + b * b * p8 / 18 + 0.5
    v1, v2, v13 = b * p4 / 5 + b * b * p8 / 50 + 0.5, a * a / 8, 8 * b * b * p8 / 225
    return [v1 / v, v2 / v, 0.0, (v1 + v13) / v, v2 / v, v13 / v, 0.0, v13 / v, 0.0]


def write(path):
    with open(path, "w", encoding="ascii") as file:
        file.write("x1,x2,x3,y\n")
        for _ in range(BLOCKS):
            a, b = [draw() for _ in range(3)], [draw() for _ in range(3)]
            rows = [a] + [[b[i] if i == j else a[i] for i in range(3)] for j in range(3)]
            rows += [[a[i] if i == j else b[i] for i in range(3)] for j in range(3)] + [b]
            for row in rows:
                file.write(",".join(repr(value) for value in (*row, ishigami(row))) + "\n")


def main():
    truths = truth()
    hits = [0] * len(truths)
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(SAMPLES):
            write(folder + "/rows.csv")
            command = [PARLEY, "sense", folder + "/rows.csv", "--of", "y", "--design", "saltelli", "--json"]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            answer = json.loads(done.stdout)
            intervals = [row[key] for key in ("s1", "st") for row in answer["indices"]]
            intervals += [row["s2"] for row in answer["s2"]]
            for i, (value, interval) in enumerate(zip(truths, intervals, strict=True)):
                hits[i] += interval[1] <= value <= interval[2]
    margin = 3 * math.sqrt(0.95 * 0.05 / SAMPLES) + 0.01
    shares = [hit / SAMPLES for hit in hits]
    print("covered:", shares)
    return 0 if all(abs(share - 0.95) <= margin for share in shares) else 1


if __name__ == "__main__":
    sys.exit(main())
