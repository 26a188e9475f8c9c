#!/usr/bin/python3
"""Explorations that are broken off, resumed, taken apart into shards and joined again give the bytes of one that ran
through.

    tests/test_resume.py PARLEY SITUATION

The moments of the kills come from a fixed seed. Closes with 'N passed, N failed'.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

parley, situation = sys.argv[1:3]
KILLS = 50
FUTURES = "2100"  # five chunks of 512, the last one not full
KEEP = ("total arms", "arms of a")  # their series are kept, too
LAST, MISSING = 1535, 1024  # of the second shard of three, and how many it has


def start(path, *options):
    kept = [word for name in KEEP for word in ("--keep-series", name)]
    return subprocess.Popen([parley, "explore", situation, "--futures", FUTURES, "--output", path, *kept, *options],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def explore(path, *options, code=0):
    process = start(path, *options)
    out, errors = process.communicate(timeout=200)
    assert process.returncode == code, f"exit code {process.returncode}: {errors}"
    return out + errors


def merge(output, *paths, code=0):
    done = subprocess.run([parley, "merge", *paths, "--output", output, "--json"], capture_output=True, text=True,
                          timeout=200)
    assert done.returncode == code, f"exit code {done.returncode}: {done.stderr}"
    return json.loads(done.stdout) if done.stdout else done.stderr


def content(path):
    with open(path, "rb") as file:
        return file.read()


def test_kills(folder, whole):
    """kill -9 at 50 random moments, then --resume"""
    draw = random.Random(4)
    path = os.path.join(folder, "killed.nc")
    began = time.monotonic()
    explore(path)
    longest = 1.1 * (time.monotonic() - began)
    states = set()
    for _ in range(KILLS):
        for left in (path, path + ".part", path + ".new"):
            if os.path.exists(left):
                os.remove(left)
        process = start(path)
        time.sleep(draw.uniform(0, longest))
        process.kill()
        process.communicate()
        states.add((os.path.exists(path + ".part"), os.path.exists(path)))
        explore(path, "--resume")
        assert content(path) == whole, "other bytes"
        assert not os.path.exists(path + ".part"), "the part was left"
    assert (True, False) in states, f"no kill came while it ran: {states}"


def test_again_and_again(folder, whole):
    """one exploration, killed until it is done"""
    draw = random.Random(5)
    path = os.path.join(folder, "again.nc")
    for _ in range(KILLS // 2):
        process = start(path, "--resume", "--threads", "1")
        time.sleep(draw.uniform(0, 0.4))
        process.kill()
        process.communicate()
    explore(path, "--resume")
    assert content(path) == whole, "other bytes"


def test_torn_record(folder, whole):
    """a record that was half written is made again; a header that was not is begun anew"""
    path = os.path.join(folder, "torn.nc")
    explore(path, "--shard", "1/1")
    part = content(path + ".part")
    for wrong in (part[:-3000], part[:-400000], part[:len(part) // 10],
                  part[:len(part) // 2] + b"\x55" * 100 + part[len(part) // 2 + 100:], b"", b"\0" * 500):
        with open(path + ".part", "wb") as file:
            file.write(wrong)
        explore(path, "--resume")
        assert content(path) == whole, "other bytes"


def test_finished_and_foreign(folder, whole):
    """--resume leaves a finished file as it is, and touches no other"""
    path = os.path.join(folder, "finished.nc")
    explore(path, "--resume")
    before = os.stat(path).st_mtime_ns
    explore(path, "--resume")
    assert os.stat(path).st_mtime_ns == before, "it was written again"
    assert "other inputs" in explore(path, "--resume", "--seed", "9", code=3)
    explore(path, "--shard", "1/2")
    part = content(path + ".part")
    assert "other inputs" in explore(path, "--resume", "--seed", "9", "--shard", "1/2", code=3)
    assert "name of its own" in explore(path, "--resume", "--shard", "2/2", code=3)
    assert "name of its own" in explore(path, "--shard", "2/2", code=3)
    assert content(path + ".part") == part, "another's part was changed"
    with open(path + ".part", "wb") as file:
        file.write(b"a file of somebody else's")
    assert "no .part file" in explore(path, "--resume", code=3)


def test_shards(folder, whole):
    """shards in any order, with any number of threads, join to the same bytes"""
    paths = [os.path.join(folder, f"shard{i}.nc") for i in (1, 2, 3)]
    for i, path in enumerate(paths):
        explore(path, "--shard", f"{i + 1}/3", "--threads", str(i + 1))
        assert not os.path.exists(path)
    output = os.path.join(folder, "joined.nc")
    for order in ((2, 0, 1), (0, 1, 2)):
        answer = merge(output, *[paths[i] + (".part" if i == 1 else "") for i in order])
        assert answer["missing"] == 0 and answer["missing_series"] == 0 and answer["failed"] == 0
        assert content(output) == whole, "other bytes"


def test_missing_shard(folder, whole):
    """what no file has is named, and missing in the results, which no study takes for complete"""
    paths = [os.path.join(folder, f"shard{i}.nc") for i in (1, 3)]
    for i, path in zip((1, 3), paths):
        explore(path, "--shard", f"{i}/3")
    output = os.path.join(folder, "holes.nc")
    answer = merge(output, *paths, code=5)
    profiles = answer["cases"] // int(FUTURES)
    assert answer["missing_futures"] == f"512 to {LAST}" and answer["missing"] == MISSING * profiles, answer
    shown = subprocess.run([parley, "table", output], capture_output=True, text=True, timeout=100)
    assert shown.returncode == 0 and f"{MISSING} missing" in shown.stdout
    assert "cases are missing" in explore(output, "--verify", "3", code=3)
    assert answer["missing_series"] == 0, "the first shard has them"
    assert merge(output, paths[1], code=5)["missing_series"] > 0, "the third has none"


def test_merge_of_strangers(folder, whole):
    """parts of different inputs are not joined"""
    paths = [os.path.join(folder, f"stranger{i}.nc") for i in (1, 2)]
    explore(paths[0], "--shard", "1/2")
    explore(paths[1], "--shard", "2/2", "--seed", "8")
    assert "other inputs" in merge(os.path.join(folder, "x.nc"), *paths, code=3)
    assert "no .part file" in merge(os.path.join(folder, "x.nc"), sys.argv[0], code=3)


def test_two_writers(folder, whole):
    """two explorations do not write one file at a time"""
    path = os.path.join(folder, "two.nc")
    process = subprocess.Popen([parley, "explore", situation, "--futures", "200000", "--output", path],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not os.path.exists(path + ".part") or os.path.getsize(path + ".part") == 0:
        time.sleep(0.01)
    assert "another parley" in explore(path, code=5)
    process.kill()
    process.communicate()


def test_verify(folder, whole):
    """--verify runs cases again and finds one changed bit"""
    path = os.path.join(folder, "verified.nc")
    explore(path)
    assert "every bit is the same" in explore(path, "--verify", "50")
    bytes_ = bytearray(content(path))
    for at in range(len(bytes_) * 3 // 4, len(bytes_), 640):
        bytes_[at] ^= 1
    with open(path, "wb") as file:
        file.write(bytes_)
    assert "run again" in explore(path, "--verify", "20000", code=3)
    assert "other inputs" in explore(path, "--verify", "5", "--seed", "33", code=3)


def choose_size():
    """Builds with sanitizers are many times slower: they do less of the same, and of a smaller situation."""
    global FUTURES, KEEP, KILLS, LAST, MISSING, situation
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        subprocess.run([parley, "explore", situation, "--futures", "100", "--output", folder + "/a.nc"], check=True,
                       capture_output=True)
        if time.monotonic() - began > 0.7:
            FUTURES, KILLS, LAST, MISSING, KEEP = "1040", 5, 1023, 512, ("walk", "size")
            situation = os.path.join(situation, "../../tests/situations/linear")


def main():
    passed = failed = 0
    choose_size()
    with tempfile.TemporaryDirectory() as top:
        path = os.path.join(top, "whole.nc")
        explore(path, "--threads", "1")
        whole = content(path)
        for name, test in list(globals().items()):
            if not name.startswith("test_"):
                continue
            folder = os.path.join(top, name)
            os.mkdir(folder)
            try:
                test(folder, whole)
                passed += 1
            except (AssertionError, subprocess.TimeoutExpired) as problem:
                failed += 1
                print(f"FAILED {name} ({test.__doc__}): {problem}")
            shutil.rmtree(folder)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
