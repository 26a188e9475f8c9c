#!/usr/bin/python3
"""parley serve: who is let in, what is refused and how, one run at a time, the same bits as explore and run, a clean
end.

    tests/test_serve.py PARLEY

Closes with 'N passed, N failed, N skipped'; a test whose tool is absent is skipped and said.
"""
import csv
import http.client
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

parley = os.path.abspath(sys.argv[1])
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
JSON = {"Content-Type": "application/json"}


class Skip(Exception):
    pass


class Server:
    """A served situation, with the connection's address taken apart."""

    started = []

    def __init__(self, *arguments):
        self.process = subprocess.Popen([parley, "serve", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True)
        Server.started.append(self.process)
        self.address = self.process.stdout.readline().strip()
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)(/[0-9a-f]{64}/)", self.address)
        assert found, f"no address: {self.address!r} {self.process.stderr.read() if self.process.poll() else ''}"
        self.port, self.path = int(found[1]), found[2]

    def ask(self, method, path="", body=None, headers=None, whole=None):
        """(status, headers, body); whole: a path that does not begin with the token"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.putrequest(method, self.path + path if whole is None else whole, skip_host="Host" in (headers or {}))
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        try:
            if body is not None:
                connection.send(body)
        except OSError:
            pass  # it may have answered and hung up before the end
        response = connection.getresponse()
        answer = response.status, dict(response.getheaders()), response.read()
        connection.close()
        return answer

    def post(self, request, headers=JSON):
        body = request if isinstance(request, bytes) else json.dumps(request).encode()
        status, _, answer = self.ask("POST", "runs", body, headers)
        return status, json.loads(answer)

    def follow(self, run):
        for _ in range(1200):
            found = json.loads(self.ask("GET", f"runs/{run}")[2])
            if found["state"] != "running":
                return found
            time.sleep(0.05)
        raise AssertionError("the run does not end")

    def run(self, request):
        """(results, rows of the CSV) of a run that must succeed"""
        status, answer = self.post(request)
        assert status == 202, (status, answer)
        found = self.follow(answer["id"])
        assert found["state"] == "done", found
        results = json.loads(self.ask("GET", f"runs/{answer['id']}/results.json")[2])
        text = self.ask("GET", f"runs/{answer['id']}/results.csv")[2].decode()
        return results, list(csv.DictReader(io.StringIO(text)))

    def end(self, number=signal.SIGINT):
        began = time.monotonic()
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, time.monotonic() - began, out, err


def situation_at(folder, name="adaptive", change=lambda text: text):
    path = os.path.join(folder, name)
    if not os.path.isdir(path):
        shutil.copytree(os.path.join(root, "tests/situations/adaptive"), path)
        with open(os.path.join(path, "situation.yaml"), encoding="utf-8") as file:
            text = change(file.read())
        with open(os.path.join(path, "situation.yaml"), "w", encoding="utf-8") as file:
            file.write(text)
    return path


def few_results(folder, name, change=lambda text: text):
    """the results of few futures, of which the page is soon written"""
    path, file = situation_at(folder, name, change), os.path.join(folder, name + ".few.nc")
    if not os.path.exists(file):
        subprocess.run([parley, "explore", path, "--futures", "30", "--output", file, "--quiet"], check=True,
                       capture_output=True)
    return file


def refused(answer, status):
    code, headers, body = answer
    assert code == status, (code, body[:300])
    assert headers["Content-Security-Policy"].startswith("default-src 'none'"), headers
    assert status == 308 or json.loads(body)["error"], body


# ---- who is let in --------------------------------------------------------------------------------------------------


def test_page(server, folder):
    """the page, with a policy that lets no other script run, and no way for the address to leak"""
    status, headers, body = server.ask("GET")
    policy = headers["Content-Security-Policy"]
    assert status == 200 and headers["Content-Type"] == "text/html; charset=utf-8"
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert "unsafe-eval'" not in policy.replace("wasm-unsafe-eval", "")
    for name, value in {"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
                        "X-Frame-Options": "DENY",
                        "Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin",
                        "Cross-Origin-Resource-Policy": "same-origin"}.items():
        assert headers[name] == value, (name, headers.get(name))
    for part in ("base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "connect-src 'self'"):
        assert part in policy, part
    assert b'"served": ' in body, "the page does not know that it is served"
    written = os.path.join(folder, "report.html")
    done = subprocess.run([parley, "report", few_results(folder, "adaptive"), "--output", written], capture_output=True)
    assert done.returncode == 0 and b'"served": ' not in open(written, "rb").read(), "a file says that it is served"
    assert server.ask("HEAD")[2] == b""


def test_token(server, folder):
    """no token, a wrong one, one digit off, a shorter one: nothing is there, whatever follows"""
    off = server.path[:-2] + ("0" if server.path[-2] != "0" else "1") + "/"
    for path in ("/", "/runs", off, off + "runs/1", server.path[:-2] + "/", "/favicon.ico", "//" + server.path,
                 "/" + "0" * 64 + "/"):
        refused(server.ask("GET", whole=path), 404)
    refused(server.ask("POST", whole=off + "runs", body=b'{"futures": 10}', headers=JSON), 404)
    refused(server.ask("GET", whole=server.path[:-1]), 308)


def test_traversal(server, folder):
    """no path is taken for a file's"""
    for path in ("../", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "runs/../../etc/passwd", "runs/1/../../x",
                 "runs/%2e%2e/results.csv",
                 "runs/1/results.csv/../../../../etc/passwd", "runs/-1", "runs/0", "runs/01", "runs/1e1",
                 "runs/99999999999999999999999",
                 "runs/1/results.txt", "runs/", "situation.yaml", "results.nc", "runs/1%00"):
        refused(server.ask("GET", path), 404)


def test_host(server, folder):
    """another name for this address (a rebound one), another port, none at all"""
    for host in ("evil.example", f"evil.example:{server.port}", "127.0.0.1", "127.0.0.1:1",
                 f"127.0.0.1.evil.example:{server.port}",
                 f"localhost:{server.port}0", ""):
        refused(server.ask("GET", headers={"Host": host}), 403)
    assert server.ask("GET", headers={"Host": f"localhost:{server.port}"})[0] == 200
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as bare:
        bare.sendall(f"GET {server.path} HTTP/1.0\r\n\r\n".encode())
        assert b" 403 " in bare.recv(4000).split(b"\r\n")[0]


def test_origin(server, folder):
    """pages from elsewhere, as browsers name them"""
    good = {"Origin": f"http://127.0.0.1:{server.port}", "Sec-Fetch-Site": "same-origin"}
    for origin in ("https://evil.example", "null", f"https://127.0.0.1:{server.port}", "http://127.0.0.1:1",
                   f"http://localhost:{server.port}.evil.example"):
        refused(server.ask("POST", "runs", b'{"futures": 10}', JSON | {"Origin": origin}), 403)
    for site in ("cross-site", "same-site"):
        refused(server.ask("GET", headers={"Sec-Fetch-Site": site}), 403)
    assert server.ask("GET", headers={"Sec-Fetch-Site": "none"})[0] == 200
    status, answer = server.post({"futures": 10}, JSON | good)
    assert status == 202, answer
    server.follow(answer["id"])


def test_only_here(server, folder):
    """it listens at 127.0.0.1 only: another address of this machine's own network is refused"""
    try:
        socket.create_connection(("127.0.0.2", server.port), timeout=5).close()
    except ConnectionRefusedError:
        return
    raise AssertionError("127.0.0.2 is answered, too")


def test_methods(server, folder):
    """each address takes its own methods and says which"""
    for method, path, allowed in (("POST", "", "GET, HEAD"), ("DELETE", "", "GET, HEAD"), ("GET", "runs", "POST"),
                                  ("PUT", "runs", "POST"),
                                  ("POST", "runs/1", "GET, HEAD, DELETE"),
                                  ("DELETE", "runs/1/results.csv", "GET, HEAD"), ("TRACE", "", "GET, HEAD"),
                                  ("OPTIONS", "runs", "POST")):
        answer = server.ask(method, path, b"" if method in ("POST", "PUT") else None)
        refused(answer, 405)
        assert answer[1]["Allow"] == allowed, answer[1]


# ---- requests -------------------------------------------------------------------------------------------------------


def test_bodies(server, folder):
    """too large, announced or not; another type"""
    refused(server.ask("POST", "runs", b" " * 65537, JSON), 413)
    refused(server.ask("POST", "runs", b'{"futures": 10}', {"Content-Type": "text/plain"}), 415)
    refused(server.ask("POST", "runs", b'{"futures": 10}', {}), 415)
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as chunked:
        head = (f"POST {server.path}runs HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunked.sendall(head.encode() + b"".join(b"4000\r\n" + b" " * 0x4000 + b"\r\n"
                                                 for _ in range(5)) + b"0\r\n\r\n")
        assert b" 413 " in chunked.recv(4000).split(b"\r\n")[0]
    assert server.ask("GET")[0] == 200, "it is gone"


def test_mistakes(server, folder):
    """what cannot be run is refused with a reason that names it"""
    mistakes = [
        (b"", "no JSON"), (b"{", "no JSON"), (b"\xff\xfe", "no JSON"), (b'{"futures": 10} x', "no JSON"),
        (b"[1]", "one JSON object"), (b"3", "no JSON"),
        (b"[" * 60000, "no JSON"), (b'{"futures": 1e999}', "no JSON"), (b'{"futures": 10, "futures": 20}', "no JSON"),
        ({}, "'futures' is missing"),
        ({"futures": 0}, "from 1 to 5000"), ({"futures": 5001}, "from 1 to 5000"), ({"futures": 10.5}, "whole number"),
        ({"futures": "10"}, "whole number"),
        ({"futures": 10, "course": {}}, "there is no key 'course'; did you mean 'courses'?"),
        ({"futures": 10, "courses": []}, "'courses' needs an object"),
        ({"futures": 10, "courses": {"hunter": "careful"}}, "there is no actor 'hunter'; did you mean 'hunters'?"),
        ({"futures": 10, "courses": {"hunters": "carefull"}}, "there is no course 'carefull'; did you mean 'careful'?"),
        ({"futures": 10, "courses": {"hunters": 1}}, "the name of a course"),
        ({"futures": 10, "set": {"hunts": 1}}, "there is no lever 'hunts'; did you mean 'hunt'?"),
        ({"futures": 10, "set": {"hunt": "1"}}, "'hunt' needs a number"),
        ({"futures": 10, "set": {"birth": 1}}, "there is no lever 'birth'"),
        ({"futures": 10, "fixed": {"brith": 1}}, "there is no uncertainty 'brith'; did you mean 'birth'?"),
        ({"futures": 10, "set": {"hunt": 0.081}}, "the lever 'hunt' goes from 0 to 0.08"),
        ({"futures": 10, "set": {"hunt": -1e300}}, "the lever 'hunt' goes from"),
        ({"futures": 10, "fixed": {"birth": 0.7}}, "the uncertainty 'birth' goes from 0.3"),
        ({"futures": 10, "fixed": {"start[south]": 7.99}}, "the uncertainty 'start[south]' goes from 8"),
        ({"futures": 10, "fixed": {"birth": None}}, "'birth' needs a number"),
        ({"futures": 10, "fixed": {"hunters/either/hunt": 1}}, "there is no uncertainty"),
    ]
    for request, told in mistakes:
        status, answer = server.post(request)
        assert status == 400 and told in answer["error"], (request, status, answer)


# ---- runs -----------------------------------------------------------------------------------------------------------


def numbers(rows, column):
    return [float(row[column]) if row[column] else None for row in rows]


def explored(folder, path, futures):
    """[profile by (course, course)][measure] -> values of the futures, from the results file that explore writes"""
    try:
        import netCDF4
    except ImportError:
        raise Skip("python3-netcdf4 is not installed") from None
    file = os.path.join(folder, os.path.basename(path) + ".nc")
    done = subprocess.run([parley, "explore", path, "--futures", str(futures), "--output", file, "--quiet"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with netCDF4.Dataset(file) as data:
        found = {name: data[name][:].tolist() for name in ("left", "least", "hunters", "payoff_hunters", "draw_birth",
                                                           "weight_hunters_left")}
        found["inputs_sha256"] = data.inputs_sha256
    return found


def same(found, expected):
    wrong = [k for k, (a, b) in enumerate(zip(found, expected)) if a != b]
    assert len(found) == len(expected), f"{len(found)}, not {len(expected)}"
    assert not wrong, f"{len(wrong)} of {len(found)} differ: {found[wrong[0]]}"


# The profiles of the situation below, the last actor fastest.
COURSES = ["careless", "careful", "either", "firm", "firm careful"]
SECOND = ["lax", "strict"]


def with_firm(text):
    """two more courses, for what a reader sets by hand: hunt at 0.03, alone and with the rule of `careful`"""
    rule = re.search(r"careful: .*?(when: \[.*?\])\}", text)[1]
    firm = f"      firm: {{set: {{hunt: 0.03}}}}\n      firm careful: {{set: {{hunt: 0.03}}, {rule}}}\n"
    return text.replace("    wants: {left", firm + "    wants: {left", 1)


def test_same_bits(server, folder):
    """measures of every combination of courses, and of the base, are those of explore to the last bit"""
    path = situation_at(folder, "firm", with_firm)
    expected = explored(folder, path, 700)
    own = Server(few_results(folder, "firm"), "--futures", "700")
    try:
        for first, course in enumerate(COURSES):
            for second, other in enumerate(SECOND):
                results, rows = own.run({"futures": 700, "courses": {"hunters": course, "state": other}})
                assert results["inputs_sha256"] == expected["inputs_sha256"]
                for measure in ("left", "least", "hunters"):
                    same(numbers(rows, measure), expected[measure][first * len(SECOND) + second])
                    same(numbers(rows, f"base({measure})"), expected[measure][0])
                same(numbers(rows, "payoff(hunters)"), expected["payoff_hunters"][first * len(SECOND) + second])
        same(numbers(rows, "birth"), expected["draw_birth"])
        same(numbers(rows, "weight of hunters/left"), expected["weight_hunters_left"])
        # levers by hand: a number in the place of what a course says, drawn or over time; its rules stay
        for courses, profile in ((["careless", "lax"], 6), (["careful", "lax"], 8)):
            _, rows = own.run({"futures": 700, "courses": dict(zip(["hunters", "state"], courses)),
                               "set": {"hunt": 0.03}})
            same(numbers(rows, "left"), expected["left"][profile])
    finally:
        own.end()


def test_fixed(server, folder):
    """an uncertainty that is fixed at the model's value is as if the situation did not draw it"""
    path = situation_at(folder, "certain", lambda text: re.sub(r'  "start\[south\]".*\n', "", text))
    expected = explored(folder, path, 300)
    _, rows = server.run({"futures": 300, "courses": {"hunters": "careful"}, "fixed": {"start[south]": 12}})
    same(numbers(rows, "left"), expected["left"][2])
    assert set(numbers(rows, "start[south]")) == {12.0}


MODEL = """{UTF-8}
stock= INTEG(rate * stock - 0.3 * stock, 10) ~ Things ~|
rate= 0.1 ~ 1/Year ~|
INITIAL TIME= 0 ~ Year ~|
FINAL TIME= 10 ~ Year ~|
TIME STEP= 0.125 ~ Year ~|
SAVEPER= 1 ~ Year ~|
loss= 0.2 ~ 1/Year ~|
"""


def test_run(server, folder):
    """a lever at a number gives what `parley run --set` prints"""
    path = os.path.join(folder, "single")
    os.makedirs(path)
    with open(os.path.join(path, "model.mdl"), "w", encoding="utf-8") as file:
        file.write(MODEL)
    with open(os.path.join(path, "situation.yaml"), "w", encoding="utf-8") as file:
        file.write("parley: 1\nmodel: model.mdl\nrun: {futures: 3}\n"
                   "actors: {one: {courses: {none: {}, some: {set: {rate: 0.2}}}}}\n"
                   "measures: {end: {of: stock, take: final}}\n"
                   "uncertainties: {loss: {uniform: [0, 1], source: none}}\n")
    done = subprocess.run([parley, "run", path, "--set", "rate=0.17", "--output", "-"], capture_output=True, text=True)
    table = list(csv.DictReader(io.StringIO(done.stdout)))
    own = Server(path)
    results, rows = own.run({"futures": 2, "set": {"rate": 0.17}})
    code = own.end()[0]
    assert code == 0
    same(numbers(rows, "end"), [float(table[-1]["stock"])] * 2)
    stock = next(output for output in results["outputs"] if output["name"] == "stock")
    same(stock["yours"]["quantiles"][2], [float(row["stock"]) for row in table])
    same(results["times"], [float(row["time"]) for row in table])


def test_given(server, folder):
    """the inputs of the first futures of a file are not those of all of them, whose hash is explore's"""
    path = os.path.join(folder, "given")
    os.makedirs(path)
    situation = ("parley: 1\nmodel: model.mdl\nrun: {futures: drawn.csv}\nmeasures: {end: {of: stock, take: final}}\n"
                 "uncertainties: {loss: {uniform: [0, 1], source: none}}\n")
    drawn = "loss\n0.1\n0.5\n0.7\n"
    for name, text in (("model.mdl", MODEL), ("drawn.csv", drawn), ("situation.yaml", situation)):
        with open(os.path.join(path, name), "w", encoding="utf-8") as file:
            file.write(text)
    own = Server(path)
    try:
        results = {futures: own.run({"futures": futures})[0] for futures in (2, 3)}
    finally:
        own.end()
    assert results[2]["inputs_sha256"] != results[3]["inputs_sha256"], results[2]
    assert results[2]["design"] == results[3]["design"] == "given", results[2]
    try:
        import netCDF4
    except ImportError:
        raise Skip("python3-netcdf4 is not installed") from None
    with netCDF4.Dataset(os.path.join(path, "results.nc")) as data:
        assert results[3]["inputs_sha256"] == data.inputs_sha256


def test_threads(server, folder):
    """the same bytes on one thread and on five, again and in another server"""
    request = {"futures": 900, "courses": {"hunters": "either", "state": "strict"}, "set": {"least": 9},
               "fixed": {"birth": 0.5}}
    texts = set()
    for threads in ("1", "5"):
        own = Server(few_results(folder, "adaptive"), "--threads", threads)
        for _ in range(2):
            run = own.post(request)[1]["id"]
            own.follow(run)
            texts.add((own.ask("GET", f"runs/{run}/results.json")[2], own.ask("GET", f"runs/{run}/results.csv")[2]))
        own.end()
    assert len(texts) == 1


def test_paired(server, folder):
    """differences, shares and quantiles are those of the rows that are downloaded"""
    results, rows = server.run({"futures": 500, "courses": {"hunters": "careful"}})
    found = next(measure for measure in results["measures"] if measure["name"] == "left")
    pairs = [(b, y) for b, y in zip(numbers(rows, "base(left)"), numbers(rows, "left")) if b is not None
             and y is not None]
    assert found["known"] == len(pairs), found
    assert found["higher"] == sum(y > b for b, y in pairs) and found["lower"] == sum(y < b for b, y in pairs), found

    def quantile(values, level):  # Hyndman and Fan's type 7
        values = sorted(values)
        at = level * (len(values) - 1)
        below = int(at)
        return values[below] + (at - below) * (values[min(below + 1, len(values) - 1)] - values[below])

    differences = [y - b for b, y in pairs]
    for value, level in zip(found["difference"], (0.5, 0.05, 0.95)):
        assert abs(value - quantile(differences, level)) <= 1e-12 * max(1, abs(value)), (value, level)
    payoffs = numbers(rows, "payoff(hunters)")
    drawn = numbers(rows, "weight of hunters/left")
    for row, payoff, weight in zip(rows, payoffs, drawn):
        assert abs(payoff - (weight * float(row["left"]) + 2 * float(row["hunters"]))) < 1e-9


def test_base(server, folder):
    """a request of nothing but futures is the base"""
    results, rows = server.run({"futures": 40})
    assert results["measures"][0]["difference"] == [0, 0, 0] and numbers(rows, "left") == numbers(rows, "base(left)")
    assert len(results["outputs"][0]["yours"]["paths"]) == 20 and len(results["outputs"][0]["yours"]["ends"]) == 40


def test_files(server, folder):
    """results stand in the folder of --output, never over what is there"""
    out = os.path.join(folder, "out")
    os.makedirs(out)
    mine = ["run-1.csv", "run-2.json"]
    for name in mine:
        with open(os.path.join(out, name), "w", encoding="utf-8") as file:
            file.write("mine")
    own = Server(few_results(folder, "adaptive"), "--output", out)
    run = own.post({"futures": 30})[1]["id"]
    found = own.follow(run)
    downloaded = own.ask("GET", f"runs/{run}/results.csv")
    results = own.ask("GET", f"runs/{run}/results.json")[2]
    own.end()
    assert found["file"].endswith("run-3.csv"), found
    assert sorted(os.listdir(out)) == mine + ["run-3.csv", "run-3.json"], os.listdir(out)
    assert open(found["file"], "rb").read() == downloaded[2] and "attachment" in downloaded[1]["Content-Disposition"]
    assert open(os.path.join(out, "run-3.json"), "rb").read() == results
    for name in mine:
        assert open(os.path.join(out, name), encoding="utf-8").read() == "mine"


def test_files_that_cannot_be_written(server, folder):
    """a run whose files cannot be written is done all the same, and says why"""
    out = os.path.join(folder, "gone")
    own = Server(few_results(folder, "adaptive"), "--output", out)
    os.rmdir(out)
    run = own.post({"futures": 30})[1]["id"]
    found = own.follow(run)
    rows = own.ask("GET", f"runs/{run}/results.csv")
    own.end()
    assert found["state"] == "done" and "file" not in found and "cannot be written" in found["error"], found
    assert rows[0] == 200 and rows[2].count(b"\n") == 31


SLOW = MODEL.replace("TIME STEP= 0.125", "TIME STEP= 0.0001").replace("0.3 * stock", "loss * stock")


def slow_server(folder, *arguments):
    """a situation whose runs last for minutes"""
    path = os.path.join(folder, "slow")
    if not os.path.isdir(path):
        os.makedirs(path)
        with open(os.path.join(path, "model.mdl"), "w", encoding="utf-8") as file:
            file.write(SLOW)
        with open(os.path.join(path, "situation.yaml"), "w", encoding="utf-8") as file:
            file.write("parley: 1\nmodel: model.mdl\nrun: {futures: 2}\nmeasures: {end: {of: stock, take: final}}\n"
                       "uncertainties: {loss: {uniform: [0, 1], source: none}}\n")
    return Server(path, "--futures", "500000", "--quiet", *arguments)


def test_busy(server, folder):
    """one run at a time; a second is refused until the first is cancelled, which is soon"""
    own = slow_server(folder)
    status, first = own.post({"futures": 500000})
    assert status == 202
    status, headers, body = own.ask("POST", "runs", b'{"futures": 10}', JSON)
    assert status == 503 and headers["Retry-After"] == "2" and "another run" in json.loads(body)["error"]
    running = json.loads(own.ask("GET", f"runs/{first['id']}")[2])
    assert running["state"] == "running" and 0 <= running["done"] < running["all"], running
    refused(own.ask("GET", f"runs/{first['id']}/results.json"), 404)
    assert own.ask("GET")[0] == 200, "the page is not to be had while something runs"
    began = time.monotonic()
    assert own.ask("DELETE", f"runs/{first['id']}")[0] == 200
    assert own.follow(first["id"])["state"] == "cancelled" and time.monotonic() - began < 10
    own.run({"futures": 20})
    assert own.end()[0] == 0


def test_kept(server, folder):
    """the last three runs are kept"""
    ids = []
    for _ in range(4):
        ids.append(server.post({"futures": 10})[1]["id"])
        server.follow(ids[-1])
    assert [server.ask("GET", f"runs/{run}/results.csv")[0] for run in ids] == [404, 200, 200, 200]


def test_many(server, folder):
    """many connections that say nothing keep no one out for good, and broken requests do no harm"""
    silent = []
    for _ in range(40):
        silent.append(socket.create_connection(("127.0.0.1", server.port), timeout=20))
    assert server.ask("GET")[0] == 200
    for rubbish in (b"\r\n\r\n", b"GET\r\n\r\n", b"\x00" * 100 + b"\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 40000,
                    b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as broken:
            broken.sendall(rubbish)
    for one in silent:
        one.close()
    assert server.ask("GET")[0] == 200


# ---- the end --------------------------------------------------------------------------------------------------------


def test_interrupt(server, folder):
    """Ctrl-C while a run goes on: exit 0 soon, nothing on standard error; SIGTERM alike"""
    for number in (signal.SIGINT, signal.SIGTERM):
        own = slow_server(folder)
        own.post({"futures": 500000})
        code, seconds, _, err = own.end(number)
        assert code == 0 and seconds < 10 and err == "", (code, seconds, err)


def test_options(server, folder):
    """--json, --port; a port that is taken, one that cannot be, a folder that cannot be made"""
    path = few_results(folder, "adaptive")
    own = subprocess.Popen([parley, "serve", path, "--json", "--quiet"], stdout=subprocess.PIPE, text=True)
    text = ""
    while not text.endswith("}\n"):
        text += own.stdout.readline()
    told = json.loads(text)
    assert f":{told['port']}/" in told["address"]
    taken = subprocess.run([parley, "serve", path, "--port", str(told["port"])], capture_output=True, text=True)
    assert taken.returncode == 5 and "cannot listen at 127.0.0.1" in taken.stderr, taken
    own.send_signal(signal.SIGINT)
    assert own.wait(20) == 0
    own.stdout.close()
    for arguments, code in ((["--port", "70000"], 2), (["--port", "x"], 2), (["--futures", "0"], 2),
                            (["--output", os.path.join(folder, "adaptive/model.mdl")], 5)):
        done = subprocess.run([parley, "serve", path, *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == code and done.stderr, (arguments, done)


def main():
    passed = failed = skipped = 0
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([parley, "serve", few_results(folder, "adaptive"), "--output", "/dev/null/x"],
                              capture_output=True, text=True)
        if "built without libmicrohttpd" in done.stderr:
            print("parley was built without libmicrohttpd: skipped")
            print("0 passed, 0 failed, 1 skipped")
            return 0
        server = Server(few_results(folder, "adaptive"), "--futures", "5000")
        for name, test in [(name, test) for name, test in globals().items() if name.startswith("test_")]:
            began = time.monotonic()
            try:
                test(server, folder)
                passed += 1
                print(f"{name} {time.monotonic() - began:.1f} s")
            except Skip as why:
                skipped += 1
                print(f"{name}: skipped: {why}")
            except Exception as why:  # a broken answer is a failure of this test, not of the others
                failed += 1
                print(f"{name} ({test.__doc__}): {type(why).__name__}: {why}")
        code, seconds, _, err = server.end()
        for process in Server.started:  # of tests that have failed
            if process.poll() is None:
                process.kill()
        if code or seconds > 10 or "ERROR" in err:
            failed += 1
            print(f"the end: exit code {code} after {seconds:.1f} s: {err[-2000:]}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
