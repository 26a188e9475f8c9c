"""What `run` and `table` show in a terminal: drawings where it shows UTF-8 and is wide enough, plain text else, and CSV or
text as ever where the output is no terminal.

    test_terminal.py PARLEY
"""
import fcntl
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios

parley = os.path.abspath(sys.argv[1])
root = os.environ.get("PARLEY_ROOT", os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RISE = "".join(chr(0x2581 + k) for k in range(8))  # a line from the lowest block to the full one

MODEL = """{UTF-8}
rise = Time ~~|
fall = -Time ~~|
step = IF THEN ELSE(Time < 4, 0, 3) ~~|
flat = 2 ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 7 ~~|
TIME STEP = 1 ~~|
SAVEPER = 1 ~~|
"""


def in_terminal(columns, locale, *arguments):
    here, there = pty.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {**os.environ, "LC_ALL": locale, "TERM": "xterm"}
    process = subprocess.Popen([parley, *arguments], stdout=there, stderr=subprocess.DEVNULL, env=environment)
    os.close(there)
    out = b""
    while True:
        try:
            piece = os.read(here, 65536)
        except OSError:
            break
        if not piece:
            break
        out += piece
    assert process.wait() == 0, out
    os.close(here)
    return out.decode().replace("\r\n", "\n")


def line_of(text, name):
    return next(line for line in text.splitlines() if line.startswith(name + " "))


with tempfile.TemporaryDirectory() as folder:
    model = os.path.join(folder, "model.mdl")
    with open(model, "w") as file:
        file.write(MODEL)
    shown = in_terminal(100, "C.UTF-8", "run", model)
    assert RISE in line_of(shown, "rise") and RISE[::-1] in line_of(shown, "fall"), shown
    assert RISE[0] * 4 + RISE[7] * 4 in line_of(shown, "step"), shown
    assert [float(x) for x in line_of(shown, "fall").split()[3:]] == [-7, -7, 0], shown
    assert "flat" not in shown and "do not change" in shown, shown
    assert max(len(line) for line in shown.splitlines()) <= 100, shown
    for columns, locale in ((100, "C"), (80, "C.UTF-8")):
        plain = in_terminal(columns, locale, "run", model)
        assert [float(x) for x in line_of(plain, "rise").split()[1:]] == [0, 7, 0, 7] and not set(RISE) & set(plain), plain
    piped = subprocess.run([parley, "run", model], capture_output=True, text=True)
    assert piped.stdout.startswith("time,"), piped.stdout
    assert in_terminal(100, "C.UTF-8", "run", model, "--output", "-").startswith("time,")

    results = os.path.join(folder, "race.nc")
    race = os.path.join(root, "situations", "arms-race")
    subprocess.run([parley, "explore", race, "--output", results, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    plain = subprocess.run([parley, "table", results], capture_output=True, text=True).stdout
    drawn = in_terminal(118, "C.UTF-8", "table", results)
    assert not set(RISE) & set(plain) and set(RISE) <= set(drawn), drawn
    assert max(len(line) for line in drawn.splitlines()) <= 118, drawn
    assert in_terminal(100, "C.UTF-8", "table", results) == plain
