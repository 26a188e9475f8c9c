"""Runs the command-line tests: every cli/*.t file is a shell session.

    # words about what follows
      $ command
      expected output, standard error included
      [exit code, where it is not 0]

A line that ends in ' (re)' is a regular expression. Commands of a file run one after the other in a folder of their
own, with `parley` the program under test. Closes with one line 'N passed, N failed'.

    test_commands.py PROGRAM [FILE.t]..."""
import os
import re
import subprocess
import sys
import tempfile


def read(path):
    """The file's commands: (line number, command, expected lines)."""
    commands = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.startswith("  $ "):
                commands.append((number, line[4:], []))
            elif line.startswith("  ") and commands:
                commands[-1][2].append(line[2:])
    return commands


def output_of(command, folder, environment):
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    lines = done.stdout.decode("utf-8", "replace").split("\n")
    if lines[-1] == "":
        lines.pop()
    if done.returncode:
        lines.append(f"[{done.returncode}]")
    return lines


def same(expected, line):
    if expected.endswith(" (re)"):
        return re.fullmatch(expected[:-5], line) is not None
    return expected == line


def run_file(path, program):
    failed = 0
    commands = read(path)
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(program, os.path.join(folder, "parley"))
        environment = dict(os.environ, PATH=folder + ":" + os.environ["PATH"], LC_ALL="C.UTF-8", NO_COLOR="1")
        work = os.path.join(folder, "work")
        os.mkdir(work)
        for number, command, expected in commands:
            lines = output_of(command, work, environment)
            if len(lines) == len(expected) and all(map(same, expected, lines)):
                continue
            failed += 1
            print(f"{path}:{number}: $ {command}")
            for line in expected:
                print(f"    expected: {line}")
            for line in lines:
                print(f"    got:      {line}")
    return len(commands) - failed, failed


def main():
    program = os.path.abspath(sys.argv[1])
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cli")
    files = sys.argv[2:] or sorted(os.path.join(here, name) for name in os.listdir(here) if name.endswith(".t"))
    results = [run_file(path, program) for path in files]
    passed, failed = (sum(column) for column in zip(*results))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
