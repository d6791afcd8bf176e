#!/usr/bin/python3
"""What a second reading costs, in bytes that were read: nothing for what is known, and for what
has grown not much more than what is new.  $OOMWHY."""
import gzip
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

OOMWHY = os.path.abspath(os.environ["OOMWHY"])
NOISE = 40000  # lines between reports: some 3 MB
bad = []


def stamped(at, text):
    return b"[%12.6f] %s\n" % (at, text)


def report(at):
    log = next(pathlib.Path("fixtures").rglob("many-small-vs-big/dmesg.txt")).read_bytes()
    first = float(log[1:log.index(b"]")])
    return re.sub(rb"^\[ *(\d+\.\d+)\]", lambda m: b"[%12.6f]" % (float(m[1]) - first + at), log,
                  flags=re.M)


def noise(at):
    return b"".join(stamped(at + i / 100, b"eth0: link is up, 1000 Mb/s, full duplex, line %d" % i)
                    for i in range(NOISE))


def ingest(db, *paths):
    """Its first line, and the bytes of logs that it read, from read() and pread()."""
    trace = str(db) + ".trace"
    done = subprocess.run(["strace", "-qq", "-y", "-e", "trace=read,pread64", "-o", trace, OOMWHY, "ingest",
                           "--db", db, *paths], stdout=subprocess.PIPE, check=True,
                          env=os.environ | {"LSAN_OPTIONS": "detect_leaks=0"})  # not under ptrace
    total = 0
    for line in pathlib.Path(trace).read_text(errors="replace").splitlines():
        if re.match(r"p?read(64)?\(\d+<[^>]*\.log", line):
            total += int(line.rsplit("= ", 1)[1].split()[0])
    return done.stdout.decode().split("\n")[0], total


def must(what, fact):
    if not fact:
        bad.append(what)


def rotated(folder):
    """A directory: a report that was cut by rotation is whole, and nothing is read twice."""
    logs, db = folder / "logs", folder / "d.db"
    logs.mkdir()
    text = report(1000).splitlines(keepends=True)
    (logs / "kern.log.1").write_bytes(b"".join(text[:420]))  # inside the first report
    (logs / "kern.log").write_bytes(b"".join(text[420:]))
    (logs / "old.log.gz").write_bytes(gzip.compress(report(90000)))
    said, first = ingest(db, logs)
    must(f"directory: {said}", said.startswith("10 new, 0 completed, 0 known; 0 of 3"))
    said, again = ingest(db, logs)
    must(f"directory again: {said}", said.startswith("0 new, 0 completed, 0 known; 3 of 3"))
    packed = gzip.compress((logs / "kern.log.1").read_bytes())
    (logs / "kern.log.2.gz").write_bytes(packed)
    os.rename(logs / "kern.log", logs / "kern.log.1")
    (logs / "kern.log").write_bytes(stamped(95000, b"usb 1-1: gone"))
    said, _ = ingest(db, logs)
    must(f"directory rotated: {said}", said.startswith("0 new") and " 2 of 4 " in said)


def behind_a_rotation(folder):
    """The last event of the old file may still be waited for: it stays when the new one grows."""
    logs, db = folder / "behind", folder / "b.db"
    logs.mkdir()
    (logs / "kern.log.1").write_bytes(report(1000))
    last = re.findall(rb"^\[ *([\d.]+)\]", report(1000), re.M)[-1]
    (logs / "kern.log").write_bytes(stamped(float(last) + 0.5, b"usb 1-1: here"))
    said, _ = ingest(db, logs)
    must(f"behind: {said}", said.startswith("5 new"))
    with open(logs / "kern.log", "ab") as f:
        f.write(stamped(2000, b"usb 1-1: gone"))
    ingest(db, logs)
    said, _ = ingest(db, logs / "kern.log.1", logs / "kern.log")
    must(f"behind, at last: {said}", said.startswith("0 new, 0 completed, 0 known; 2 of 2"))
    count = subprocess.run([OOMWHY, "list", "--format=json", "--db", db], stdout=subprocess.PIPE,
                           check=False).stdout
    must("behind: an event is gone", count.count(b'"id"') == 5)


def main():
    if shutil.which("strace") is None:
        return 77
    folder = pathlib.Path(tempfile.mkdtemp(prefix="oomwhy-check-"))
    try:
        db, paths = folder / "t.db", []
        for n in range(3):
            paths.append(folder / f"{n}.log")
            paths[n].write_bytes(report(1000 * n) + noise(1000 * n + 200))
        size = sum(path.stat().st_size for path in paths)
        said, first = ingest(db, *paths)
        must(f"first: {first} of {size} bytes", first >= size)
        said, again = ingest(db, *paths)
        must(f"again: {said}", said.startswith("0 new, 0 completed, 0 known; 3 of 3 files unchanged"))
        must(f"again: {again} of {first} bytes", again * 20 < first)
        more = report(50000)
        with open(paths[0], "ab") as f:
            f.write(more[:len(more) // 2])
        said, grown = ingest(db, *paths)
        must(f"grown: {grown} bytes", grown < again + len(more) + (64 << 10))
        with open(paths[0], "ab") as f:
            f.write(more[len(more) // 2:] + noise(50300))
        said, whole = ingest(db, *paths)
        must(f"whole: {whole} bytes", len(more) < whole < again + 2 * len(more) + size / 3 + (64 << 10))
        said, last = ingest(db, *paths)
        must(f"at last: {last} bytes: {said}", last <= again and said.startswith("0 new, 0 completed, 0 known;"))
        os.rename(paths[0], folder / "renamed.log")
        shutil.copyfile(paths[1], folder / "copied.log")
        with open(folder / "renamed.log", "ab") as f:
            f.write(stamped(60000, b"usb 1-1: gone"))
        said, moved = ingest(db, folder / "renamed.log", folder / "copied.log")
        must(f"moved: {moved} bytes: {said}", moved < again + (256 << 10) and said.startswith("0 new"))
        rotated(folder)
        behind_a_rotation(folder)
    finally:
        shutil.rmtree(folder)
    print("\n".join(bad))
    return 1 if bad else 0


sys.exit(main())
