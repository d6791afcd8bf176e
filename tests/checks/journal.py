"""Journals: several hosts and boots in one, forged entries, damage that libsystemd does not tell."""
import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

OOMWHY = os.environ["OOMWHY"]
REMOTE = "/lib/systemd/systemd-journal-remote"
LOG = "fixtures/lab/6.1.0-56-cloud-amd64/many-small-vs-big/dmesg.txt"
KILL = "Out of memory: Killed process 7 (%s) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB"
HOSTS = [("web-1", "0" * 31 + "1"), ("web-1", "0" * 31 + "2"), ("db-1", "0" * 31 + "3")]


def entry(us, real, boot, host, text, **fields):
    fields = {"_TRANSPORT": "kernel", "SYSLOG_FACILITY": "0", "SYSLOG_IDENTIFIER": "kernel"} | fields
    lines = {"__REALTIME_TIMESTAMP": real, "__MONOTONIC_TIMESTAMP": us, "_BOOT_ID": boot,
             "_SOURCE_MONOTONIC_TIMESTAMP": us, "_MACHINE_ID": boot, "_HOSTNAME": host,
             "PRIORITY": 4} | fields | {"MESSAGE": text}
    return "".join(f"{k}={v}\n" for k, v in lines.items()) + "\n"


def export():
    out, real = [], 1767225600000000
    with open(LOG, encoding="utf-8", errors="replace") as log:
        lines = [m for m in map(re.compile(r"\[ *(\d+)\.(\d+)\] (.*)").match, log) if m]
    for host, boot in HOSTS:
        for m in lines:
            us = int(m[1]) * 1000000 + int(m[2])
            out.append(entry(us, real + us, boot, host, m[3]))
        real += 86400000000
    boot, real = HOSTS[2][1], real + 1
    # Anybody may write these, and a journal says so.
    out.append(entry(90000000, real, boot, "db-1", KILL % "forged", SYSLOG_FACILITY="1"))
    out.append(entry(90000001, real + 1, boot, "db-1", KILL % "forged", _TRANSPORT="syslog",
                     SYSLOG_FACILITY="3", SYSLOG_IDENTIFIER="evil"))
    out.append(entry(90000002, real + 2, boot, "db-1", "Missed 12 kernel messages",
                     _TRANSPORT="driver"))
    out.append(entry(90000003, real + 3, boot, "db-1", KILL % "true"))
    return "".join(out)


def run(*args, stdin=subprocess.DEVNULL):
    return subprocess.run([OOMWHY, *args], capture_output=True, text=True, stdin=stdin, check=False)


def events(*args, code=0, stdin=subprocess.DEVNULL):
    got = run("parse", *args, stdin=stdin)
    assert got.returncode == code, (args, got.returncode, got.stderr)
    return [json.loads(line) for line in got.stdout.splitlines()], got.stderr


def packed(made, top, want):
    """In archives, as a sosreport has it; also sparse, where a tar holds no zeros."""
    name = "sosreport-db-1-2026-01-01-abcdefg/var/log/journal/1/system.journal"
    os.makedirs(f"{top}/pack/{os.path.dirname(name)}")
    with open(made, "rb") as f, open(f"{top}/pack/{name}", "wb") as to:
        whole = f.read()
        for at in range(0, len(whole), 4096):
            block = whole[at:at + 4096]
            to.seek(at)
            if block.strip(b"\0"):
                to.write(block)
        to.truncate(len(whole))
    with tarfile.open(f"{top}/a.tar.xz", "w:xz") as t:
        t.add(f"{top}/pack/{name}", name)
    with zipfile.ZipFile(f"{top}/a.zip", "w", zipfile.ZIP_DEFLATED) as z:
        z.write(made, "system.journal")
    subprocess.run(["tar", "-S", "-C", f"{top}/pack", "-cf", f"{top}/sparse.tar", name], check=True)
    with gzip.open(f"{top}/system.journal.gz", "wb") as z:
        z.write(whole)
    for archive in "a.tar.xz", "a.zip", "sparse.tar", "system.journal.gz":
        got, _ = events(f"{top}/{archive}")
        assert len(got) == want, (archive, len(got))
        path = got[0]["sources"][0]["path"]
        assert path.endswith("system.journal" if "gz" not in archive else ".gz"), path
    # Cut, and behind it a log: of that member what is there is read, and it is named.
    with tarfile.open(f"{top}/cut.tar", "w") as t:
        info = tarfile.TarInfo("cut.journal")
        info.size = len(whole) // 2
        t.addfile(info, io.BytesIO(whole))
        t.add(LOG, "log")
    got, said = events(f"{top}/cut.tar", code=3)
    assert len(got) > 5 and "cut.tar:cut.journal: damaged: " in said and "were recovered" in said, said


def main():
    if not os.path.exists(REMOTE):
        print("systemd-journal-remote is not here")
        return 77
    with tempfile.TemporaryDirectory() as top:
        made = f"{top}/made.journal"
        if "libsystemd" in run("parse", f"journal:{top}").stderr:
            print("libsystemd is not here")
            return 77
        subprocess.run([REMOTE, "-o", made, "-"], input=export(), text=True, check=True,
                       capture_output=True)
        found, _ = events(made)
        plain, _ = events(LOG)
        ids = [e["id"] for e in plain]
        assert [e["id"] for e in found][:-1] == ids * 3, "the events of three boots, in order"
        assert {(e["host"], e["boot_id"]) for e in found} == set(HOSTS)
        assert all(e["trust"] == "kernel" for e in found)
        assert found[-1]["victims"][0]["comm"] == "true", "the forged ones are none"
        assert all(v["comm"] != "forged" for e in found for v in e["victims"])
        total = json.loads(run("explain", "--format=json", made).stdout)["searched"]
        assert "12" in json.dumps(total), total

        with open(made, "rb") as f:
            assert len(events("-", stdin=f)[0]) == len(found), "standard input"
        os.mkdir(f"{top}/remote")
        shutil.copy(made, f"{top}/remote/remote-db.journal")
        assert len(events(f"journal:{top}")[0]) == len(found), "what two files hold is told once"

        packed(made, top, len(found))

        # A file that is cut is refused whole, and one that is empty is none.
        with open(made, "rb") as f, open(f"{top}/remote/cut.journal", "wb") as cut:
            cut.write(f.read(3000000))
        open(f"{top}/empty.journal", "wb").close()
        kept, said = events(f"journal:{top}", code=3)
        assert len(kept) == len(found) and "more files" in said, said
        assert "damaged" in events(f"{top}/remote/cut.journal", code=1)[1]

        # A hole in the middle: libsystemd ends there and says nothing.
        hole = f"{top}/hole.journal"
        shutil.copy(made, hole)
        with open(hole, "r+b") as f:
            f.seek(136) # tail_object_offset
            f.seek(int.from_bytes(f.read(8), "little") - (200 << 10))
            f.write(b"\xa5" * (64 << 10))
        got = run("parse", hole)
        assert got.returncode == 3 and "could not be read" in got.stderr, got.stderr
        os.chmod(f"{top}/remote", 0)
        if not os.access(f"{top}/remote", os.R_OK):
            assert "group systemd-journal" in events(f"journal:{top}/remote", code=1)[1]
        os.chmod(f"{top}/remote", 0o700)
    return 0


sys.exit(main())
