#!/usr/bin/python3
"""kill -9 at random moments of `ingest`, over and over: nothing lost, nothing doubled.

$OOMWHY is the program, $CRASH_ROUNDS how often it is killed (500).  After every kill the store
is whole; when a run comes to its end, the store equals that of a run that nobody disturbed.
A fifth as often it is killed over files that grow and are rotated between the runs.
"""
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
ROUNDS = int(os.environ.get("CRASH_ROUNDS", "500"))
SEED = int(os.environ.get("CRASH_SEED", "0")) or random.SystemRandom().randrange(1 << 32)
FILES, COPIES = 6, 4
STAMP = re.compile(rb"^\[ *(\d+)\.(\d{6})\]", re.M)


def later(text, seconds):
    """The same log, some time on: other events."""
    return STAMP.sub(lambda m: b"[%5d.%s]" % (int(m[1]) + seconds, m[2]), text)


def corpus(folder):
    logs = sorted(pathlib.Path("fixtures").rglob("dmesg.txt"))[:3]
    paths = []
    for n in range(FILES):
        path = folder / f"{n}.log"
        parts = [later(log.read_bytes(), 1000 * (n * COPIES + k)) for k in range(COPIES) for log in logs]
        path.write_bytes(b"".join(parts))
        paths.append(str(path))
    return paths + [paths[0]]  # a copy: its events are there already


def ingest(db, paths):
    return [OOMWHY, "ingest", "--db", str(db), *paths]


def remove(db):
    for tail in ("", "-wal", "-shm"):
        pathlib.Path(str(db) + tail).unlink(missing_ok=True)


def content(db):
    """Everything in it but when it was written."""
    link = sqlite3.connect(db)
    out = {}
    for (table,) in link.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall():
        columns = [c[1] for c in link.execute(f"PRAGMA table_info({table})") if c[1] != "stored_s"]
        rows = link.execute(f"SELECT {','.join(columns)} FROM {table}").fetchall()
        out[table] = sorted((row for row in rows if row[0] != "ingested_s"), key=repr)
    link.close()
    return out


def sound(db):
    if not db.exists() or db.stat().st_size == 0:
        return
    link = sqlite3.connect(db, timeout=30)
    link.text_factory = bytes
    if link.execute("PRAGMA integrity_check").fetchone()[0] != b"ok":
        sys.exit("integrity_check failed")
    if link.execute("PRAGMA foreign_key_check").fetchone() is not None:
        sys.exit("foreign_key_check failed")
    try:
        bad = link.execute("SELECT count(*) FROM events e WHERE NOT EXISTS"
                           " (SELECT 1 FROM reports r WHERE r.event=e.event)").fetchone()[0]
        twice = link.execute("SELECT count(*)-count(DISTINCT id) FROM events").fetchone()[0]
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return
    finally:
        link.close()
    if bad or twice:
        sys.exit(f"{bad} events without lines, {twice} twice")


def events(db):
    """What reports say themselves: what others of their boot tell may be in another file."""
    link = sqlite3.connect(db)
    out = sorted(link.execute(
        "SELECT id,mono_us,completeness,line_count,(SELECT group_concat(pid||comm||ifnull(reaped,'')) FROM victims v"
        " WHERE v.event=e.event),(SELECT count(*) FROM tasks t WHERE t.event=e.event) FROM events e"),
        key=repr)
    link.close()
    return out


def grow(rng, whole, folder):
    """More of each log; sometimes it gets another name, or is copied and truncated."""
    for n, text in enumerate(whole):
        path, old = folder / f"{n}.log", folder / f"{n}.log.1"
        done = (old.stat().st_size if old.exists() else 0) + (path.stat().st_size if path.exists() else 0)
        more = text[done:done + rng.randrange(len(text) // 2)]
        with open(path, "ab") as f:
            f.write(more)
        if more and not old.exists() and rng.random() < 0.5:
            with open(path, "ab") as f:  # to the end of a report: a rotation would part it
                at = text.find(b"invoked oom-killer", done + len(more))
                end = text.rfind(b"\n", 0, at) + 1 if at != -1 else len(text)
                f.write(text[done + len(more):end])
            if rng.random() < 0.5:
                os.rename(path, old)
            else:
                shutil.copyfile(path, old)
                os.truncate(path, 0)


def growing(rng, paths, folder):
    quiet, db, live = folder / "quiet2.db", folder / "g.db", folder / "live"
    # Halves of one report without stamps in several files cannot be told apart.
    whole = [b"".join(line + b"\n" for line in pathlib.Path(path).read_bytes().split(b"\n")
                      if STAMP.match(line)) for path in paths[:FILES]]
    kills = ends = 0
    while kills < ROUNDS // 5:
        live.mkdir()
        remove(db)
        for _ in range(rng.randrange(3, 8)):
            grow(rng, whole, live)
            child = subprocess.Popen(ingest(db, sorted(map(str, live.iterdir()))), stdout=subprocess.DEVNULL)
            time.sleep(rng.uniform(0, 0.1))
            child.kill()
            kills += child.wait() != 0
            sound(db)
        for n, text in enumerate(whole):
            old = live / f"{n}.log.1"
            with open(live / f"{n}.log", "ab") as f:
                f.write(text[(old.stat().st_size if old.exists() else 0) + f.tell():])
        subprocess.run(ingest(db, sorted(map(str, live.iterdir()))), check=True, stdout=subprocess.DEVNULL)
        # A rotation may part a report, for any reader: they are read as they lie now.
        remove(quiet)
        subprocess.run(ingest(quiet, sorted(map(str, live.iterdir()))), check=True, stdout=subprocess.DEVNULL)
        if events(db) != events(quiet):
            sys.exit(f"after {kills} kills over growing files the store is not what it would have been")
        shutil.rmtree(live)
        ends += 1
    print(f"{kills} kills over files that grew, {ends} stores brought to their end")


def main():
    rng = random.Random(SEED)
    print(f"seed {SEED}")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="oomwhy-crash-"))
    try:
        paths = corpus(folder)
        quiet, db = folder / "quiet.db", folder / "t.db"
        begin = time.monotonic()
        subprocess.run(ingest(quiet, paths), check=True, stdout=subprocess.DEVNULL)
        whole = time.monotonic() - begin
        want = content(quiet)
        kills = ends = 0
        while kills < ROUNDS:
            child = subprocess.Popen(ingest(db, paths), stdout=subprocess.DEVNULL)
            time.sleep(rng.uniform(0, whole * 0.7))
            child.kill()
            killed = child.wait() != 0
            kills += killed
            sound(db)
            if killed and rng.random() < 0.8:
                continue
            subprocess.run(ingest(db, paths), check=True, stdout=subprocess.DEVNULL)
            if content(db) != want:
                sys.exit(f"after {kills} kills the store is not what it would have been")
            subprocess.run([OOMWHY, "store", "check", "--db", str(db)], check=True,
                           stdout=subprocess.DEVNULL)
            ends += 1
            remove(db)
        growing(rng, paths, folder)
        print(f"{kills} kills, {ends} stores brought to their end, {len(want['events'])} events each")
    finally:
        shutil.rmtree(folder)


main()
