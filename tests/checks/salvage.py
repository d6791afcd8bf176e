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
import shutil
import subprocess
import sys
import tempfile

OOMWHY = os.path.abspath(os.environ["OOMWHY"])
REMOTE = "/lib/systemd/systemd-journal-remote"
LOG = "fixtures/lab/6.1.0-56-cloud-amd64/many-small-vs-big/dmesg.txt"
LAYOUTS = {"compact": {}, "old": {"SYSTEMD_JOURNAL_COMPACT": "0", "SYSTEMD_JOURNAL_KEYED_HASH": "0"}}
BOOTS = 6
CUTS, HOLES, HOLE = 20, 10, 16 << 10


def export():
    out = []
    with open(LOG, encoding="utf-8", errors="replace") as log:
        lines = [m for m in map(re.compile(r"\[ *(\d+)\.(\d+)\] (.*)").match, log) if m]
    for boot in range(BOOTS):
        for m in lines:
            us = int(m[1]) * 1000000 + int(m[2])
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


def parse(*args):
    got = subprocess.run([OOMWHY, "parse", *map(str, args)], capture_output=True, text=True, check=False)
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
    ids = {e["id"] for e in events}
    broken = folder / "hole.journal"
    for k in range(HOLES):
        at = (ends[0][0] + (ends[-1][1] - HOLE - ends[0][0]) * k // HOLES) // 8 * 8
        broken.write_bytes(whole[:at] + random.Random(k).randbytes(HOLE) + whole[at + HOLE:])
        code, found, said = parse("--thorough", broken)
        outside = sum(end <= at or begin >= at + HOLE for begin, end in ends)
        # One at its end may go with it: nothing says any more that an object begins there.  Of one
        # at its beginning the head is there, and some of its fields.
        assert code == 3 and outside - 2 <= recovered(said) <= outside + 1, (k, outside, said)
        assert sum(e["id"] in ids for e in found) >= len(events) * 3 // 4, (k, len(found))


def headless(folder, whole, events):
    for name, damage in (("zeros.journal", bytes(256)), ("noise.journal", bytes(range(256)))):
        path = folder / name
        path.write_bytes(damage + whole[256:])
        code, found, said = parse(path)
        assert code == 3 and recovered(said) == len(entries_of(whole)), (name, said)
        assert [e["id"] for e in found] == [e["id"] for e in events], name
        # Without a head nothing proves whose lines they are.
        assert all(e["trust"] == "text" for e in found), name


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
    return 0


sys.exit(main())
