#!/usr/bin/python3
"""Explorations under MPI: three ranks give the bytes of one process; a rank that dies leaves what --resume completes.

    tests/test_mpi.py PARLEY SITUATION

Closes with 'N passed, N failed, N skipped'; without mpirun, or where parley was built without MPI, all are skipped.
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

parley, situation = sys.argv[1:3]
RANKS = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", "3"]
FEW, MANY, KEPT = "2100", "20000", "total arms"
environment = os.environ | {"OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_btl_base_warn_component_unused": "0",
                            "OMPI_MCA_plm": "isolated",  # this machine only: no ssh is needed
                            # the run-time of MPI leaks, by design, at its end
                            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}


def command(path, futures, *options):
    return [parley, "explore", situation, "--futures", futures, "--keep-series", KEPT, "--output", path, *options]


def run(words, code=0):
    done = subprocess.run(words, capture_output=True, text=True, timeout=200, env=environment)
    assert done.returncode == code, f"exit code {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout


def content(path):
    with open(path, "rb") as file:
        return file.read()


def ranks_of(launcher):
    """The processes that mpirun has started."""
    with open(f"/proc/{launcher}/task/{launcher}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def test_same_bytes(folder):
    """three ranks, of one thread and of two, give the bytes of one process; only the first speaks"""
    run(command(folder + "/alone.nc", FEW))
    for threads in ("1", "2"):
        out = run(RANKS + command(folder + "/ranks.nc", FEW, "--threads", threads))
        assert out.count("written to") == 1, out
        assert content(folder + "/ranks.nc") == content(folder + "/alone.nc"), "other bytes"


def test_rank_dies(folder):
    """a rank is killed; --resume, under MPI or alone, completes to the same bytes"""
    run(command(folder + "/alone.nc", MANY))
    for again in ([], RANKS):
        path = folder + "/dies.nc"
        process = subprocess.Popen(RANKS + command(path, MANY), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=environment)
        while not os.path.exists(path + ".part") or os.path.getsize(path + ".part") < 60000:
            assert process.poll() is None, "it ended before a rank could be killed"
            time.sleep(0.005)
        os.kill(ranks_of(process.pid)[1], signal.SIGKILL)
        process.communicate(timeout=200)
        assert process.returncode != 0 and not os.path.exists(path), "it finished without the rank"
        run(again + command(path, MANY, "--resume"))
        assert content(path) == content(folder + "/alone.nc"), "other bytes"
        os.remove(path)


def test_errors(folder):
    """an error of one rank is the error of all"""
    with open(folder + "/foreign.nc.part", "w", encoding="ascii") as file:
        file.write("a file of somebody else's")
    run(RANKS + command(folder + "/foreign.nc", FEW, "--resume"), code=3)


def choose_size():
    """A run should last a second or so, and in builds with sanitizers not for minutes."""
    global FEW, MANY, KEPT, situation
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        run(command(folder + "/a.nc", "100"))
        if time.monotonic() - began > 0.7:
            FEW, MANY, KEPT = "520", "60000", "size"
            situation = os.path.join(situation, "../../tests/situations/linear")


def main():
    tests = [test for name, test in globals().items() if name.startswith("test_")]
    module = os.path.join(os.path.dirname(os.path.abspath(parley)), "parley-mpi.so")
    why = "no mpirun" if not shutil.which("mpirun") else "parley was built without MPI" if not os.path.exists(module) else ""
    if not why and subprocess.run(RANKS + ["true"], capture_output=True, timeout=100, env=environment).returncode != 0:
        why = "mpirun cannot start a program on this machine"
    if why:
        print(f"skipped: {why}\n0 passed, 0 failed, {len(tests)} skipped")
        return 0
    failed = 0
    choose_size()
    for test in tests:
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(folder)
            except (AssertionError, subprocess.TimeoutExpired) as problem:
                failed += 1
                print(f"FAILED {test.__name__} ({test.__doc__}): {problem}")
    print(f"{len(tests) - failed} passed, {failed} failed, 0 skipped")
    return failed > 0


sys.exit(main())
