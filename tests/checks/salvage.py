#!/usr/bin/python3
"""Journals that are cut, overwritten or without a head: what is whole in their bytes is read.

The bytes are counted here once more, by a walk over the objects of the file as it was before.
$OOMWHY.
"""
import json
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile

OOMWHY = os.path.abspath(os.environ["OOMWHY"])
REMOTE = "/lib/systemd/systemd-journal-remote"
LOG = "fixtures/lab/6.1.0-56-cloud-amd64/many-small-vs-big/dmesg.txt"
LAYOUTS = {"compact": {}, "old": {"SYSTEMD_JOURNAL_COMPACT": "0", "SYSTEMD_JOURNAL_KEYED_HASH": "0"}}
BOOTS = 6
CUTS, HOLES, HOLE = 20, 10, 64 << 10
COMPACT = 16


def export():
    out = []
    with open(LOG, encoding="utf-8", errors="replace") as log:
        lines = [m for m in map(re.compile(r"\[ *(\d+)\.(\d+)\] (.*)").match, log) if m]
    for boot in range(BOOTS):
        for m in lines:
            # No two boots are alike, or a file would hold their fields only once.
            us = int(m[1]) * 1000000 + int(m[2]) + boot * 7
            out.append(f"__REALTIME_TIMESTAMP={1767225600000000 + boot * 86400000000 + us}\n"
                       f"__MONOTONIC_TIMESTAMP={us}\n_BOOT_ID={boot:032x}\n_TRANSPORT=kernel\n"
                       "SYSLOG_FACILITY=0\nSYSLOG_IDENTIFIER=kernel\nPRIORITY=4\n_HOSTNAME=web1\n"
                       f"_SOURCE_MONOTONIC_TIMESTAMP={us}\nMESSAGE={m[3]} in boot {boot}\n\n")
    return "".join(out)


def entries_of(whole):
    """Where each entry of a file begins and ends."""
    at, out = int.from_bytes(whole[88:96], "little"), []
    while at < len(whole) and whole[at] != 0:
        size = int.from_bytes(whole[at + 8:at + 16], "little")
        if whole[at] == 3:
            out.append((at, at + size))
        at += (size + 7) // 8 * 8
    return out


def message_of(whole, begin, end):
    """Where the message of an entry begins and ends."""
    compact = int.from_bytes(whole[12:16], "little") & COMPACT
    step, size, head = (4, 4, 72) if compact else (16, 8, 64)
    for item in range(begin + 64, end, step):
        at = int.from_bytes(whole[item:item + size], "little")
        if whole[at + head:at + head + 8] == b"MESSAGE=":
            return at, at + int.from_bytes(whole[at + 8:at + 16], "little")
    raise AssertionError("an entry without a message")


def parse(*args, **options):
    got = subprocess.run([OOMWHY, "parse", *map(str, args)], capture_output=True, text=True, check=False,
                         timeout=120, **options)
    found = [json.loads(line) for line in got.stdout.splitlines()]
    return got.returncode, found, got.stderr


def facts(event):
    """Without what depends on which entries of the file were counted before it."""
    return re.sub(r'"[a-z_]*line": [0-9]+', '""', json.dumps({k: v for k, v in event.items() if k != "sources"}))


def recovered(said):
    m = re.search(r"(\d+) (?:of \d+ )?entries were recovered", said)
    assert m, said
    return int(m[1])


def cuts(folder, whole, events):
    ends = entries_of(whole)
    known = {facts(e) for e in events}
    cut = folder / "cut.journal"
    most = 0
    for k in range(1, CUTS + 1):
        at = ends[0][0] + (ends[-1][1] - ends[0][0]) * k // (CUTS + 1)
        cut.write_bytes(whole[:at])
        code, found, said = parse(cut)
        want = sum(end <= at for _, end in ends)
        assert code == 3 and recovered(said) == want, (at, want, said)
        assert len(found) >= most, "more bytes, fewer events"
        most = len(found)
        # The one that is cut is told as far as it goes; all others are what they were.
        assert sum(facts(e) not in known for e in found) <= 1, at
        assert all(e["trust"] == "kernel" for e in found), at
    assert most > len(events) // 2


def holes(folder, whole, events):
    ends = entries_of(whole)
    boot, same = len(ends) // BOOTS, 0
    broken = folder / "hole.journal"
    for k in range(HOLES):
        at = (ends[0][0] + (ends[-1][1] - HOLE - ends[0][0]) * k // HOLES) // 8 * 8
        broken.write_bytes(whole[:at] + random.Random(k).randbytes(HOLE) + whole[at + HOLE:])
        code, found, said = parse("--thorough", broken)
        there = [e for e in ends if all(end <= at or begin >= at + HOLE
                                        for begin, end in (e, message_of(whole, *e)))]
        # One at its end may go with it: nothing says any more that an object begins there.  Of one
        # at its beginning the head is there, and some of its fields.
        got = recovered(said) if "recovered" in said else len(ends)
        assert len(there) - 2 <= got <= len(there) + 1, (k, len(there), said)
        # Where no entry is lost, it may be that only what leads to them was.
        assert code == (3 if len(there) < len(ends) else code) and code in (0, 3), (k, code)
        # What was said in boots before and after, or before the damage, is told as it was.
        gone = [i for i, e in enumerate(ends) if e not in there]
        found = {facts(e) for e in found}
        for e in events:
            last = e["sources"][0]["last_line"] - 1
            if not any(last - last % boot <= i <= last for i in gone):
                assert facts(e) in found, (k, e["id"], e["time"])
                same += 1
    assert same > HOLES * len(events) * 3 // 4, same


def headless(folder, whole, events):
    first = entries_of(whole)[0][0] // 8 * 8
    for name, damage, trust in (("zeros.journal", bytes(256), "kernel"),
                                ("noise.journal", bytes(range(256)), "kernel"),
                                ("page.journal", bytes(4096), "kernel"),
                                # Without the table of hashes nothing proves whose lines they are.
                                ("tables.journal", bytes(48 << 10), "text")):
        if len(damage) > first:
            continue
        path = folder / name
        path.write_bytes(damage + whole[len(damage):])
        code, found, said = parse(path)
        assert code == 3 and recovered(said) == len(entries_of(whole)), (name, said)
        assert [e["id"] for e in found] == [e["id"] for e in events], name
        assert all(e["trust"] == trust for e in found), name
    # Flags that no systemd sets: libsystemd refuses the file, and nothing is lost of it.
    path = folder / "flags.journal"
    path.write_bytes(whole[:12] + b"\xff" * 4 + whole[16:])
    code, found, said = parse(path)
    assert code == 0 and [facts(e) for e in found] == [facts(e) for e in events], said


def emptied(folder, whole):
    """What cannot be had is not promised."""
    path = folder / "emptied.journal"
    path.write_bytes(whole[:272] + bytes(len(whole) - 272))
    for args, hint in ((), True), (("--thorough",), False):
        code, found, said = parse(*args, path)
        assert code == 1 and found == [] and "entries could not be read" in said, (code, said)
        assert ("--thorough" in said) == hint, said


def crowd(folder, whole, events):
    """More damaged files than may be open: what cannot be read is named, and the rest is read."""
    many = folder / "many"
    many.mkdir()
    end = entries_of(whole)[-1][1]
    for i in range(40):
        (many / f"system@{i:02}.journal").write_bytes(whole[:end - 8 * i - 8])
    code, found, said = parse(f"journal:{many}")
    assert code == 3 and "and 39 more damaged files" in said, said
    assert len(found) == len(events)
    code, found, said = parse(f"journal:{many}",
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24)))
    assert code == 3 and "Too many open files" in said, said
    assert len(found) == len(events)
    shutil.rmtree(many)


def sparse(folder, whole, events):
    """A hole costs no time, however long it is."""
    path = folder / "sparse.journal"
    path.write_bytes(whole[:entries_of(whole)[-1][1] - 16])
    try:
        os.truncate(path, 1 << 40)
    except OSError:
        return
    code, found, _ = parse("--thorough", path)
    assert code == 3 and [facts(e) for e in found[:-1]] == [facts(e) for e in events[:len(found) - 1]]
    path.unlink()


def without_library(folder, made, events):
    """A system that has no libsystemd."""
    none = folder / "lib"
    none.mkdir(exist_ok=True)
    (none / "libsystemd.so.0").write_bytes(b"")
    env = os.environ | {"LD_LIBRARY_PATH": str(none)}
    code, found, said = parse(made, env=env)
    assert code == 0 and [facts(e) for e in found] == [facts(e) for e in events], said
    (folder / "none.journal").write_bytes(bytes(4096))
    code, found, said = parse(folder / "none.journal", env=env)
    assert code == 1 and found == [] and "none.journal: damaged" in said, (code, said)


def copies(folder, whole, events):
    """A damaged copy beside the file: what both have is told once."""
    both = folder / "both"
    both.mkdir()
    (both / "system.journal").write_bytes(whole)
    end = entries_of(whole)[-1][1]
    (both / "system@1.journal").write_bytes(whole[:end - (end - entries_of(whole)[0][0]) // 3])
    code, found, _ = parse(f"journal:{both}")
    assert code == 3 and [facts(e) for e in found] == [facts(e) for e in events]
    code, found, _ = parse("--thorough", f"journal:{both}")
    assert code == 3 and [facts(e) for e in found] == [facts(e) for e in events]
    shutil.rmtree(both)


def main():
    if not os.path.exists(REMOTE):
        print("systemd-journal-remote is not here")
        return 77
    with tempfile.TemporaryDirectory() as top:
        folder = pathlib.Path(top)
        if "libsystemd" in parse(f"journal:{top}")[2]:
            print("libsystemd is not here")
            return 77
        for name, settings in LAYOUTS.items():
            made = folder / f"{name}.journal"
            subprocess.run([REMOTE, "-o", made, "-"], input=export(), text=True, check=True,
                           capture_output=True, env=os.environ | settings)
            whole = made.read_bytes()
            code, events, said = parse(made)
            assert code == 0 and len(events) == 5 * BOOTS, said
            code, again, said = parse("--thorough", made)
            assert code == 0 and again == events, said
            cuts(folder, whole, events)
            holes(folder, whole, events)
            headless(folder, whole, events)
            copies(folder, whole, events)
            emptied(folder, whole)
            crowd(folder, whole, events)
            sparse(folder, whole, events)
            without_library(folder, made, events)
    return 0


sys.exit(main())
