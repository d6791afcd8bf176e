#!/usr/bin/python3
"""Compressed logs that are cut off or damaged: what is found in them is what the format's own
tool gives of them, and what is not given is told.  The program is $OOMWHY."""
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

LAB = pathlib.Path("fixtures/lab/6.1.0-56-cloud-amd64")
LOG = b"".join((LAB / guest / "dmesg.txt").read_bytes()
               for guest in ("many-small-vs-big", "weird-victims", "adj-change", "memcg-names", "memcg-pair"))
PIECES = 20
bad = []

# Small blocks, where the tool has them: else the whole log is one, and all or nothing is decoded.
TOOLS = {
    "gz": (["gzip", "-9"], ["gzip", "-dc"]),
    "xz": (["xz"], ["xz", "-dc"]),
    "blocks.xz": (["xz", "--block-size=20000"], ["xz", "-dc"]),
    "zst": (["zstd", "-q"], ["zstd", "-q", "-dc"]),
    "lz4": (["lz4", "-q", "-B4", "-BD"], ["lz4", "-q", "-dc"]),
    "bz2": (["bzip2", "-1"], ["bzip2", "-dc"]),
}


def expect(good, what):
    if not good:
        bad.append(what)


def pipe(argv, data):
    return subprocess.run(argv, input=data, capture_output=True, check=False).stdout


def parse(path):
    done = subprocess.run([os.environ["OOMWHY"], "parse", "--facts", path], capture_output=True,
                          check=False, env={**os.environ, "TZ": "UTC"})
    events = [json.loads(line) for line in done.stdout.splitlines()]
    return ([(e["id"], e["completeness"], [(s["first_line"], s["last_line"]) for s in e["sources"]])
             for e in events], done.returncode, done.stderr.decode())


class Log:
    """A file that is written again and again."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "log"

    def read(self, content):
        self.path.write_bytes(content)
        return parse(self.path)


def decoded(said):
    """How many bytes it had when the stream broke."""
    at = re.search(r"at byte (\d+): ", said)
    return int(at.group(1)) if at else -1


def cut(log, name, packed, unpack):
    found = []
    for i in range(1, PIECES):
        piece = packed[:len(packed) * i // PIECES]
        got, code, said = log.read(piece)
        n, tool = decoded(said), len(pipe(unpack, piece))
        where = f"{name}, cut at {i}/{PIECES}, {n} bytes"
        expect(n >= tool, f"{where}: the tool gives {tool}")
        expect(got == log.read(LOG[:n])[0], f"{where}: other events")
        expect(code == (3 if n > 0 else 1) and "cut off" in said, f"{where}: exit {code}, {said}")
        found.append(len(got))
    expect(found == sorted(found), f"{name}: less of a longer piece: {found}")
    return found


def damage(log, name, packed, unpack):
    for i in range(1, PIECES, 3):
        at = len(packed) * i // PIECES
        broken = bytearray(packed)
        broken[at] ^= 0x55
        plain = pipe(unpack, bytes(broken))
        got, code, said = log.read(bytes(broken))
        n = decoded(said)
        where = f"{name}, byte {at} is wrong, {n} bytes"
        expect(code == (3 if n > 0 else 1), f"{where}: exit {code}, {said}")
        expect(n >= len(plain), f"{where}: the tool gives {len(plain)}")
        # What is decoded of a broken block of bzip2 is its lines in a wild order: they may say
        # something of a report before it.
        intact = len(os.path.commonprefix([plain, LOG]))
        want = {e[0] for e in log.read(LOG[:intact])[0][:-1]}
        lost = want - {e[0] for e in got}
        expect(len(lost) <= (name == "bz2"), f"{where}: other events than the tool's: {lost}")


def one_format(log, name, packing, unpack):
    want, _, _ = log.read(LOG)
    packed = pipe(packing, LOG)
    if name == "zst":
        packed = b"".join(pipe(packing, LOG[i:i + 20000]) for i in range(0, len(LOG), 20000))
    expect(log.read(packed)[:2] == (want, 0), f"{name}: not what the plain log tells")
    found = cut(log, name, packed, unpack)
    expect(0 < found[PIECES // 2] < len(want), f"{name}: a half gives {found}")
    damage(log, name, packed, unpack)

    # The sum at the end is wrong: all was decoded before that is known.
    if name != "blocks.xz":
        broken = bytearray(packed)
        broken[-5 if name == "gz" else -2] ^= 1
        got, code, said = log.read(bytes(broken))
        expect(got == want and code == 3, f"{name}, wrong sum: {len(got)} events, exit {code}, {said}")
    head = log.read(packed[:12])
    expect(head[0] == [] and head[1] == 1, f"{name}, only its header: {head}")

    half = len(LOG) // 2
    two = pipe(packing, LOG[:half]) + pipe(packing, LOG[half:])
    for what, after, code in ("two", b"", 0), ("NULs behind it", bytes(1024), 0), \
            ("something behind it", b"plain text\n", 3):
        got, exit_code, said = log.read(two + after)
        expect((got, exit_code) == (want, code), f"{name}, {what}: {len(got)} events, exit {exit_code}, {said}")
    empty = pipe(packing, b"")
    expect(log.read(empty)[:2] == ([], 0), f"{name}: of nothing")
    expect(log.read(empty + packed)[:2] == (want, 0), f"{name}: nothing, then a log")


def large_windows(log):
    """What needs more memory than one log may is refused, and named."""
    want, _, _ = log.read(LOG)
    for name, packing, code in ("xz", ["xz", "--lzma2=dict=128MiB"], 0), ("xz", ["xz", "--lzma2=dict=129MiB"], 1), \
            ("zstd", ["zstd", "-q", "--ultra", "--long=27"], 0), ("zstd", ["zstd", "-q", "--ultra", "--long=28"], 1):
        # A window is as large as is asked for only where the size is not known.
        got, exit_code, said = log.read(pipe(packing, LOG))
        expect(exit_code == code and len(got) == (0 if code else len(want)), f"{packing}: exit {exit_code}, {said}")
        expect(code == 0 or name + ":" in said, f"{packing}: {said}")


def skippable(log):
    want, _, _ = log.read(LOG)
    frame = b"\x5a\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"\x1f\x8b\x08\0"
    for name in "zst", "lz4":
        packed = pipe(TOOLS[name][0], LOG)
        for content in frame + packed, frame + frame + packed + frame, packed + frame + packed[:0]:
            expect(log.read(content)[:2] == (want, 0), f"{name}: frames to be skipped")


def flushed(data):
    pack = zlib.compressobj(wbits=31)
    return pack.compress(data) + pack.flush(zlib.Z_SYNC_FLUSH)


def blocks_of_gzip(log):
    """Flushed by whoever wrote it, and never ended: as a daemon's log is after a crash."""
    got, code, said = log.read(flushed(LOG))
    expect(got == log.read(LOG)[0] and code == 3 and "cut off" in said, f"gzip, flushed: {code}, {said}")


def members(log):
    """Of a member that breaks, all is given that was there of it."""
    to = io.BytesIO()
    with tarfile.open(fileobj=to, mode="w") as t:
        for name in "one", "two":
            info = tarfile.TarInfo(name)
            info.size = len(LOG)
            t.addfile(info, io.BytesIO(LOG))
    tar = to.getvalue()
    start = tar.index(LOG, len(LOG)) if tar.count(LOG) == 2 else -1
    expect(start > len(LOG), "tar: two members")
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("one", LOG)
    packed = to.getvalue()
    body = 30 + len("one")
    for i in range(1, PIECES):
        n = start + len(LOG) * i // PIECES
        for how, piece in ("tar", tar[:n]), ("tar.gz", flushed(tar[:n])), ("tar.zst", pipe(["zstd", "-q"], tar[:n])):
            got, code, said = log.read(piece)
            expect(code == 3 and decoded(said) == n - start and "two: at byte" in said, f"{how}, cut at {n}: {code}, {said}")
            expect(len(got) == len(log.read(LOG)[0]) + len(log.read(LOG[:n - start])[0]), f"{how}, cut at {n}: {len(got)}")
        n = len(packed) * i // PIECES
        got, code, said = log.read(packed[:n])
        want = zlib.decompressobj(-15).decompress(packed[body:n])
        if len(want) < len(LOG):
            expect(code == 3 and decoded(said) == len(want), f"zip, cut at {n}: not {len(want)}, {code}, {said}")
            expect(got == log.read(want)[0], f"zip, cut at {n}: other events")
    # What breaks in a zip takes with it no more than came of a KiB.
    broken = bytearray(packed)
    broken[len(packed) // 2:len(packed) // 2 + 64] = bytes(range(64))
    got, code, said = log.read(bytes(broken))
    want = zlib.decompressobj(-15).decompress(packed[body:len(packed) // 2 - 1024])
    expect(code == 3 and decoded(said) >= len(want), f"zip, damaged: not {len(want)}, {code}, {said}")
    broken = bytearray(packed)
    for at in 14, packed.index(b"PK\1\2") + 16:  # the sum in both headers
        broken[at] ^= 1
    got, code, said = log.read(bytes(broken))
    expect((got, code) == (log.read(LOG)[0], 3) and "CRC" in said, f"zip, wrong sum: {code}, {said}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        log = Log(folder)
        expect(len(log.read(LOG)[0]) > 40, "the plain log")
        for name, (packing, unpack) in TOOLS.items():
            one_format(log, name, packing, unpack)
        large_windows(log)
        skippable(log)
        blocks_of_gzip(log)
        members(log)
    print("\n".join(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
