#!/usr/bin/python3
"""What a store that knows many kills says of one.  The program is $OOMWHY."""
import datetime
import json
import os
import subprocess
import sys
import tempfile

BEGIN = datetime.datetime(2026, 3, 1, 2, 15, tzinfo=datetime.timezone.utc)


def run(*args):
    done = subprocess.run([os.environ["OOMWHY"], *args], capture_output=True, check=False, env={**os.environ, "TZ": "UTC"})
    assert done.returncode == 0, (args, done)
    return done.stdout.decode()


def kill(when, host, comm, pid, kb):
    return (f"{when.isoformat()} {host} kernel: Out of memory: Killed process {pid} ({comm}) total-vm:{2 * kb}kB, "
            f"anon-rss:{kb}kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:100kB oom_score_adj:0\n")


def history():
    """A service that leaks, one that dies at night, and one that died once."""
    lines = []
    for i in range(12):
        lines.append(kill(BEGIN + datetime.timedelta(hours=6 * i), "web1", "leaky", 100 + i, 1900000 + 1000 * (i % 3)))
    for i in range(8):
        lines.append(kill(BEGIN + datetime.timedelta(days=i + i // 3, minutes=i), "web1", "nightly", 500 + i,
                          800000 + 90000 * (i * 3 % 5)))
    lines.append(kill(BEGIN, "web2", "once", 900, 5000))
    lines.append(kill(BEGIN + datetime.timedelta(minutes=9), "web2", "leaky", 901, 5000))
    return "".join(sorted(lines))


def says(db, victim, host):
    rows = json.loads(run("list", "--db", db, "--format=json", f"--victim={victim}", f"--host={host}"))["rows"]
    one = json.loads(run("explain", "--db", db, "--format=json", rows[0]["id"]))["events"][0]
    text = run("explain", "--db", db, rows[0]["id"])
    page = run("explain", "--db", db, "--format=html", rows[0]["id"])
    for sentence in one["trend"]["says"]:
        assert sentence in " ".join(text.split()), (sentence, text)
        assert sentence in page, sentence
    return one["trend"]


def main():
    with tempfile.TemporaryDirectory() as top:
        db, log = f"{top}/a.db", f"{top}/kern.log"
        with open(log, "w", encoding="ascii") as out:
            out.write(history())
        assert json.loads(run("parse", log).splitlines()[0])["trend"] is None
        run("ingest", "--db", db, log)
        leak = says(db, "leaky", "web1")
        assert (leak["kills"], leak["number"], leak["period_us"]) == (12, 12, 6 * 3600 * 10**6), leak
        assert leak["size"] == "steady" and 300000 < leak["growth_kb_hour"] < 330000, leak
        assert "6 h 0 min" in leak["says"][1] and "a leak or a cache" in leak["says"][2], leak
        night = says(db, "nightly", "web1")
        assert (night["kills"], night["hour"], night["in_hour"]) == (8, 2, 8), night
        assert any("between 02:00 and 04:00" in s for s in night["says"]), night
        once = says(db, "once", "web2")
        assert once["says"] == ["This is the only time that once of web2 was killed, as far as the store knows."], once
        hidden = run("explain", "--db", db, "--redact", "--last=1")
        assert "BEFORE AND SINCE" in hidden and "web1" not in hidden and "nightly" not in hidden, hidden
    return 0


sys.exit(main())
