#!/usr/bin/python3
"""Compressed logs, archives and directories: what is in them is found, whatever they are
called, and what cannot be read is named.  The program is $OOMWHY."""
import bz2
import gzip
import io
import json
import lzma
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

LOG = pathlib.Path("fixtures/lab/6.1.0-56-cloud-amd64/many-small-vs-big/dmesg.txt").read_bytes()
bad = []


def run(*args):
    done = subprocess.run([os.environ["OOMWHY"], *map(str, args)], capture_output=True, check=False,
                          env={**os.environ, "TZ": "UTC"})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def parse(path, code=0):
    got, out, said = run("parse", "--facts", path)
    expect(got == code, f"{path}: exit {got}, not {code}: {said}")
    return [json.loads(line) for line in out.splitlines()], said


def expect(good, what):
    if not good:
        bad.append(what)


def facts(events):
    return [(e["id"], [(s["first_line"], s["last_line"]) for s in e["sources"]]) for e in events]


def tar(members, mode="w"):
    to = io.BytesIO()
    with tarfile.open(fileobj=to, mode=mode) as t:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                info.size = len(content)
                t.addfile(info, io.BytesIO(content))
            else:
                info.type, info.linkname = content
                t.addfile(info)
    return to.getvalue()


def compressed(top, want):
    for name, content in {"gz": gzip.compress(LOG), "xz": lzma.compress(LOG), "bz2": bz2.compress(LOG),
                          "two.gz": gzip.compress(LOG[:20000]) + gzip.compress(LOG[20000:]),
                          "gz.xz": lzma.compress(gzip.compress(LOG))}.items():
        path = top / ("as." + name + ".txt")
        path.write_bytes(content)
        expect(facts(parse(path)[0]) == want, f"{path.name}: not what the plain log tells")
    for tool in "zstd", "lz4":
        if shutil.which(tool):
            path = top / tool
            path.write_bytes(subprocess.run([tool, "-q", "-c"], input=LOG, capture_output=True, check=True).stdout)
            expect(facts(parse(path)[0]) == want, f"{tool}: not what the plain log tells")
    hole = top / "hole.gz"  # must not be taken for an empty tar
    hole.write_bytes(gzip.compress(bytes(1 << 20) + b"\n" + LOG))
    expect(len(parse(hole)[0]) == len(want), "a log behind a hole of NULs is lost")


def archives(top, want):
    path = top / "a.tar"
    path.write_bytes(tar([("/etc/../x/one.log", LOG), ("../two", gzip.compress(LOG)), ("dir", (tarfile.DIRTYPE, "")),
                          ("link", (tarfile.SYMTYPE, "/etc/passwd")), ("hard", (tarfile.LNKTYPE, "../two")),
                          ("\x1b[2J\xe9", LOG), ("db", b"\1\2\3\0" * 500)]))
    events, _ = parse(path)
    expect(facts(events) == 3 * want, "tar: not every member once")
    expect(events[0]["sources"][0]["path"].endswith("a.tar:/etc/../x/one.log"), "tar: a member's name")
    expect("\x1b" not in json.dumps(events, ensure_ascii=False), "tar: an escape in a name")
    told = json.loads(run("explain", "--format=json", path)[1])
    source = told["searched"]["sources"][0]
    expect((source["members"], source["members_passed"]) == (3, 1), f"tar: counts {source}")
    expect(all(len(e["sources"]) == 3 for e in told["events"]), "tar: explain tells a kill more than once")

    nested = LOG
    for depth in range(1, 6):
        nested = tar([(f"level{depth}", nested)], "w:gz")
        path = top / "nested"
        path.write_bytes(nested)
        events, said = parse(path, 0 if depth < 5 else 1)
        expect(facts(events) == (want if depth < 5 else []), f"{depth} tars inside each other")
        expect(depth < 5 or "inside each other" in said, f"{depth} tars: {said}")

    path = top / "z"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("a/b.log", LOG)
    expect(facts(parse(path)[0]) == want, "zip")
    raw = bytearray(path.read_bytes())
    raw[6] |= 1  # "is encrypted", in the header in front of the member
    path.write_bytes(raw)
    expect("encrypted" in parse(path, 1)[1], "zip: an encrypted member is not named")
    for name, content in ("empty.zip", b"PK\5\6" + bytes(18)), ("empty.tar.gz", gzip.compress(bytes(10240))), \
            ("empty.gz", gzip.compress(b"")):
        (top / name).write_bytes(content)
        expect(parse(top / name)[0] == [], name)


def damaged(top):
    big = LOG * 20
    path = top / "cut"
    for pack in gzip.compress, lzma.compress:
        path.write_bytes(pack(big + os.urandom(300000).hex().encode())[:-60000])
        events, said = parse(path, 3)
        expect(len(events) >= 5 and "at byte" in said, f"{pack}: cut: {len(events)} events, {said}")
    whole = tar([("one", big), ("two", big)])
    path.write_bytes(whole[:len(whole) * 3 // 4])
    events, said = parse(path, 3)
    expect("cut:two: at byte" in said, f"tar: cut: {said}")
    header = bytearray(tar([("x", b"")])[:512])
    header[124:136] = b"77777777777\0"  # 8 GiB
    header[148:156] = b"        "
    header[148:156] = b"%06o\0 " % sum(header)
    path.write_bytes(bytes(header) + LOG)
    expect(len(parse(path, 3)[0]) == 5, "tar: a member that claims 8 GiB")
    (top / "j.tar").write_bytes(tar([("system.journal", b"LPKSHHRH" + bytes(300)), ("log", LOG)]))
    events, said = parse(top / "j.tar", 3)
    expect(len(events) == 5 and "system.journal" in said, f"a journal in a tar: {said}")


def sosreport(top):
    base = "sosreport-web-01-2026-01-01-abcdefg/"
    (top / "sos.tar.xz").write_bytes(tar([
        (base + "etc/hostname", b"web-01.example.com\n"), (base + "etc/other", LOG),
        (base + "proc/stat", b"cpu 1 2\nbtime 1767225600\n"),
        (base + "sos_commands/kernel/dmesg", LOG), (base + "var/log/messages-20260101.gz", gzip.compress(LOG)),
    ], "w:xz"))
    events, _ = parse(top / "sos.tar.xz")
    expect(len(events) == 10 and all(e["host"] == "web-01" for e in events), "sosreport: host")
    expect((events[0]["time"] or "").startswith("2026-01-01T00:00:0"), f"sosreport: time {events[0]['time']}")
    (top / "early.tar").write_bytes(tar([
        (base + "sos_commands/kernel/dmesg", LOG), (base + "etc/hostname", b"db-02\n"),
        (base + "var/log/messages", LOG)]))
    hosts = [e["host"] for e in parse(top / "early.tar")[0]]
    expect(hosts == ["web-01"] * 5 + ["db-02"] * 5, f"sosreport: a log before the host: {hosts}")
    told = json.loads(run("explain", "--format=json", top / "sos.tar.xz")[1])
    expect(len(told["events"]) == 5, "sosreport: a kill more than once")


def directories(top, want):
    logs = top / "logs"
    (logs / "sub").mkdir(parents=True)
    lines = LOG.splitlines(keepends=True)
    (logs / "messages").write_bytes(b"".join(lines[600:]))
    (logs / "messages.1").write_bytes(b"".join(lines[500:600]))
    (logs / "messages.2.gz").write_bytes(gzip.compress(b"".join(lines[400:500])))
    (logs / "messages-20260101.xz").write_bytes(lzma.compress(b"".join(lines[:400])))
    (logs / "sub" / "picture").write_bytes(bytes(range(256)) * 20)
    (logs / "sub" / "loop").symlink_to("..")
    os.mkfifo(logs / "pipe")
    events, _ = parse(logs)
    expect([e["id"] for e in events] == [w[0] for w in want], f"a rotated log: {len(events)} events")
    expect(all(e["completeness"] == "full" for e in events), "a report cut by rotation is not whole")
    expect(any(len(e["sources"]) == 2 for e in events), "a report in two files does not name them")
    told = json.loads(run("explain", "--format=json", logs)[1])
    expect(told["searched"]["files_passed"] == 1, "a picture is not passed over")


def named(top, want):
    """The files of a rotated log in the order in which a shell names them, or any other."""
    logs = top / "named"
    logs.mkdir()
    lines = LOG.splitlines(keepends=True)
    files = [logs / name for name in ("kern.log-20260101.xz", "kern.log.10.gz", "kern.log.2.gz", "kern.log.1", "kern.log")]
    cuts = [0, 400, 500, 600, 650, len(lines)]
    for i, path in enumerate(files):
        content = b"".join(lines[cuts[i]:cuts[i + 1]])
        pack = {".gz": gzip.compress, ".xz": lzma.compress}.get(path.suffix, bytes)
        path.write_bytes(pack(content))
    ids = [w[0] for w in want]
    other = logs / "other"
    other.write_bytes(b"".join(lines[:400]))
    for order in sorted(files), files, files[::-1], [files[4], other, *files[:4]]:
        got, out, said = run("parse", "--facts", *order)
        events = [json.loads(line) for line in out.splitlines()]
        whole = [e for e in events if e["completeness"] == "full"]
        expect(got == 0 and [e["id"] for e in whole if "other" not in e["sources"][0]["path"]] == ids,
               f"{[p.name for p in order]}: {len(whole)} whole events, {said}")
        db = logs / "db"
        got, _, said = run("ingest", "--db", db, *order)
        told = json.loads(run("list", "--db", db, "--format=json")[1])
        expect(got == 0 and sorted(e["id"] for e in told["rows"]) == sorted(ids), f"ingest {[p.name for p in order]}: {told}, {said}")
        for left in logs.glob("db*"):
            left.unlink()
    # Not of one log, twice the same, of a kind that was named, one that is not there.
    expect(len(parse(logs / "kern.log.1")[0]) >= 1, "one alone")
    for args in [files[3], files[3]], ["--source=text", *files[2:4]], [files[0], files[2], logs / "kern.log.3"]:
        told = json.loads(run("explain", "--format=json", *args)[1])
        names = [s["path"] for s in told["searched"]["sources"]]
        expect(len(names) == 2, f"{args}: read as {names}")


def main():
    with tempfile.TemporaryDirectory() as name:
        top = pathlib.Path(name)
        (top / "plain").write_bytes(LOG)
        want = facts(parse(top / "plain")[0])
        expect(len(want) == 5, "the plain log")
        compressed(top, want)
        archives(top, want)
        damaged(top)
        sosreport(top)
        directories(top, want)
        named(top, want)
    print("\n".join(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
