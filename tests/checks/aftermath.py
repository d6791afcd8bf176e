#!/usr/bin/python3
"""What became of the unit, in a store that has the kill from two logs.  The program is $OOMWHY."""
import json
import os
import re
import subprocess
import sys
import tempfile

LOG = "fixtures/aftermath/journal/input.log"


def run(*args):
    done = subprocess.run([os.environ["OOMWHY"], *args], capture_output=True, check=False, env={**os.environ, "TZ": "UTC"})
    assert done.returncode == 0, (args, done)
    return done.stdout.decode()


def after(db):
    event, = json.loads(run("explain", "--db", db, "--format=json", "--last=9"))["events"]
    return [(a["what"], a["counter"], a["line"] is not None) for a in event["aftermath"] if a["unit"] == "mysql.service"]


def main():
    with open(LOG, encoding="utf-8") as f:
        lines = f.readlines()
    kernel = [line for line in lines if " kernel: " in line]
    want = ["unit-oom-killed", "unit-exited", "unit-failed", "unit-restarted"]
    with tempfile.TemporaryDirectory() as top:
        whole, bare = f"{top}/messages", f"{top}/kern.log"
        for path, some in ((whole, lines), (bare, kernel)):
            with open(path, "w", encoding="utf-8") as f:
                f.writelines(some)
        for first, second in ((whole, bare), (bare, whole)):
            db = f"{top}/{os.path.basename(first)}.db"
            run("ingest", "--year=2026", "--db", db, first)
            assert len(after(db)) == (4 if first == whole else 0), after(db)
            run("ingest", "--year=2026", "--db", db, second)
            assert [what for what, _, _ in after(db)] == want and after(db)[3][1] == 3, after(db)
            run("store", "reparse", "--db", db)
            assert [what for what, _, _ in after(db)] == want, after(db)
            text = run("explain", "--utc", "--db", db, "--last=1")
            assert "mysql.service failed 0.799 s later and was started again by systemd (restart 3)" in \
                re.sub(r"\s+", " ", text), text
    return 0


sys.exit(main())
