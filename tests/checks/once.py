#!/usr/bin/python3
"""One kill is one event, whatever tells of it and in whatever order; two are two.  $OOMWHY."""
import gzip
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

OOMWHY = os.path.abspath(os.environ["OOMWHY"])
LOG = pathlib.Path("fixtures/lab/6.1.0-56-cloud-amd64/many-small-vs-big/dmesg.txt")
KILLS = 5
BOOTED = 1795300000
HOUR = 3600
bad = []


def run(*args):
    done = subprocess.run([OOMWHY, *map(str, args)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        bad.append(f"{args}: exit {done.returncode}: {done.stderr}")
    return done.stdout


def ingest(db, *paths, zone="UTC"):
    for path in paths:
        run("ingest", "--db", db, "--year", 2026, "--tz", zone, path)


def stored(db):
    return json.loads(run("explain", "--db", db, "--last", 9999, "--format", "json"))["events"]


def must(what, got, want):
    if got != want:
        bad.append(f"{what}: {got}, not {want}")


def records():
    """Seconds since boot, and what the kernel said then."""
    out = []
    for line in LOG.read_text().splitlines():
        stamp, _, text = line[1:].partition("] ")
        out.append((float(stamp), text))
    return out


def reports():
    """From the first report on: without what tells of a boot."""
    all_of_it = records()
    first = next(i for i, (_, text) in enumerate(all_of_it) if "invoked oom-killer" in text)
    return all_of_it[first:]


def syslog(lines, stamped, host="web1", booted=BOOTED):
    return "".join(
        time.strftime("%b %e %H:%M:%S", time.gmtime(booted + at)) + f" {host} kernel: " +
        (f"[{at:12.6f}] " if stamped else "") + text + "\n" for at, text in lines)


def dmesg_t(lines, drift):
    return "".join(time.strftime("[%a %b %e %H:%M:%S %Y] ", time.gmtime(BOOTED + at + drift)) +
                   text + "\n" for at, text in lines)


def export(lines):
    return "".join(
        f"__CURSOR=s=aa;i={i:x}\n__REALTIME_TIMESTAMP={int((BOOTED + at) * 1e6) + 350}\n"
        f"__MONOTONIC_TIMESTAMP={int(at * 1e6) + 120}\n_BOOT_ID={'1' * 32}\n"
        f"_SOURCE_MONOTONIC_TIMESTAMP={round(at * 1e6)}\n_TRANSPORT=kernel\n_HOSTNAME=web1\n"
        f"PRIORITY=4\nSYSLOG_IDENTIFIER=kernel\nMESSAGE={text}\n\n"
        for i, (at, text) in enumerate(lines))


def every_teller(folder):
    """dmesg, dmesg -T that runs ahead or behind, syslog, journal and compressed copies."""
    lines = records()
    texts = {"dmesg": LOG.read_text(), "syslog": syslog(lines, True), "bare": syslog(lines, False),
             "journal": export(lines), "ahead": dmesg_t(lines, 2), "behind": dmesg_t(lines, -2)}
    for name, text in texts.items():
        (folder / name).write_text(text)
    for name in ("syslog", "journal"):
        (folder / f"{name}.gz").write_bytes(gzip.compress(texts[name].encode()))
    names = [*texts, "syslog.gz", "journal.gz"]
    shuffled = random.Random(4)
    for turn in range(6):
        db = folder / f"{turn}.db"
        shuffled.shuffle(names)
        for _ in range(2):
            ingest(db, *(folder / name for name in names))
            must(f"sources of each kill after {names}",
                 [len(event["sources"]) for event in stored(db)], [len(names)] * KILLS)


def two_hosts(folder):
    """The very same lines, of two machines."""
    db = folder / "hosts.db"
    for stamped in (True, False):
        for host in ("web1", "web2"):
            path = folder / f"{host}-{stamped}"
            path.write_text(syslog(records(), stamped, host))
            ingest(db, path)
        hosts = sorted(event["host"] for event in stored(db))
        must("kills of two hosts", hosts, ["web1"] * KILLS + ["web2"] * KILLS)


def same_pids_again(folder):
    """In one boot: the pids have come round, and the sizes are the same."""
    lines = reports()
    later = [(at + HOUR, text) for at, text in lines]
    for stamped in (True, False):
        db, path = folder / f"pids-{stamped}.db", folder / f"pids-{stamped}"
        path.write_text(syslog(lines, stamped) + syslog(later, stamped))
        for copy in (path, path.with_suffix(".copy")):
            if copy != path:
                copy.write_text("-- a line more\n" + path.read_text())
            ingest(db, copy)
            must(f"kills of pids used twice, stamped {stamped}", len(stored(db)), 2 * KILLS)


def the_hour_twice(folder):
    """Of Berlin's longest night the hour from 02:00 came twice, and each had its kills."""
    lines = [(at - reports()[0][0], text) for at, text in reports()]
    begin = 1792888200  # 2026-10-25 00:30 UTC: 02:30 of summer time
    for second in (45 * 60, 50 * 60):  # 02:15 and 02:20 of winter time: the clock has gone back
        for size in ("anon-rss:16364kB", "anon-rss:16368kB"):  # as large as before, or nearly
            db, path = folder / f"{second}{size[-4:]}.db", folder / f"{second}{size[-4:]}"
            first = syslog(lines, False, booted=begin)
            again = syslog(lines, False, booted=begin + second - HOUR)
            both = (first + again.replace("anon-rss:16364kB", size)).replace(" 00:", " 02:")
            must("times of that hour", both.count("Oct 25 02:"), 2 * len(lines))
            path.write_text(both)
            for _ in range(2):
                ingest(db, path, zone="Europe/Berlin")
            shutil.copy(path, path.with_suffix(".1"))
            ingest(db, path.with_suffix(".1"), zone="Europe/Berlin")
            must(f"kills of an hour that came twice, {size}", len(stored(db)), 2 * KILLS)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="oomwhy-check-"))
    try:
        for check in (every_teller, two_hosts, same_pids_again, the_hour_twice):
            check(folder)
    finally:
        shutil.rmtree(folder)
    print("\n".join(bad[:40]), end="\n" if bad else "")
    return 1 if bad else 0


sys.exit(main())
