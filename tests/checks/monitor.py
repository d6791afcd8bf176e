#!/usr/bin/python3
"""What other programs get: export, check and report, from the outside.  $OOMWHY."""
import json
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

import jsonschema

OOMWHY = os.path.abspath(os.environ["OOMWHY"])
NEEDED = "OOMWHY_FULL" in os.environ
DAY = 86400
bad = []


def run(*args, code=0, **more):
    done = subprocess.run([OOMWHY, *map(str, args)], capture_output=True, check=False, **more)
    if done.returncode != code:
        bad.append(f"{args}: exit {done.returncode}, not {code}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode()


def must(what, got, want):
    if got != want:
        bad.append(f"{what}: {got!r}, not {want!r}")


def must_have(what, text, *parts):
    for part in parts:
        if part not in text:
            bad.append(f"{what}: no {part!r} in {text[:600]!r}")


def must_not_have(what, text, *parts):
    for part in parts:
        if part in text:
            bad.append(f"{what}: {part!r} in {text[:600]!r}")


def kill(at, pid, name="mysqld", host="web1"):
    """A kill as a 5.10 kernel tells it in a syslog: head, summary, kill."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + ".000000+00:00"
    up = at % (400 * DAY)
    lines = (
        f"{name} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
        f"oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,"
        f"task_memcg=/,task={name},pid={pid},uid=0",
        f"Out of memory: Killed process {pid} ({name}) total-vm:{pid + 5000}kB, anon-rss:{pid + 100}kB, "
        "file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:60kB oom_score_adj:0")
    return "".join(f"{stamp} {host} kernel: [{up}.{n:06}] {line}\n" for n, line in enumerate(lines))


def write(path, *texts):
    path.write_text("".join(texts), errors="surrogateescape")
    return path


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def validator(name):
    schema = json.loads(pathlib.Path("docs/schema", name).read_text())
    return jsonschema.Draft202012Validator(schema)


def valid(what, check, document):
    for error in check.iter_errors(document):
        bad.append(f"{what}: {error.json_path}: {error.message[:200]}")


def exports(folder):
    """Each event once, what is completed again; by mark and by number; every flavour."""
    now = int(time.time())
    db, log, out = folder / "e.db", folder / "e.log", folder / "out"
    text = [kill(now - 3000 + 300 * n, 100 + n) for n in range(4)]
    run("export", "--db", db, code=1)
    run("export", "--db", db, "--since-last", "x", code=1)
    must("a store made by looking", db.exists(), False)
    write(log, text[0], text[1])
    run("ingest", "--db", db, log)
    first = lines(run("export", "--db", db, "--since-last", "x"))
    must("first", [(e["victims"][0]["pid"], e["sequence"], e["revision"]) for e in first],
         [(100, 1, 1), (101, 2, 1)])
    check = validator("oomwhy.event-1.json")
    for event in first:
        valid("export", check, event)
    must("again", run("export", "--db", db, "--since-last", "x"), "")
    must("of another name", len(lines(run("export", "--db", db, "--since-last", "y"))), 2)
    # The last event of the file is read again, whole: it is no other, and did not change.
    write(log, text[0], text[1], text[2])
    run("ingest", "--db", db, log)
    more = lines(run("export", "--db", db, "--since-last", "x", "-o", out)) or lines(out.read_text())
    must("grown", [(e["victims"][0]["pid"], e["revision"]) for e in more], [(102, 1)])
    # The reaper's line completes the last one: it comes again, as a later revision.
    reap = text[2].splitlines()[2].split(" Out of")[0] + (
        " oom_reaper: reaped process 102 (mysqld), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB\n")
    write(log, text[0], text[1], text[2], reap)
    run("ingest", "--db", db, log)
    more = lines(run("export", "--db", db, "--since-last", "x"))
    must("completed", [(e["victims"][0]["pid"], e["revision"], e["victims"][0]["reaped"] is not None)
                       for e in more], [(102, 2, True)])
    must("not a new one to a report", lines(run("export", "--db", db, "--after", more[0]["sequence"])), [])
    every = lines(run("export", "--db", db))
    must("every event", sorted(e["id"] for e in every), sorted({e["id"] for e in first + more}))
    must("in the order of sequences", [e["sequence"] for e in every],
         sorted(e["sequence"] for e in every))
    must("after", [e["sequence"] for e in lines(run("export", "--db", db, "--after", 1))],
         [e["sequence"] for e in every if e["sequence"] > 1])
    for name, schema in (("ecs", "oomwhy.ecs-8.json"), ("otlp", "oomwhy.otlp-1.json")):
        told = lines(run("export", "--db", db, "--format", name))
        must(name, len(told), 3)
        for event in told:
            valid(name, validator(schema), event)
    must("a host", len(lines(run("export", "--db", db, "--host", "web2"))), 0)
    run("export", "--db", db, "--since-last", "x", "--after", 1, code=2)
    run("export", "--db", db, "--format", "text", code=2)
    run("export", "--db", db, "--format", "prometheus", "--host", "a", code=2)
    # What cannot be written is not told: it comes again.
    write(log, text[0], text[1], text[2], reap, text[3])
    run("ingest", "--db", db, log)
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([OOMWHY, "export", "--db", db, "--since-last", "x"], stdout=full,
                              stderr=subprocess.DEVNULL, check=False)
        must("a full disk", done.returncode, 1)
    run("export", "--db", db, "--since-last", "x", "-o", folder / "no" / "such", code=1)
    must("after failures", [e["victims"][0]["pid"] for e in lines(run("export", "--db", db, "--since-last", "x"))],
         [103])


def ended_between(folder):
    """Killed after the file was renamed and before that was stored, and just before: as the next
    run finds it."""
    now = int(time.time())
    db, log, out = folder / "b.db", write(folder / "b.log", kill(now - 900, 1)), folder / "b.out"
    run("ingest", "--db", db, log)
    for there, want in ((False, 0), (True, 1)):
        tmp = folder / "b.out.abcdef"
        if there:
            tmp.write_text("half")
        link = sqlite3.connect(db)
        name = str(tmp)
        link.execute("INSERT OR REPLACE INTO settings VALUES('position of report r',?)",
                     (f" 0 1 {len(name)}:{name}",))
        link.commit()
        link.close()
        run("report", "--db", db, "--since-last=r", "--format=json", "-o", out)
        must(f"file still there: {there}", json.loads(out.read_text())["events"], want)
    link = sqlite3.connect(db)
    link.execute("UPDATE settings SET value='nonsense' WHERE name='position of report r'")
    link.commit()
    link.close()
    run("report", "--db", db, "--since-last=r", code=1)


def metric(text, name):
    return sum(int(v) for v in re.findall(rf"^oomwhy_{name}(?:{{[^}}]*}})? (\S+)$", text, re.M))


def metrics(folder):
    """Counters never fall; promtool and node_exporter take the file."""
    now = int(time.time())
    db, log, prom = folder / "m.db", folder / "m.log", folder / "prom" / "oomwhy.prom"
    prom.parent.mkdir()
    write(log, kill(now - 40 * DAY, 1), kill(now - 900, 2, 'a"\\{}\n'.replace("\n", "")), kill(now - 600, 3, "é=x,y"))
    run("ingest", "--db", db, log)
    run("export", "--db", db, "--format", "prometheus", "-o", prom)
    text = prom.read_text()
    must("events", metric(text, "events_total"), 3)
    run("store", "prune", "--db", db, "--keep", "7d")
    text = run("export", "--db", db, "--format", "prometheus", "-o", prom) or prom.read_text()
    must("events after prune", (metric(text, "events_total"), metric(text, "victims_total"),
                                metric(text, "stored_events")), (3, 3, 2))
    must("mode", prom.stat().st_mode & 0o777, 0o666 & ~mask())
    must_not_have("metrics", text, "é\n")
    must_have("metrics", text, r'service="a\"\\x5c{}"', 'scope="memcg"} 0')
    programs(prom)
    empty = folder / "empty.db"
    run("ingest", "--db", empty, write(folder / "empty.log", "nothing\n"))
    text = run("export", "--db", empty, "--format", "prometheus")
    must("none yet", (metric(text, "events_total"), "last_event" in text, "last_ingest" in text),
         (0, False, True))


def programs(prom):
    """Those that read it; tests/slow/monitor.py does not go without them."""
    for name in ("promtool", "prometheus-node-exporter"):
        if shutil.which(name) is None:
            print(f"{name} is not here: ./dev test --full brings it")
            if NEEDED:
                bad.append(f"{name} is not here")
            return
    with open(prom, "rb") as source:
        tool = subprocess.run(["promtool", "check", "metrics"], stdin=source, capture_output=True, check=False)
    must("promtool", (tool.returncode, tool.stdout + tool.stderr), (0, b""))
    exporter(prom)


def mask():
    now = os.umask(0)
    os.umask(now)
    return now


def exporter(prom):
    """node_exporter itself, which skips a whole file for one bad line."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    child = subprocess.Popen(
        ["prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{port}", "--collector.disable-defaults",
         "--collector.textfile", f"--collector.textfile.directory={prom.parent}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        text = ""
        for _ in range(100):
            try:
                opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
                text = opener.open(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
                break
            except OSError:
                time.sleep(0.1)
        must_have("node_exporter", text, "node_textfile_scrape_error 0", 'oomwhy_events_total{scope="global"} 3')
    finally:
        child.kill()
        child.wait()


def checks(folder):
    """Exit codes and the line, for every form of a range."""
    now = int(time.time())
    db, log = folder / "c.db", folder / "c.log"
    must_have("no store", run("check", "--db", db, code=3), "OOM UNKNOWN - ")
    must_have("usage", run("check", "--no-such-option", code=3), "OOM UNKNOWN - ")
    must_have("usage", run("check", "-w", "x", code=3), "OOM UNKNOWN - ")
    write(log, kill(now - 7000, 1), kill(now - 600, 2), kill(now - 500, 3), kill(now - 12, 4, "apache2"))
    run("ingest", "--db", db, log)
    line = run("check", "--db", db, "-w", 1, "-c", 2, code=2)
    if not re.fullmatch(r"OOM CRITICAL - 3 kills in 1 h: MySQL \(2\), Apache \| kills=3;1;2;0 events=3;;;0 "
                        r"panics=0;;;0 last_age=\d+s;;;0\n", line):
        bad.append(f"check: {line!r}")
    for ranges, code in ((("-w", 3), 0), (("-w", 2, "-c", 3), 1), (("-w", "~:3", "-c", "0:"), 0),
                         (("-w", "4:", "-c", "~:"), 1), (("-c", "@3:3"), 2), (("-c", "@4:5", "-w", "0:9"), 0),
                         (("--since", "2h", "-w", "3", "-c", 9), 1), (("--since", "1s"), 0),
                         (("--service", "apache2"), 1), (("--service", "none"), 0), (("--host", "web1"), 1),
                         (("--host", "web2"), 0), (("-c", "5:4"), 3), (("-w", ""), 3), (("-w", "1x"), 3)):
        run("check", "--db", db, *ranges, code=code)
    link = sqlite3.connect(db)
    link.execute("UPDATE settings SET value=value-7200 WHERE name='ingested_s'")
    link.commit()
    run("check", "--db", db, "--since", "1s")
    must_have("stale", run("check", "--db", db, "--max-age", "1h", code=3), "no log was looked at for 2 h")
    run("check", "--db", db, "--since", "1s", "--max-age", "3h")
    link.execute("DELETE FROM settings WHERE name='ingested_s'")
    link.commit()
    link.close()
    must_have("never", run("check", "--db", db, code=3), "no log was ever read")
    run("check", "--db", db, "--since", "1s", "--max-age", "0")
    run("ingest", "--db", db, log)  # unchanged, and looked at all the same
    run("check", "--db", db, "--since", "1s")


HOSTILE = ("=cmd|' /C x'!A", "|a|`b`|<b>&", "</td><script>", '"><img src=x', "[x](http://y)", "a;b&c$(d)~")


def reports(folder):
    """Every format, of names that mean something in each of them."""
    now = int(time.time())
    db = folder / "r.db"
    names = [name[:15] for name in HOSTILE]
    log = write(folder / "r.log", *(kill(now - 9000 + 200 * n, 50 + n, name) for n, name in enumerate(names)))
    run("ingest", "--db", db, log)
    text = run("report", "--db", db, "--utc")
    must_have("text", text, "OOM kills in the last 7 days, ", "6 kills in 6 incidents; 0 in as long a time before.")
    must("columns", [line for line in text.splitlines() if len(line) > 72 or not line.isascii()], [])
    document = json.loads(run("report", "--db", db, "--format=json"))
    valid("report", validator("oomwhy.report-1.json"), document)
    must("json", sorted(v["name"] for v in document["victims"]), sorted(names))
    page = run("report", "--db", db, "--format=html")
    must_not_have("html", page, "<script", "<img", "<b>&")
    must_have("html", page, "&lt;script&gt;", "default-src 'none'")
    csv = run("report", "--db", db, "--format=csv")
    must_not_have("csv", csv, ',"=cmd')
    must_have("csv", csv, "'=cmd", "\r\n")
    table = run("report", "--db", db, "--format=markdown")
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    must("columns of markdown", {len(re.findall(r"(?<!\\)\|", line)) for line in rows}, {5})
    must_have("markdown", table, "`` \\|a\\|`b`\\|<b>& ``")
    line = run("check", "--db", db, "--since=1d", "-c", 100, code=1)
    must("check", (line.count("|"), line.count("<"), line.count("`"), line.count("$")), (1, 0, 0, 0))
    # A name of its own for what is not ASCII, and one that is too long for any table.
    odd = write(folder / "odd.log", kill(now - 100, 77, "é\x1b[31m\u202eb"))
    run("ingest", "--db", db, odd)
    must("ASCII", run("report", "--db", db).isascii(), True)
    must_not_have("escape", run("report", "--db", db, "--format=markdown"), "\x1b", "\u202e")
    # Nothing new: nothing at all, not even a file.
    out = folder / "quiet"
    run("report", "--db", db, "--since-last", "-q", "-o", out)
    must("first", out.exists(), True)
    out.unlink()
    must("quiet", run("report", "--db", db, "--since-last", "-q", "-o", out), "")
    must("quiet file", out.exists(), False)
    must_have("not quiet", run("report", "--db", db, "--since-last"), "No OOM kill.")
    must("of other events", json.loads(run("report", "--db", db, "--format=json", "--since=2001-01-01",
                                           "--until=2001-02-01"))["events"], 0)
    for what in ("report", "export"):
        told = run(what, "--db", db, "--redact")
        must_not_have(f"{what} --redact", told, "web1", "img src", "script", "r.log")
    run("report", "--db", db, "--since-last", "--since=-1d", code=2)
    run("report", "--db", db, "x", code=2)


def bounded(folder):
    """Thousands of names: the ten of most kills, and how many more."""
    now = int(time.time())
    db = folder / "n.db"
    log = write(folder / "n.log", *(kill(now - 90000 + 15 * n, 1000 + n, f"p{n % 700}-{n % 3}") for n in range(2100)))
    run("ingest", "--db", db, log)
    text = run("report", "--db", db)
    must_have("text", text, "and 2090 more")
    must("lines", len(text.splitlines()) < 130, True)
    document = json.loads(run("report", "--db", db, "--format=json"))
    must("json", [len(document[key]) for key in ("victims", "services", "newest")], [10, 10, 1])
    must("one storm", document["incidents"], 1)
    metrics_text = run("export", "--db", db, "--format=prometheus")
    must("labels", metrics_text.count("oomwhy_recent_victims{"), 10)


def hourly(folder):
    """A report every hour of some days, with logs that are late: each event once."""
    begin = int(time.time()) - 20 * DAY
    db, seen = folder / "h.db", 0
    logs = [folder / "h1.log", folder / "h2.log"]
    for log in logs:
        log.write_text("")
    told = total = 0
    for hour in range(40):
        for n, log in enumerate(logs):
            if (hour + n) % 3 == 0:
                continue
            with open(log, "a", encoding="ascii") as out:
                out.write(kill(begin + 3600 * hour - 7200 * n + 60 * n, 10 + 2 * hour + n, host=f"h{n}"))
            total += 1
        run("ingest", "--db", db, *logs)
        text = run("report", "--db", db, "--since-last", "-q", "--format=json")
        told += json.loads(text)["events"] if text else 0
        if hour % 10 == 9:
            run("store", "prune", "--db", db, "--keep", "19d")
            seen += 1
    must("told", told, total)


def many(folder):
    """More events than are committed at once: the last one, read again behind them, is no news."""
    now = int(time.time())
    db, log = folder / "many.db", folder / "many.log"
    text = [kill(now - 80000 + 3 * n, 1000 + n) for n in range(602)] # so close that all are read again
    for upto, news in ((600, 600), (601, 1), (602, 1)):
        write(log, *text[:upto])
        run("ingest", "--db", db, log)
        must(f"news of {upto}", len(lines(run("export", "--db", db, "--since-last", "x"))), news)


def main():
    with tempfile.TemporaryDirectory(prefix="oomwhy-monitor-") as name:
        for part in (exports, ended_between, metrics, checks, reports, bounded, many, hourly):
            part(pathlib.Path(name))
    print("\n".join(bad[:40]))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
