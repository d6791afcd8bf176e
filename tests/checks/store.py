#!/usr/bin/python3
"""The store from the outside: every fixture in and out, copies of logs, rotation.  $OOMWHY."""
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

try:
    import jsonschema
except ImportError:
    jsonschema = None

OOMWHY = os.path.abspath(os.environ["OOMWHY"])
INPUTS = ("input.*", "dmesg.txt", "kmsg.raw", "console.txt")
bad = []


def run(*args, code=0):
    done = subprocess.run([OOMWHY, *map(str, args)], capture_output=True, check=False)
    if done.returncode != code:
        bad.append(f"{args}: exit {done.returncode}, not {code}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode()


def must(what, got, want):
    if got != want:
        bad.append(f"{what}: {got!r}, not {want!r}")


def without_sources(event):
    """Nor what only a store knows."""
    return {key: value for key, value in event.items() if key not in ("sources", "trend")}


def stored(db):
    return json.loads(run("explain", "--db", db, "--last", 9999, "--format", "json"))["events"]


def ids(db):
    return sorted(event["id"] for event in stored(db))


def round_trip(folder):
    """What explain says of a stored event is what it says of the log."""
    files = events = 0
    for pattern in INPUTS:
        for path in sorted(pathlib.Path("fixtures").rglob(pattern)):
            db = folder / "one.db"
            direct = {}
            for line in run("parse", path).splitlines():
                event = json.loads(line)
                direct.setdefault(event["id"], without_sources(event))
            if not direct:
                continue
            run("ingest", "--db", db, path)
            for event in stored(db):
                if json.dumps(without_sources(event)) != json.dumps(direct.get(event["id"])):
                    bad.append(f"{path}: event {event['id']} changed in the store")
            must(f"{path}: events", len(ids(db)), len(direct))
            if " 0 changed" not in run("store", "reparse", "--db", db):
                bad.append(f"{path}: read again, it says something else")
            run("store", "check", "--db", db)
            files += 1
            events += len(direct)
            for old in folder.glob("one.db*"):
                old.unlink()
    print(f"{files} inputs, {events} events")


def lines_of(path, host="web1"):
    """dmesg as rsyslog writes it, with and without the kernel's stamp."""
    out, bare = [], []
    for line in path.read_text(errors="surrogateescape").splitlines():
        stamp, _, text = line[1:].partition("] ")
        t = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(1795300000 + float(stamp)))
        us = stamp.strip().split(".")[1]
        out.append(f"{t}.{us}+00:00 {host} kernel: [{stamp}] {text}")
        bare.append(f"{t}+00:00 {host} kernel: {text}")
    return "\n".join(out) + "\n", "\n".join(bare) + "\n"


def copies(folder):
    log = pathlib.Path("fixtures/lab/6.1.0-56-cloud-amd64/many-small-vs-big/dmesg.txt")
    db = folder / "copies.db"
    syslog, bare = lines_of(log)
    run("ingest", "--db", db, log)
    first = ids(db)
    (folder / "syslog").write_text(syslog, errors="surrogateescape")
    (folder / "messages").write_text(bare, errors="surrogateescape")
    for name in ("syslog", "messages"):
        run("ingest", "--db", db, folder / name)
        must(f"ids after {name}", ids(db), first)
    for event in stored(db):
        must("host", event["host"], "web1")
        must("time is known", event["time"] is not None, True)
        must("sources", len(event["sources"]), 3)
    other, _ = lines_of(log, "web2")
    (folder / "other").write_text(other, errors="surrogateescape")
    run("ingest", "--db", db, folder / "other")
    must("events of two hosts", len(ids(db)), 2 * len(first))
    half = folder / "half.db"
    run("ingest", "--db", half, folder / "messages")
    run("store", "merge", db, "--db", half)
    must("merged", len(ids(half)), 2 * len(first))


def rotation(folder):
    log = pathlib.Path("fixtures/lab/6.1.0-56-cloud-amd64/many-small-vs-big/dmesg.txt").read_bytes()
    db, syslog = folder / "rotation.db", folder / "kern.log"
    cut = log.index(b"invoked oom-killer", len(log) // 2)
    cut = log.rindex(b"\n", 0, cut) + 1
    syslog.write_bytes(log[:cut])

    def ingest(*names):
        return run("ingest", "--db", db, *(folder / name for name in names)).split("\n")[0]

    ingest("kern.log")
    must("again", ingest("kern.log"), "0 new, 0 completed, 0 known; 1 of 1 files unchanged")
    with open(syslog, "ab") as f:
        f.write(log[cut:])
    ingest("kern.log")
    whole = ids(db)
    os.rename(syslog, folder / "kern.log.1")
    syslog.write_bytes(b"[    1.000000] Linux version 6.1.0 (x)\n")
    must("renamed", ingest("kern.log", "kern.log.1"), "0 new, 0 completed, 0 known; 1 of 2 files unchanged")
    shutil.copyfile(folder / "kern.log.1", folder / "kern.log.2")
    with open(folder / "kern.log.1", "wb"):
        pass
    must("copied and truncated", ingest("kern.log.1", "kern.log.2"),
         "0 new, 0 completed, 0 known; 1 of 2 files unchanged")
    with gzip.open(folder / "kern.log.3.gz", "wb") as f:
        f.write(log)
    run("ingest", "--db", db, folder / "kern.log.3.gz")
    must("rotated, and every event once", ids(db), whole)
    # The same inode, size and head, other content: it is read.
    data = bytearray((folder / "kern.log.2").read_bytes())
    at = data.index(b"Killed process 106 ")
    data[at:at + 19] = b"Killed process 906 "
    time.sleep(0.01)
    (folder / "kern.log.2").write_bytes(data)
    must("changed in place", ingest("kern.log.2").endswith("0 of 1 files unchanged"), True)


def same_again(folder):
    """Without the kernel's clock, one file still does not hold one event twice."""
    log = next(pathlib.Path("fixtures").rglob("many-small-vs-big/dmesg.txt"))
    text = [line.partition("] ")[2] for line in log.read_text().splitlines()]
    db, path = folder / "again.db", folder / "again.log"
    for hour in (1, 2, 3):
        with open(path, "a") as f:
            f.writelines(f"2026-01-01T{hour:02}:00:00+00:00 web1 kernel: {line}\n" for line in text)
        run("ingest", "--db", db, path)
        must(f"events after {hour} readings", len(ids(db)), 5 * hour)


def wrong(folder):
    log = pathlib.Path("fixtures/lab/6.1.0-56-cloud-amd64/many-small-vs-big/dmesg.txt")
    db = folder / "wrong.db"
    run("list", "--db", db, code=1)
    run("ingest", "--db", db, "/nonexistent", log, code=3)
    run("ingest", "--db", db, "/nonexistent", code=1)
    run("ingest", "--db", db, code=2)
    run("explain", "--db", db, "0000000", code=1)
    run("explain", "--db", db, "00000", code=1)  # five digits are the name of a file
    run("store", "nothing", "--db", db, code=2)
    run("store", "prune", "--db", db, code=2)
    run("store", "merge", "--db", db, code=2)
    run("list", "--db", db, "--last", "0", code=2)
    event = stored(db)[0]["id"]
    must("a unique prefix", run("explain", "--db", db, "-b", event[:8]).count("\n"), 1)
    rows = json.loads(run("list", "--db", db, "--format", "json"))
    must("schema", rows["schema"], "oomwhy.list/1")
    if jsonschema is not None:
        schema = json.loads(pathlib.Path("docs/schema/oomwhy.list-1.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(rows)
    must("rows", len(rows["rows"]), 5)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="oomwhy-check-"))
    try:
        round_trip(folder)
        copies(folder)
        rotation(folder)
        same_again(folder)
        wrong(folder)
    finally:
        shutil.rmtree(folder)
    print("\n".join(bad[:40]))
    return 1 if bad else 0


sys.exit(main())
