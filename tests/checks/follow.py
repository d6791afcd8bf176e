"""ingest --follow: at once, once, again after a kill, asleep when there is nothing."""
import contextlib
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, "tests")
from follow import OOMWHY, Follower, burst, count, log_lines, wait_for # noqa: E402

EVENTS = 5


def wrong_use(db):
    for args, word in ((["--follow", "--db", db, "/dev/null"], "can be followed"),
                       (["--exec", "true", "/dev/null"], "--exec goes with --follow"),
                       (["--follow", "--db", db, "kmsg:x"], "descriptor")):
        got = subprocess.run([OOMWHY, "ingest", *args], capture_output=True, text=True, check=False)
        assert got.returncode in (1, 2) and word in got.stderr, (args, got)


def at_once_and_once(top):
    db, told = f"{top}/a.db", f"{top}/told"
    hook = f"{top}/hook"
    with open(hook, "w", encoding="ascii") as f:
        f.write(f"#!/bin/sh\ncat >>'{told}'\n")
    os.chmod(hook, stat.S_IRWXU)
    f = Follower(db, "--exec", hook)
    lines = log_lines()
    f.say_log(lines)
    # The last record is a kill line, and nothing comes after it.
    wait_for(lambda: count(db) == EVENTS, 5)
    wait_for(lambda: os.path.exists(told) and open(told, encoding="utf-8").read().count("\n") == EVENTS)
    f.run.kill()
    f.run.wait()
    # Killed before late lines were waited for: read again, and known.
    f = Follower(db)
    f.say_log(lines)
    f.say(lines[-1][0] + 2000000, "oom_reaper: reaped process 162 (apache2), now anon-rss:0kB, "
          "file-rss:0kB, shmem-rss:0kB")
    wait_for(lambda: count(db, "victims WHERE reaped") == 1, 12)
    assert f.stop() == 0
    assert count(db) == EVENTS and count(db, "victims") == EVENTS
    with contextlib.closing(sqlite3.connect(db)) as link:
        position = link.execute("SELECT value FROM settings WHERE name LIKE 'position%'").fetchone()[0]
    assert position.endswith(f":{len(lines) + 2}"), position


def told(db):
    out = subprocess.run([OOMWHY, "explain", "--last", "100", "--all", "--format=json",
                          "--db", db], stdout=subprocess.PIPE,
                         check=True).stdout
    return json.loads(out)["events"]


def somebody_was_there(top):
    """Of what happens while it follows it saw the machine; of what is history it did not."""
    db = f"{top}/seen.db"
    f = Follower(db)
    wait_for(lambda: os.path.exists(db))
    time.sleep(0.5)
    lines = log_lines()
    late = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000 - lines[-1][0]
    lines = [(at + late, line) for at, line in lines]
    f.say_log(lines)
    wait_for(lambda: count(db) == EVENTS, 5)
    assert f.stop() == 0
    events = told(db)
    assert len(events) == EVENTS
    for event in events:
        seen = event["witness"]
        assert seen["mem_total_kb"] > 0 and seen["processes"] > 1, seen
        assert seen["overcommit_memory"] is not None and seen["oom_kill"] is not None, seen
        sizes = [s["rss_kb"] for s in seen["survivors"]]
        assert sizes and sizes == sorted(sizes, reverse=True), sizes
    text = subprocess.run([OOMWHY, "explain", "--last", "1", "--db", db], stdout=subprocess.PIPE, check=True).stdout
    assert b"SEEN AT THE TIME" in text and b"The largest left were " in text
    # The same from its log: the event is known, and stays seen.
    log = f"{top}/seen.log"
    with open(log, "w", encoding="utf-8") as out:
        for at, line in lines:
            out.write(f"[{at // 1000000:5d}.{at % 1000000:06d}] {line}\n")
    got = subprocess.run([OOMWHY, "ingest", "--db", db, log], stdout=subprocess.PIPE, check=True).stdout
    assert got.startswith(b"0 new"), got
    assert all(event["witness"] for event in told(db))
    past = f"{top}/past.db"
    subprocess.run([OOMWHY, "ingest", "--db", past, log], stdout=subprocess.DEVNULL, check=True)
    assert not any(event["witness"] for event in told(past))
    late_db = f"{top}/late.db"
    f = Follower(late_db)
    wait_for(lambda: os.path.exists(late_db))
    time.sleep(0.5)
    f.say_log([(at - 3600000000, line) for at, line in lines])
    wait_for(lambda: count(late_db) == EVENTS, 5)
    assert f.stop() == 0
    assert not any(event["witness"] for event in told(late_db))


def names_read_again(top):
    """SIGHUP: the names of services of now; a file that is wrong leaves those of before."""
    db, rules, told_to = f"{top}/names.db", f"{top}/services.conf", f"{top}/names.json"
    hook = f"{top}/names.hook"
    with open(hook, "w", encoding="ascii") as f:
        f.write(f"#!/bin/sh\ncat >>'{told_to}'\n")
    os.chmod(hook, stat.S_IRWXU)
    for names in ("before = apache2", "now = apache2", "wrong"):
        with open(rules, "w", encoding="ascii") as out:
            out.write(names + "\n")
        if names.startswith("before"):
            f = Follower(db, "--rules", rules, "--exec", hook)
            time.sleep(0.5)
        else:
            f.run.send_signal(signal.SIGHUP)
            time.sleep(0.3)
    f.say_log(log_lines())
    wait_for(lambda: os.path.exists(told_to) and open(told_to, encoding="utf-8").read().count("\n") == EVENTS)
    assert f.stop() == 0
    text = open(told_to, encoding="utf-8").read()
    assert '"now"' in text and '"before"' not in text


def what_it_said_when_it_died(top):
    """The parts of a dump are one log, taken once in a boot, however often the follower begins."""
    db, pstore = f"{top}/died.db", f"{top}/pstore"
    os.mkdir(pstore)
    with open("fixtures/era/panic-system-wide-5.15/input.log", "rb") as log:
        lines = log.readlines()
    third = len(lines) // 3
    for part, chunk in ((3, lines[:third]), (2, lines[third:2 * third]), (1, lines[2 * third:])):
        with open(f"{pstore}/dmesg-efi-17000000010{part}001", "wb") as out:
            out.write(b"Panic#1 Part%d\n" % part + b"".join(b"<4>" + line for line in chunk))
    for _ in range(2):
        f = Follower(db, f"pstore:{pstore}")
        time.sleep(0.5)  # it listens to signals
        wait_for(lambda: count(db, "events WHERE outcome='panic' AND completeness='full'") == 1)
        assert f.stop() == 0
    assert count(db) == 1 and told(db)[0]["witness"] is None
    os.rename(pstore, f"{top}/later")
    os.mkdir(pstore)
    with open(f"{pstore}/dmesg-efi-170000000201001", "wb") as out:
        out.write(b"Panic#2 Part1\n<4>[ 9.000000] Out of memory: Killed process 7 (late)\n")
    f = Follower(db, f"pstore:{pstore}")
    time.sleep(0.5)
    assert f.stop() == 0 and count(db) == 1, "it was looked at in this boot already"


def locked_store(top):
    db = f"{top}/locked.db"
    f = Follower(db)
    # That it listens is what it stores first.
    wait_for(lambda: count(db, "settings") > 0)
    time.sleep(0.3)
    other = sqlite3.connect(db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    f.say_log(log_lines())
    time.sleep(1.5)
    assert f.run.poll() is None and count(db) == 0
    other.execute("ROLLBACK")
    other.close()
    f.kernel.close()
    assert f.run.wait(90) == 0, "the end of its source ends it"
    assert count(db) == EVENTS


def lost(top):
    db = f"{top}/lost.db"
    f = Follower(db)
    f.say(1, "one")
    f.seq += 41
    f.say(2, "two")
    wait_for(lambda: count(db, "gaps WHERE lost=41") == 1)
    assert f.stop() == 0


def at_rest(top):
    db = f"{top}/rest.db"
    f = Follower(db)
    said = burst(f, 3)
    wait_for(lambda: f.kernel.getsockopt(1, 4) == 0) # SO_ERROR: it is there
    time.sleep(0.5)
    before = f.status("voluntary_ctxt_switches")
    time.sleep(3)
    woken = f.status("voluntary_ctxt_switches") - before
    rss = f.status("VmRSS")
    assert woken == 0, f"woken {woken} times in 3 s"
    if "ASAN_OPTIONS" not in os.environ:  # sanitizers take more
        assert rss <= 10240, f"{rss} kB resident"
    f.seq += 1
    f.say(900000000, "the record before is lost, and no other")
    wait_for(lambda: count(db, "gaps") == 1)
    assert count(db, "gaps WHERE lost=1") == 1, f"of {said} some were lost"
    assert f.stop(2) == 0


def main():
    with tempfile.TemporaryDirectory() as top:
        wrong_use(f"{top}/none.db")
        at_once_and_once(top)
        somebody_was_there(top)
        names_read_again(top)
        what_it_said_when_it_died(top)
        locked_store(top)
        lost(top)
        at_rest(top)
    return 0


sys.exit(main())
