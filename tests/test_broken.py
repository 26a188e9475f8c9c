#!/usr/bin/python3
"""Broken models and situations through the command line: each gives a clear message and exit code 3.

    tests/test_broken.py PARLEY

The models of tests/errors (whose exact messages test_model.c compares), and what is too large or too odd to keep as a
file and is made here.  A crash, a leak that a sanitizer reports, or an answer that takes more than a minute fails.
Closes with 'N passed, N failed'.
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ERRORS = os.path.join(HERE, "errors")
parley = sys.argv[1]


def run(*arguments):
    done = subprocess.run([parley, *arguments], capture_output=True, timeout=60, stdin=subprocess.DEVNULL,
                          env=os.environ | {"NO_COLOR": "1"})
    errors = done.stderr.decode("utf-8", "replace")
    if "Sanitizer" in errors or "runtime error:" in errors:
        raise AssertionError(errors)
    return done.returncode, done.stdout.decode("utf-8", "replace"), errors


def expect(condition, message):
    if not condition:
        raise AssertionError(message)


def refused(path, words=(), place=True):
    """Reading the input is refused with exit code 3 and a message that names the file, a place and the words."""
    for command in ("check", "run"):
        code, out, errors = run(command, path)
        said = out + errors
        expect(code == 3, f"parley {command}: exit code {code} instead of 3\n{said}")
        expect(not place or re.search(re.escape(os.path.basename(path)) + r"[^:]*:\d+(:\d+)?: ", said),
               f"no place:\n{said}")
        for word in words:
            expect(word in said, f"{word!r} is not in:\n{said}")
        expect(len(said) < 20000, f"{len(said)} bytes of messages")


CONTROL = "INITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n"


def made_cases(folder):
    """(name, function) of the inputs that are made here."""

    def write(name, data):
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return path

    def one_long_line():
        path = os.path.join(folder, "long.mdl")
        with open(path, "wb") as file:
            file.write(b"a = 1")
            for _ in range(100):
                file.write(b" + 1x" * 200000)
        refused(path)
        os.unlink(path)

    def deep_parentheses():
        refused(write("deep.mdl", "a = " + "(" * 100000 + "1" + ")" * 100000 + " ~~|\n" + CONTROL))

    def deep_unclosed():
        refused(write("unclosed.mdl", "a = " + "MIN(1, " * 100000))

    def deep_signs():
        code, out, errors = run("run", write("signs.mdl", "a = " + "- " * 100000 + "1 ~~|\n" + CONTROL), "--output",
                                "-")
        expect(code in (0, 3), f"exit code {code}\n{errors[:500]}")

    def binary_garbage():
        refused(write("garbage.mdl", bytes((i * 7919 + (i >> 3) * 104729) % 256 for i in range(50000))))

    def zeros():
        refused(write("zeros.mdl", bytes(10000)), place=False)

    def empty_file():
        refused(write("empty.mdl", b""), place=False)

    def truncated_everywhere():
        with open(os.path.join(HERE, "models", "subscripts_2d", "model.mdl"), "rb") as file:
            whole = file.read()
        for length in range(10, len(whole), 97):
            code, _, errors = run("check", write("cut.mdl", whole[:length]))
            expect(code in (0, 3), f"cut to {length} bytes: exit code {code}\n{errors[:500]}")

    def no_such_file():
        code, out, errors = run("check", os.path.join(folder, "nothing.mdl"))
        expect(code == 5 and "nothing.mdl" in errors + out, f"exit code {code}\n{errors}")

    def situation_with_unknown_key():
        os.mkdir(os.path.join(folder, "key"))
        write("key/model.mdl", "a = 1 ~~|\n" + CONTROL)
        write("key/situation.yaml", "parley: 1\ntitle: A key that is none\nmodel: model.mdl\nmeasure: {}\n")
        refused(os.path.join(folder, "key"), words=["situation.yaml:4:1: ", "'measure'", "measure: {}", "^"],
                place=False)

    def situation_with_broken_model():
        os.mkdir(os.path.join(folder, "model"))
        write("model/model.mdl", "a = b ~~|\n" + CONTROL)
        write("model/situation.yaml", "parley: 1\nmodel: model.mdl\n")
        refused(os.path.join(folder, "model"), words=["model.mdl:1:5: ", "'b'", "^"], place=False)

    def situation_of_garbage():
        os.mkdir(os.path.join(folder, "garbage"))
        write("garbage/situation.yaml", bytes((i * 31 + (i >> 2)) % 256 for i in range(5000)))
        refused(os.path.join(folder, "garbage"), place=False)

    def situation_of_aliases():
        os.mkdir(os.path.join(folder, "aliases"))
        text = "a0: &a0 [1, 1]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))
        write("aliases/situation.yaml", text)
        refused(os.path.join(folder, "aliases"), place=False)

    def deep_situation():
        os.mkdir(os.path.join(folder, "deep"))
        write("deep/situation.yaml", "[" * 100000)
        refused(os.path.join(folder, "deep"), place=False)

    made = [one_long_line, deep_parentheses, deep_unclosed, deep_signs, binary_garbage, zeros, empty_file,
            truncated_everywhere, no_such_file, situation_with_unknown_key, situation_with_broken_model,
            situation_of_garbage, situation_of_aliases, deep_situation]
    return [(function.__name__.replace("_", " "), function) for function in made]


def kept_cases():
    for file in sorted(os.listdir(ERRORS)):
        if file.endswith(".mdl"):
            yield file, lambda file=file: refused(os.path.join(ERRORS, file), place=False)


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, function in [*kept_cases(), *made_cases(folder)]:
            try:
                function()
                passed += 1
            except (AssertionError, subprocess.TimeoutExpired) as why:
                failed += 1
                print(f"FAILED {name}: {str(why)[:3000]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
