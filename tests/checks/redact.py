#!/usr/bin/python3
"""--redact: nothing of the names that are in a log is in what is shown of it, in any format.

In each fixture the names of processes, hosts and cgroups are replaced by marked ones first, so
that they cannot be anything else than names.  The numbers stay as they are.  The program is
$OOMWHY.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

MARK = "zqx"
# What kernels and this program say themselves.
WORDS = set("""cache memory kernel normal swap total free init page process processes oom-killer
    oom_reaper swapper system.slice user.slice machine.slice session slice service scope system
    user docker kubepods burstable besteffort guaranteed task name none other high movable device
    unknown victim trigger first other host node zone Normal Movable HighMem DMA32 test killed
    limit score anon file shmem slab""".split())
VIEWS = (["explain"], ["explain", "--verbose", "--all"], ["explain", "--brief"], ["explain", "--facts"],
         ["explain", "--format=json"], ["explain", "--format=html"], ["parse"], ["parse", "--facts"],
         ["parse", "--format=ecs"], ["parse", "--format=otlp"])
NUMBERS = ("time", "monotonic_us", "kernel", "page_size", "constraint", "reason", "outcome", "completeness",
           "memory", "missing", "lost_records")


def run(oomwhy, *args):
    done = subprocess.run([oomwhy, *args], capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{args}: exit {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def parse(oomwhy, path, *options):
    return [json.loads(line) for line in run(oomwhy, "parse", *options, path).splitlines()]


def names(event):
    """Of everything that is somebody's own."""
    found = {event["host"], (event["trigger"] or {}).get("comm")}
    for one in (event["tasks"] or []) + event["victims"]:
        found.add(one["comm"])
    cgroup = event["cgroup"] or {}
    for path in [cgroup.get("oom_memcg"), cgroup.get("task_memcg"), cgroup.get("cpuset")]:
        found |= set(re.split(r"[/@.:_-]", path or ""))
    return {n for n in found if n and len(n) > 3 and n not in WORDS and re.fullmatch(r"[\w.-]*[A-Za-z][\w.-]*", n)}


def marked(data, originals):
    """The log with other names, of the same length where that is long enough."""
    for i, name in enumerate(sorted(originals, key=len, reverse=True)):
        new = f"{MARK}{i:x}"[:15]
        new += "y" * (min(len(name), 15) - len(new))
        data = re.sub(rb"(?<![\w-])" + re.escape(name.encode()) + rb"(?![\w-])", new.encode(), data)
    return data


def same_numbers(was, now):
    """The choice is explained as before; names of our own table may be missing from the diagnoses."""
    verdicts = [{k: (e["verdict"] or {}).get(k) for k in ("era", "agrees", "decided_by", "totalpages", "margin_pages")}
                for e in (was, now)]
    rows = [[{k: v for k, v in t.items() if k not in ("comm", "uid", "why_not")} for t in e["tasks"] or []]
            for e in (was, now)]
    return all(was[k] == now[k] for k in NUMBERS) and verdicts[0] == verdicts[1] and rows[0] == rows[1]


def check(oomwhy, path, top):
    events = parse(oomwhy, str(path))
    found = set().union(*(names(e) for e in events)) if events else set()
    log = f"{top}/{MARK}.log"
    with open(log, "wb") as out:
        out.write(marked(path.read_bytes(), found))
    bad = []
    for view in VIEWS:
        text = run(oomwhy, *view, "--redact", "--utc", log)
        if MARK.encode() in text:
            at = text.index(MARK.encode())
            bad.append(f"{path}: {' '.join(view)}: ...{text[max(0, at - 60):at + 20]!r}")
    was, now = parse(oomwhy, log), parse(oomwhy, log, "--redact")
    if len(was) != len(now) or not all(map(same_numbers, was, now)):
        bad.append(f"{path}: not the same numbers")
    return len(found), bad


def check_store(oomwhy, log, top):
    """What is listed, and a filter by the name that is in the log."""
    db = f"{top}/a.db"
    run(oomwhy, "ingest", "--db", db, log)
    victim = parse(oomwhy, log)[0]["victims"][0]["comm"]
    assert MARK in victim, victim
    for options in ([], ["--format=json"], ["--format=csv"], ["--incidents"]):
        text = run(oomwhy, "list", "--db", db, "--redact", "--victim", victim, *options)
        assert text.strip() and MARK.encode() not in text, (options, text)
    newest = parse(oomwhy, log)[-1]["victims"][0]["comm"]
    for options in ([], ["--format=json"]):
        text = run(oomwhy, "whatif", "--redact", f"--adj={newest}=-1000", f"--why-not={newest}", *options, log)
        assert MARK.encode() not in text, text
        assert text != run(oomwhy, "whatif", "--redact", *options, log), "the name that was asked for is unknown"
        text = run(oomwhy, "compare", "--redact", *options, log, log)
        assert text.strip() and MARK.encode() not in text, text
    text = run(oomwhy, "explain", "--db", db, "--redact", "--last=1")
    assert b"was killed because" in text and MARK.encode() not in text, text


def main():
    oomwhy = os.environ["OOMWHY"]
    files = replaced = 0
    bad = []
    with tempfile.TemporaryDirectory() as top:
        for pattern in ("input.*", "dmesg.txt", "kmsg.raw"):
            for path in sorted(pathlib.Path("fixtures").rglob(pattern)):
                n, wrong = check(oomwhy, path, top)
                files += 1
                replaced += n
                bad += wrong
        last = pathlib.Path("fixtures/lab/5.10.0-46-cloud-amd64/adj-plus500/kmsg.raw")
        check(oomwhy, last, top)
        check_store(oomwhy, f"{top}/{MARK}.log", top)
    print("\n".join(bad[:20]))
    print(f"{files} logs, {replaced} names, {len(bad)} errors")
    return 1 if bad or replaced == 0 else 0


sys.exit(main())
