#!/usr/bin/python3
"""The timelines of every fixture in every format.  The program is $OOMWHY."""
import json
import os
import pathlib
import re
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

FAILURES = "".join(
    f"[{100 + i}.000000] worker{i}: page allocation failure: order:3, mode:0x40cc0(GFP_KERNEL|__GFP_COMP)\n" for i in range(2))


def run(*args, text=None):
    done = subprocess.run([os.environ["OOMWHY"], "timeline", *args], capture_output=True, check=False, input=text)
    assert done.returncode == 0, (args, done.stderr)
    return done.stdout.decode("utf-8")


def events(line):
    """As many kills as parse finds, in the order of time."""
    kills = [e for e in line["entries"] if e["type"] in ("killed", "userspace-kill")]
    stamps = [e["after_us"] for e in line["entries"] if e["after_us"] is not None]
    assert stamps == sorted(stamps) or any(e["monotonic_us"] is None for e in line["entries"]), line
    if kills and kills[0]["after_us"] is not None:
        assert kills[0]["after_us"] == 0, kills[0]
    return kills


def check_trace(text, path):
    trace = json.loads(text)["traceEvents"]
    for e in trace:
        assert e["ph"] in ("M", "i", "X", "C") and isinstance(e["ts"], int) and e["ts"] >= 0, (path, e)
        assert isinstance(e["pid"], int) and isinstance(e["tid"], int) and e["name"], (path, e)
        assert (e["ph"] == "X") == ("dur" in e) and e.get("dur", 0) >= 0, (path, e)
        assert (e["ph"] == "i") == (e.get("s") == "t"), (path, e)
        if e["ph"] == "C":
            assert e["args"] and all(isinstance(v, float) for v in e["args"].values()), (path, e)
    for pid in {e["pid"] for e in trace}:
        stamps = [e["ts"] for e in trace if e["pid"] == pid]
        assert stamps == sorted(stamps), (path, stamps)
    return trace


def check(path, schema):
    args = (["--year=2026", "--utc"], str(path))
    lines = [json.loads(s) for s in run(*args[0], "--all", "--format=json", args[1]).splitlines()]
    for line in lines:
        errors = [f"{path}: {e.json_path}: {e.message[:200]}" for e in schema.iter_errors(line)]
        assert not errors, errors
    kills = sum(len(events(line)) for line in lines)
    traced = check_trace(run(*args[0], "--all", "--format=trace", args[1]), path)
    assert sum(1 for e in traced if e["ph"] == "X") == kills, path
    text = run(*args[0], "--all", args[1])
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", text), path
    for line in lines:
        for e in line["entries"]:
            assert e["text"] in text, (path, e["text"])
    newest = run(*args[0], "--format=json", args[1])
    assert newest.count("\n") == (1 if lines else 0), newest
    return kills


def beside():
    """What failed shortly before the kill, and nothing of another day."""
    log = pathlib.Path("fixtures/lab/6.1.0-56-cloud-amd64/many-small-vs-big/dmesg.txt").read_text()
    log = log[log.rindex("\n", 0, log.index("invoked oom-killer")) + 1:] # what stood before is in the way
    first = float(re.search(r"\[ *([0-9.]+)\]", log)[1])
    near = FAILURES.replace("100.000000", f"{first - 5:.6f}").replace("101.000000", f"{first - 4:.6f}")
    line = json.loads(run("--format=json", "-", text=(near + log).encode()).splitlines()[0])
    failed = [e for e in line["entries"] if e["type"] == "page-allocation-failure"]
    assert [e["comm"] for e in failed] == ["worker0", "worker1"] and failed[0]["event"] is None, failed
    assert -5000000 < failed[1]["after_us"] < -3000000, failed
    hidden = run("--redact", "-", text=(near + log).encode())
    assert "worker" not in hidden and "page allocation failure" in hidden, hidden


def aftermath():
    text = run("--utc", "--year=2026", "fixtures/aftermath/journal/input.log")
    assert "+0.799 s  mysql.service failed" in text and "mysql.service is started again (restart 3)" in text, text
    assert run("-", text=b"nothing here\n").startswith("No OOM kill in this log"), "the empty answer"
    assert json.loads(run("--format=trace", "-", text=b"nothing here\n"))["traceEvents"] == []


def main():
    schema = jsonschema.Draft202012Validator(json.loads(pathlib.Path("docs/schema/oomwhy.timeline-1.json").read_text()))
    files = kills = 0
    for pattern in ("input.*", "dmesg.txt", "kmsg.raw", "console.txt"):
        for path in sorted(pathlib.Path("fixtures").rglob(pattern)):
            kills += check(path, schema)
            files += 1
    beside()
    aftermath()
    print(f"{files} logs, {kills} kills")
    return 0 if kills else 1


sys.exit(main())
