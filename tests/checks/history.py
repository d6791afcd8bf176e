#!/usr/bin/python3
"""Histories of a growing log at random: whatever became of its files, and however often they were
read in between, the store holds what one reading of the whole log gives.  $OOMWHY.

$HISTORY_ROUNDS: how many histories; $HISTORY_SEED: of the first.
"""
import json
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

OOMWHY = os.path.abspath(os.environ["OOMWHY"])
ROUNDS = int(os.environ.get("HISTORY_ROUNDS", "60"))
SEED = int(os.environ.get("HISTORY_SEED", "1"))
BEGIN = 1764900000  # three weeks before a New Year


def run(*args):
    done = subprocess.run([OOMWHY, *map(str, args)], capture_output=True, check=False,
                          env={**os.environ, "TZ": "UTC"})
    if done.returncode != 0:
        sys.exit(f"{args}: exit {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def bodies():
    """Reports as lines of text after the kernel's stamp, with the seconds since their first."""
    out = []
    for path in sorted(pathlib.Path("fixtures").rglob("dmesg.txt")):
        lines = []
        for line in path.read_bytes().split(b"\n"):
            stamp, found, text = line[1:].partition(b"] ")
            try:
                lines.append((float(stamp), text))
            except ValueError:
                continue
            if not found:
                lines.pop()
        killed = re.search(rb"Killed process (\d+) (\([^)]*\))", lines[-1][1]) if lines else None
        if killed is not None:
            lines.append((lines[-1][0] + 2, b"oom_reaper: reaped process %s %s, now anon-rss:0kB, "
                          b"file-rss:0kB, shmem-rss:0kB" % killed.groups()))
        if 20 < len(lines) < 400:
            out.append([(at - lines[0][0], text) for at, text in lines])
    return out


class Log:
    """What a machine writes, in one of the styles of syslog."""

    def __init__(self, rng, reports):
        self.rng, self.reports = rng, rng.sample(reports, len(reports))
        self.style = rng.choice(("iso", "bsd", "dmesg", "bare"))
        self.clock = rng.uniform(0, 2.6e6)
        self.boot_at = self.clock - 5

    def line(self, at, text):
        mono = b"[%12.6f] " % (at - self.boot_at)
        when = time.gmtime(BEGIN + at)
        if self.style == "dmesg":
            return mono + text + b"\n"
        if self.style == "iso":
            return time.strftime("%Y-%m-%dT%H:%M:%S+00:00 web1 kernel: ", when).encode() + mono + text + b"\n"
        stamp = time.strftime("%b %e %H:%M:%S web1 kernel: ", when).encode()
        return stamp + (mono if self.style == "bsd" else b"") + text + b"\n"

    def report(self):
        """Without the kernel's stamp, two kills of one pid, name and size are one."""
        return self.reports.pop() if self.style == "bare" else self.rng.choice(self.reports)

    def more(self):
        """Some more of it: noise, a boot, a report, or all of that."""
        out = []
        for _ in range(self.rng.randrange(1, 4)):
            kind = self.rng.random()
            self.clock += self.rng.choice((0.5, 3, 30, 200, 4000))
            if kind < 0.3:
                for i in range(self.rng.randrange(1, 60)):
                    self.clock += 0.01
                    out.append(self.line(self.clock, b"usb 1-1: new device number %d" % i))
            elif kind < 0.4:
                self.clock += 60
                self.boot_at = self.clock
                out.append(self.line(self.clock, b"Linux version 6.1.0-%d (x)" % self.rng.randrange(90)))
                self.clock += 20
            else:
                begin = self.clock
                for at, text in self.report():
                    self.clock = begin + at
                    out.append(self.line(self.clock, text))
        return b"".join(out)


class History:
    """One log, its files, and the store that is fed from them."""

    def __init__(self, rng, folder, reports):
        self.rng, self.folder = rng, folder
        self.log = Log(rng, reports)
        self.all, self.rest, self.now, self.days = b"", b"", folder / "kern.log", 0
        self.db = folder / "t.db"
        self.now.write_bytes(b"")

    def write(self):
        """Any number of bytes: a line, a report may be cut."""
        self.rest += self.log.more()
        n = len(self.rest) if self.rng.random() < 0.3 else self.rng.randrange(len(self.rest) + 1)
        kill = self.rest.find(b"Killed process")
        if kill != -1 and self.rng.random() < 0.3:  # and before what comes after it
            n = self.rest.find(b"\n", kill) + 1
        with open(self.now, "ab") as f:
            f.write(self.rest[:n])
        self.all += self.rest[:n]
        self.rest = self.rest[n:]

    def old(self):
        return sorted(p for p in self.folder.glob("kern.log[.-]*"))

    def whole_line(self):
        """Who rotates does so between two lines, as loggers do."""
        n = self.rest.find(b"\n") + 1
        if self.all and not self.all.endswith(b"\n") and n > 0:
            with open(self.now, "ab") as f:
                f.write(self.rest[:n])
            self.all += self.rest[:n]
            self.rest = self.rest[n:]

    def shift(self):
        for n in range(20, 0, -1):
            old = self.folder / f"kern.log.{n}"
            if old.exists():
                os.rename(old, self.folder / f"kern.log.{n + 1}")

    def rename(self):
        self.shift()
        os.rename(self.now, self.folder / "kern.log.1")
        self.now.write_bytes(b"")

    def truncate(self):
        self.shift()
        shutil.copyfile(self.now, self.folder / "kern.log.1")
        with open(self.now, "r+b") as f:
            f.truncate(0)

    def date(self):
        day = time.strftime("%Y%m%d", time.gmtime(BEGIN + self.log.clock + 86400))
        self.days += 1
        os.rename(self.now, self.folder / f"kern.log-{day}.{self.days}")
        self.now.write_bytes(b"")

    def rewrite(self):
        """As a compression and its undoing leave it: the content in another file."""
        old = self.old()
        if old:
            path = self.rng.choice(old)
            shutil.copy2(path, self.folder / "new")
            os.rename(self.folder / "new", path)

    def ingest(self):
        files = [self.now, *self.old()]
        self.rng.shuffle(files)
        one_by_one(self.db, files)


def one_by_one(db, files):
    """Named together they are one log where none of them is known, and that tells more of reports
    which a rotation cut, and of boots that began in the file before."""
    for path in files:
        run("ingest", "--db", db, path)


def content(db):
    """What the store says, without where it was read: files change their names."""
    events = json.loads(run("explain", "--db", db, "--last", 9999, "--format", "json"))["events"]
    link = sqlite3.connect(db)
    rows = {row[0]: row[1:] for row in link.execute(
        "SELECT id,kernel,page_size,boot_swap_total_kb,real_us,completeness,line_count FROM events")}
    link.close()
    out = {}
    for event in events:
        if event["id"] in out:
            sys.exit(f"event {event['id']} is there twice")
        victims = [{k: v for k, v in victim.items() if not k.endswith("line")} for victim in event["victims"]]
        out[event["id"]] = (rows.get(event["id"]), json.dumps(victims), len(event["tasks"] or []))
    return out


def play(seed, reports, folder):
    rng = random.Random(seed)
    h = History(rng, folder, reports)
    names = []
    for _ in range(rng.randrange(3, 12)):
        what = rng.choice(("write", "write", "write", "ingest", "ingest", "rotate", "rewrite"))
        if what == "rotate":
            # What a rotation cuts in two is another report in each file, for any reader.
            h.whole_line()
            what = rng.choice(("rename", "truncate", "date"))
        names.append(what)
        getattr(h, what)()
    h.ingest()
    before = content(h.db)
    run("ingest", "--db", h.db, h.now, *h.old())
    if content(h.db) != before:
        return f"seed {seed} ({' '.join(names)}): a reading of the same changes it"
    quiet = folder / "quiet.db"
    one_by_one(quiet, [*h.old(), h.now])
    want = content(quiet)
    if before != want:
        ids = sorted(i for i in before.keys() | want.keys() if before.get(i) != want.get(i))
        return (f"seed {seed} {h.log.style} ({' '.join(names)}): {ids[0]} of {len(want)} differs:\n"
                f"  {before.get(ids[0])}\n  {want.get(ids[0])}")
    return None


def main():
    reports = bodies()
    bad = []
    for seed in range(SEED, SEED + ROUNDS):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="oomwhy-check-"))
        try:
            wrong = play(seed, reports, folder)
        finally:
            shutil.rmtree(folder)
        if wrong:
            bad.append(wrong)
    print("\n".join(bad[:20]))
    print(f"{ROUNDS} histories, {len(bad)} wrong")
    return 1 if bad else 0


sys.exit(main())
