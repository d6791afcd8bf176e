#!/usr/bin/python3
"""A store in trouble: no room, no rights, a lock, damage.  One line says what to do, nothing is
lost, and the next run completes it.  $OOMWHY; OOMWHY_LOCK_S is how long another program writes."""
import contextlib
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

NOBODY = 65534
LOG = "fixtures/lab/6.1.0-56-cloud-amd64/many-small-vs-big/dmesg.txt"
LOCK_S = float(os.environ.get("OOMWHY_LOCK_S", "1.5"))
INSIDE = "OOMWHY_CHECK_MOUNTS"
# In a namespace of his own an ordinary user is called root, and is no other user but that.
IS_ROOT = os.geteuid() == 0 and os.environ.get(INSIDE) != "mapped"
bad = []


def must(what, ok, seen=""):
    if not ok:
        bad.append(f"{what}: {seen}")


class Place:
    """A directory with the program and a log, in which an ordinary user does everything."""

    def __init__(self, folder):
        self.folder = folder
        folder.chmod(0o755)
        self.program = shutil.copy(os.environ["OOMWHY"], folder / "oomwhy")
        self.log = shutil.copy(LOG, folder / "log")
        os.chmod(self.program, 0o755)
        os.chmod(self.log, 0o644)
        self.stores = 0

    def run(self, *args):
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if IS_ROOT else {}
        return subprocess.run([self.program, *map(str, args)], capture_output=True, text=True,
                              timeout=120 + LOCK_S, check=False, **user)

    def store(self):
        self.stores += 1
        folder = self.folder / str(self.stores)
        folder.mkdir()
        if IS_ROOT:
            os.chown(folder, NOBODY, NOBODY)
        db = folder / "t.db"
        self.good(db, "5 new")
        return db

    def good(self, db, says, log=None):
        done = self.run("ingest", "--db", db, log or self.log)
        must(f"{db}: ingest", done.returncode == 0 and done.stdout.startswith(says),
             (done.stdout, done.stderr))
        self.sound(db)

    def sound(self, db, events=5):
        done = self.run("store", "check", "--db", db)
        must(f"{db}: check", f"sound: {events} events" in done.stdout, (done.stdout, done.stderr))

    def fails(self, what, db, says, *command):
        done = self.run(*(command or ("ingest", "--db", db, self.log)))
        error = done.stderr
        must(what, done.returncode == 1 and says in error and str(db) in error
             and error.count("\n") == 1, (done.returncode, done.stdout, error))


def beside(db, tail):
    return db.with_name(db.name + tail)


def rights(place):
    """What another owner, or chmod, took away is named; what is there is still read."""
    db = place.store()
    for tail in ("-wal", "-shm"):
        beside(db, tail).unlink()
    db.parent.chmod(0o555)
    place.fails("a directory that is read-only", db, "right to write")
    place.sound(db)
    place.fails("a store to make in it", db.with_name("new.db"), "Permission denied; give another",
                "ingest", "--db", db.with_name("new.db"), place.log)
    db.parent.chmod(0o755)
    place.good(db, "0 new")
    for tail in ("-wal", "-shm"):
        db = place.store()
        beside(db, tail).chmod(0)
        place.fails(f"a {tail} that is not ours", db, "end in -wal and -shm")
        beside(db, tail).chmod(0o640)
        place.good(db, "0 new")
    db = place.store()
    db.chmod(0)
    place.fails("a store that is not ours", db, "Permission denied")
    db.chmod(0o640)
    place.good(db, "0 new")


def no_file(place):
    db = place.folder / "pipe"
    os.mkfifo(db, 0o666)
    place.fails("a pipe", db, "no regular file")
    place.fails("a pipe, to read", db, "no regular file", "list", "--db", db)
    place.fails("a directory", place.folder, "is a directory", "list", "--db", place.folder)


def locked(place):
    """Who waits gets it; who reads does not wait."""
    db = place.store()
    ready, over = threading.Event(), threading.Event()

    def hold():
        with contextlib.closing(sqlite3.connect(db, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            ready.set()
            time.sleep(LOCK_S)
            over.set()
            other.execute("ROLLBACK")

    holder = threading.Thread(target=hold)
    holder.start()
    ready.wait()
    place.sound(db)
    must("it was read while another wrote", holder.is_alive())
    more = place.folder / "more"
    more.write_text(pathlib.Path(LOG).read_text() + "[  999.000000] one line more\n")
    waited = place.run("ingest", "--db", db, more)
    must("ingest waits", waited.returncode == 0, waited.stderr)
    must("... until the other is done", over.is_set())
    holder.join()


def damage(place):
    """A file that was cut or written over is told from one that can be used."""
    for what, spoil in (
            ("noise", lambda f, size: (f.seek(0), f.write(os.urandom(size)))),
            ("noise behind its first page",
             lambda f, size: (f.seek(4096), f.write(b"\xa5" * (size - 4096)))),
            ("half of it", lambda f, size: f.truncate(size // 2 // 4096 * 4096 + 100)),
            ("half a header", lambda f, size: f.truncate(50))):
        db = place.store()
        with contextlib.closing(sqlite3.connect(db)) as settle:
            settle.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for tail in ("-wal", "-shm"):
            beside(db, tail).unlink(missing_ok=True)
        with open(db, "r+b") as f:
            spoil(f, db.stat().st_size)
        place.fails(what, db, "damaged", "store", "check", "--db", db)
        db.rename(db.with_name("away.db"))
        for tail in ("-wal", "-shm"):
            beside(db, tail).unlink(missing_ok=True)
        place.good(db, "5 new")


def many(path, hours):
    text = pathlib.Path(LOG).read_text()
    text = text[text.rindex("\n", 0, text.index("invoked oom-killer")) + 1:]
    lines = [line.partition("] ")[2] for line in text.splitlines()]
    with open(path, "w") as f:
        for hour in range(hours):
            stamp = f"2026-01-{1 + hour // 24:02}T{hour % 24:02}:00:00+00:00 web1 kernel: "
            f.writelines(stamp + line + "\n" for line in lines)


def full_disk(place):
    """Sizes at which it fails while the store is made, at its first events, and after a commit."""
    disk, log = place.folder / "disk", place.folder / "hours"
    disk.mkdir()
    many(log, 100)
    for kib in (16, 128, 320, 1024, 2048, 4096):
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k,mode=0777", "none", disk],
                       check=True)
        db = disk / "t.db"
        kept = place.run("ingest", "--db", db, place.log).returncode == 0
        place.fails(f"a disk of {kib} KiB", db, "make room, and do it again",
                    "ingest", "--db", db, log)
        if kept:
            done = place.run("store", "check", "--db", db)
            must(f"{kib} KiB: what was stored is there", done.returncode == 0 and
                 int(done.stdout.split()[1]) >= 5, (done.stdout, done.stderr))
        subprocess.run(["mount", "-o", "remount,size=64m", "none", disk], check=True)
        for _ in range(2):
            place.run("ingest", "--db", db, place.log)
            done = place.run("ingest", "--db", db, log)
            must(f"{kib} KiB and room again", done.returncode == 0, done.stderr)
        place.sound(db, 500)
        subprocess.run(["umount", disk], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=0777", "none", disk], check=True)
    place.good(disk / "t.db", "5 new")
    subprocess.run(["mount", "-o", "remount,ro", "none", disk], check=True)
    place.fails("a disk that is read-only", disk / "t.db", "right to write")
    place.sound(disk / "t.db")


def with_mounts():
    """This check again, where what is mounted is seen by nobody else; None: not possible here."""
    space = ["unshare", "-m" if IS_ROOT else "-rm"]
    try:
        subprocess.run([*space, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True,
                       check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    inside = os.environ | {INSIDE: "root" if IS_ROOT else "mapped"}
    return subprocess.run([*space, sys.executable, __file__], env=inside, check=False).returncode


def main():
    inside = INSIDE in os.environ
    folder = pathlib.Path(tempfile.mkdtemp(prefix="oomwhy-check-"))
    try:
        place = Place(folder)
        for check in (full_disk,) if inside else (rights, no_file, locked, damage):
            check(place)
    finally:
        if inside:
            subprocess.run(["umount", folder / "disk"], capture_output=True, check=False)
        shutil.rmtree(folder)
    print("\n".join(bad[:40]), end="\n" if bad else "")
    if bad or inside:
        return 1 if bad else 0
    code = with_mounts()
    if code is None:
        print("no full disk: nothing can be mounted here; all else is as it should be")
        return 77
    return code


sys.exit(main())
