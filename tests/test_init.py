#!/usr/bin/python3
"""parley init on each model under tests/models: what it writes reads, checks and explores, also with every candidate
uncommented, and names each of the model's constants.

    tests/test_init.py PARLEY

Closes with 'N passed, N failed'.
"""
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

MODELS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "models")
PARLEY = os.path.abspath(sys.argv[1])

# Names that YAML or parley would take for something else.
ODD = r'''{UTF-8}
"a: b # c" = 3 ~ Dmnl ~ A comment: with # and "quotes" and \\ ~|
"- x" = 4 ~ {odd} [0,10] ~ two
	lines |
"say \"yes\"" = 5 ~~|
"odd [name]" = 6 ~~|
yes = 7 ~~|
Null = 8 ~~|
año = -2 ~~|
part : p1, "p: 2" ~~|
"'many'"[part] = 1, 2 ~~|
"stock, [1]" = INTEG(yes * Null + "a: b # c" + "- x" + "say \"yes\"" + "odd [name]" + año + SUM("'many'"[part!]), 0) ~~|
"all: of"[part] = INTEG("'many'"[part], 1) ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 2 ~~|
TIME STEP = 1 ~~|
SAVEPER = 1 ~~|
'''


def run(*arguments, expected=(0,)):
    done = subprocess.run([PARLEY, *arguments], capture_output=True, timeout=120, text=True, encoding="utf-8")
    if done.returncode not in expected:
        raise ValueError(f"parley {' '.join(arguments)}: exit {done.returncode}: {(done.stdout + done.stderr)[:800]}")
    return done.stdout


def explore(folder):
    results = os.path.join(folder, "results.nc")
    said = json.loads(run("explore", folder, "--futures", "10", "--quiet", "--json", "--output", results))
    if said["cases"] != 10 or said["failed"]:
        raise ValueError(f"{said['cases']} cases, {said['failed']} failed")


def uncomment(text):
    """The candidates of uncertainties and measures, without their '# '."""
    head, _, rest = text.partition("\nuncertainties:\n")
    candidates, _, _ = rest.partition("\n\n")
    clean = [re.sub("^# ", "", line) for line in candidates.split("\n")]
    head = re.sub(r"^# (  .*take: final)", r"\1", head, flags=re.M)
    return head + "\nuncertainties:\n" + "\n".join(clean) + "\n"


def decides_order(text, name):
    """Whether the constant is the order of a delay, which cannot vary."""
    return re.search(r"(DELAY|SMOOTH) N\s*\([^()]*,\s*" + re.escape(name) + r"\s*\)", text, re.I) is not None


@functools.cache
def users(path, name):
    said = json.loads(run("describe", "--json", "--", path, '"' + name + '"' if "[" in name else name))
    return [use["name"] for use in said["used_by"]]


def sets_time(path, name, seen):
    """Whether a time setting is the variable or depends on it: no candidate."""
    if name.lower().replace("_", " ") in ("initial time", "final time", "time step", "saveper"):
        return True
    seen.add(name)
    return any(sets_time(path, use, seen) for use in users(path, name) if use not in seen)


def check(folder, model):
    path = os.path.join(folder, os.path.basename(model))
    situation = os.path.join(folder, "situation.yaml")
    shutil.copy(model, path)
    for name in os.listdir(os.path.dirname(model)):
        if name not in (os.path.basename(model), "situation.yaml"):
            shutil.copy(os.path.join(os.path.dirname(model), name), folder)
    if run("init", path).strip() != f"written to {situation}":
        raise ValueError("init does not say what it wrote")
    run("init", path, expected=(5,))  # never over a file
    checked = subprocess.run([PARLEY, "check", situation, "--no-units"], capture_output=True, text=True, encoding="utf-8")
    if checked.returncode == 3 and "not supported in a situation" in checked.stdout:
        return
    if checked.returncode != 0:
        raise ValueError(checked.stdout[:800])
    explore(folder)
    with open(situation, encoding="utf-8") as file:
        text = file.read()
    if text != run("init", path, "--output", "-"):
        raise ValueError("--output - prints something else")
    variables = json.loads(run("describe", path, "--json"))["variables"]
    with open(path, encoding="latin-1") as file:
        model_text = file.read()
    for v in variables:
        name = v["name"].replace("\\", "\\\\").replace(chr(34), "\\" + chr(34))
        decided = name in text or decides_order(model_text, v["name"])
        if v["kind"] == "constant" and not decided and not sets_time(path, v["name"], set()):
            raise ValueError(f"the constant {v['name']!r} is no candidate")
    with open(situation, "w", encoding="utf-8") as file:
        file.write(uncomment(text))
    # a model may refuse one of its constants (an order, what a time setting needs), but never for its name
    said = subprocess.run([PARLEY, "check", situation, "--no-units"], capture_output=True, text=True, encoding="utf-8")
    if re.search(r"situation.yaml:\d+:\d+: error: (?!.*(reaches|decides|cannot vary|cannot be uncertain))",
                 said.stdout):
        raise ValueError(said.stdout[:800])


def models():
    for name in sorted(os.listdir(MODELS)):
        for end in (".mdl", ".xmile"):
            path = os.path.join(MODELS, name, "model" + end)
            if os.path.exists(path):
                yield name, path


def main():
    failed = count = 0
    with tempfile.TemporaryDirectory() as base:
        odd = os.path.join(base, "odd", "odd: model.mdl")
        os.mkdir(os.path.dirname(odd))
        with open(odd, "w", encoding="utf-8") as file:
            file.write(ODD)
        for name, model in [("odd names", odd), *models()]:
            folder = os.path.join(base, "work " + name)
            os.mkdir(folder)
            count += 1
            try:
                check(folder, model)
            except (ValueError, OSError, KeyError, subprocess.TimeoutExpired) as why:
                failed += 1
                print(f"FAILED {name}: {why}")
    print(f"{count - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
