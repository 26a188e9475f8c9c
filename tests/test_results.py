#!/usr/bin/python3
"""Results files from the command line: the same seed gives the same bytes on any number of threads and any width of
instructions, and other tools open the file.

    tests/test_results.py PARLEY SITUATION

Closes with 'N passed, N failed, N skipped'; a test whose tool is absent is skipped and said.
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

parley, situation = map(os.path.abspath, sys.argv[1:3])
FUTURES = "200"


class Skip(Exception):
    pass


def explore(path, *options, **environment):
    done = subprocess.run([parley, "explore", situation, "--futures", FUTURES, "--output", path, "--json", *options],
                          capture_output=True, text=True, timeout=200, env=os.environ | environment)
    assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr}"
    if "PARLEY_SIMD" in done.stderr:
        print(done.stderr.strip())  # this width cannot be compared here
    return json.loads(done.stdout)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def test_threads_and_widths(folder):
    """byte-identical for 1, 2 and 7 threads and for each width"""
    seen = {}
    for name, options, environment in [("1 thread", ("--threads", "1"), {}), ("2 threads", ("--threads", "2"), {}),
                                       ("7 threads", ("--threads", "7"), {}), ("sse2", (), {"PARLEY_SIMD": "sse2"}),
                                       ("avx2", (), {"PARLEY_SIMD": "avx2"}),
                                       ("avx512", (), {"PARLEY_SIMD": "avx512"})]:
        path = os.path.join(folder, "same.nc")
        explore(path, *options, **environment)
        seen[name] = digest(path)
        assert not os.path.exists(path + ".part"), f"{path}.part is left behind"
    assert len(set(seen.values())) == 1, seen


def test_unknown_width(folder):
    """a width that there is not is said"""
    done = subprocess.run([parley, "explore", situation, "--futures", "2", "--output",
                           os.path.join(folder, "width.nc")],
                          capture_output=True, text=True, timeout=100, env=os.environ | {"PARLEY_SIMD": "avx1024"})
    assert done.returncode == 0 and done.stderr.startswith("PARLEY_SIMD=avx1024: "), done.stderr


def test_seed_and_design(folder):
    """another seed and another design give other results"""
    digests = set()
    for options in [("--seed", "1"), ("--seed", "2"), ("--seed", "1", "--design", "latin")]:
        explore(os.path.join(folder, "seed.nc"), *options)
        digests.add(digest(os.path.join(folder, "seed.nc")))
    assert len(digests) == 3


def test_summary(folder):
    """the summary counts profiles x futures"""
    summary = explore(os.path.join(folder, "summary.nc"))
    assert summary["cases"] % int(FUTURES) == 0 and summary["cases"] > 0, summary
    assert "first_failed" not in summary, summary
    assert {"cases", "failed", "seconds", "runs_per_second", "file"} <= summary.keys(), summary


def test_xarray(folder):
    """xarray opens the file: dimensions, units, no missing value unless a run failed"""
    path = os.path.join(folder, "xarray.nc")
    summary = explore(path)
    try:
        import xarray
    except ImportError:
        raise Skip("python3-xarray is not installed")
    with xarray.open_dataset(path) as data:
        assert data.sizes["future"] == int(FUTURES), data.sizes
        assert data.sizes["profile"] * data.sizes["future"] == summary["cases"], data.sizes
        measures = [v for v in data.data_vars.values() if {"profile", "future"} <= set(v.dims) and v.dtype.kind == "f"]
        assert measures, data
        assert all("long_name" in v.attrs for v in measures), measures


def test_ncdump(folder):
    """ncdump prints the header"""
    path = os.path.join(folder, "ncdump.nc")
    explore(path)
    if not shutil.which("ncdump"):
        raise Skip("ncdump (netcdf-bin) is not installed")
    done = subprocess.run(["ncdump", "-h", path], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "profile = " in done.stdout and f"future = {FUTURES}" in done.stdout, done.stdout[:2000]


def test_truncated(folder):
    """a truncated results file is refused with a message, not a crash"""
    path = os.path.join(folder, "cut.nc")
    explore(path)
    with open(path, "r+b") as file:
        file.truncate(os.path.getsize(path) // 2)
    done = subprocess.run([parley, "table", path], capture_output=True, text=True, timeout=60)
    assert done.returncode in (3, 5) and done.stderr.strip(), f"exit code {done.returncode}: {done.stderr}"


def run(words, code, before=None):
    done = subprocess.run([parley, *words], capture_output=True, text=True, timeout=100, preexec_fn=before)
    assert done.returncode == code and done.stderr.count("\n") == 1, f"exit code {done.returncode}: {done.stderr}"
    return done.stderr


def test_truncated_anywhere(folder):
    """every study of a results file that was cut off somewhere says so in one line"""
    path = os.path.join(folder, "cut.nc")
    explore(path)
    with open(path, "rb") as file:
        whole = file.read()
    for share in (0, 0.0005, 0.01, 0.3, 0.7, 0.999):
        with open(path, "wb") as file:
            file.write(whole[:int(share * len(whole))])
        for command in ("table", "play", "report"):
            assert "cut.nc" in run([command, path], 3)
        assert "cut.nc" in run(["explore", situation, "--futures", FUTURES, "--output", path, "--resume"], 3)


def test_verify(folder):
    """cases are run again; a payoff or a draw that somebody has changed is found"""
    path = os.path.join(folder, "verify.nc")
    explore(path)
    assert explore(path, "--verify", "20") == {"verified": 20, "file": path}
    try:
        import netCDF4
    except ImportError:
        raise Skip("python3-netcdf4 is not installed")
    for prefix in ("payoff_", "draw_"):
        explore(path)
        with netCDF4.Dataset(path, "a") as data:
            name = next(name for name in data.variables if name.startswith(prefix))
            data[name][:] = data[name][:] + 1
        assert "when it is run again" in run(["explore", situation, "--futures", FUTURES, "--output", path, "--verify",
                                              "3"], 3)


def test_foreign(folder):
    """a NetCDF file of somebody else's is refused by each study, and --resume leaves it as it is"""
    path = os.path.join(folder, "foreign.nc")
    try:
        import netCDF4
    except ImportError:
        raise Skip("python3-netcdf4 is not installed")
    with netCDF4.Dataset(path, "w") as data:
        data.createDimension("future", 10)
        data.createVariable("rain", "f8", ("future",))[:] = 1.0
    before = digest(path)
    for command in ("table", "play", "report"):
        assert "no results file of parley" in run([command, path], 3)
    assert "no results file of parley" in run(["explore", situation, "--output", path, "--resume"], 3)
    assert digest(path) == before


def test_read_only_folder(folder):
    """a folder that cannot be written to is said, and a situation in one has its results elsewhere"""
    copy, here = os.path.join(folder, "closed"), os.path.join(folder, "here")
    shutil.copytree(situation, copy, ignore=shutil.ignore_patterns("*.nc*"))
    os.mkdir(here)
    for path, mode in ((folder, 0o755), (here, 0o777), (copy, 0o555)):
        os.chmod(path, mode)

    def somebody():  # the superuser may write everywhere
        os.chdir(here)
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)

    words = [copy, "--futures", FUTURES, "--output"]
    try:
        said = run(["explore", *words, os.path.join(copy, "mine.nc")], 5, somebody)
    except PermissionError:
        raise Skip("another user cannot run this program")
    assert "cannot be written: Permission denied" in said, said
    done = subprocess.run([parley, "explore", copy, "--futures", FUTURES], capture_output=True, text=True, timeout=100,
                          preexec_fn=somebody)
    assert done.returncode == 0 and "./closed.nc" in done.stdout, done.stderr
    assert os.listdir(here) == ["closed.nc"] and "results.nc" not in os.listdir(copy)
    explore(os.path.join(copy, "results.nc"))  # the superuser's, of other futures than are asked for below
    os.chmod(os.path.join(copy, "results.nc"), 0o644)
    done = subprocess.run([parley, "table", copy, "--futures", "20"], capture_output=True, text=True, timeout=100,
                          preexec_fn=somebody)
    assert done.returncode == 0 and "20 futures each" in done.stdout, done.stderr


def main():
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for name, test in [(n, f) for n, f in globals().items() if n.startswith("test_")]:
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(folder)
                counts["passed"] += 1
            except Skip as why:
                counts["skipped"] += 1
                print(f"{name} skipped: {why}")
            except (AssertionError, OSError, KeyError, ValueError, subprocess.TimeoutExpired) as why:
                counts["failed"] += 1
                print(f"FAILED {name} ({test.__doc__}): {type(why).__name__} {str(why)[:2000]}")
    print(", ".join(f"{n} {word}" for word, n in counts.items()))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
