#!/usr/bin/python3
"""next and doctor: of machines made of files, and of this one.  The program is $OOMWHY.

Every process's /proc/PID/oom_score must be what next computes for it, but for those that
move between two reads.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

OOMWHY = os.path.abspath(os.environ["OOMWHY"])
SCHEMAS = pathlib.Path("docs/schema")
bad = []

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)


def fail(text):
    print("FAILED:", text)
    bad.append(text)


def run(code, *args, env=None):
    env = dict(os.environ, OOMWHY_DB="/nonexistent/store.db", **(env or {}))
    done = subprocess.run([OOMWHY, *args], capture_output=True, check=False, env=env)
    if done.returncode not in (code if isinstance(code, tuple) else (code,)):
        fail(f"{args}: exit {done.returncode}, not {code}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode()


def read_json(code, name, *args):
    text = run(code, name, "--format=json", *args)
    doc = json.loads(text)
    schema = json.loads((SCHEMAS / f"oomwhy.{name}-1.json").read_text())
    for e in jsonschema.Draft202012Validator(schema).iter_errors(doc):
        fail(f"{name} {args}: {e.json_path}: {e.message[:200]}")
    return doc


def put(root, path, text):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


def put_process(root, pid, name, rss_kb, adj=0, cgroup="/"):
    put(root, f"proc/{pid}/status",
        b"Name:\t" + name + f"\nPid:\t{pid}\nPPid:\t1\nUid:\t0\t0\t0\t0\nVmSize:\t{rss_kb * 2} kB\n"
        f"VmRSS:\t{rss_kb} kB\nVmPTE:\t40 kB\nVmSwap:\t0 kB\nThreads:\t1\n".encode())
    put(root, f"proc/{pid}/statm", f"{rss_kb // 2} {rss_kb // 4} 0 0 0 0 0\n")
    put(root, f"proc/{pid}/oom_score_adj", f"{adj}\n")
    put(root, f"proc/{pid}/cgroup", f"0::{cgroup}\n")


def make_machine(root):
    put(root, "proc/meminfo", "MemTotal: 1000000 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n")
    put(root, "proc/sys/kernel/osrelease", "6.1.0-56-amd64\n")
    put(root, "proc/sys/kernel/random/boot_id", "753760b9-1e18-4df3-a83f-5f2afbee9613\n")
    put(root, "proc/sys/vm/panic_on_oom", "2\n")
    put(root, "proc/vmstat", "oom_kill 7\n")
    put(root, "proc/stat", "btime 1000\n")
    put(root, "etc/sysctl.conf", "vm.oom-kill = 0\n")
    put(root, "sys/fs/cgroup/cgroup.controllers", "memory\n")
    put(root, "sys/fs/cgroup/svc/memory.max", "104857600\n")
    put(root, "sys/fs/cgroup/svc/memory.swap.max", "0\n")
    put_process(root, 1, b"init", 8000)
    put_process(root, 20, b"big", 400000)
    put_process(root, 30, b"\x1b[31m\\n</b>\"\xff", 80000, 10, "/svc")
    put_process(root, 31, b"worker", 80400, 0, "/svc/below")
    put_process(root, 40, b"saved", 500000, -1000)


def captured(root):
    doc = read_json(0, "next", f"--root={root}")
    if doc["first"]["pid"] != 20 or doc["runner_up"]["pid"] != 30:
        fail(f"next of a tree: {doc['first']}, {doc['runner_up']}")
    if doc["processes"][1]["comm"] != "\\x1b[31m\\x0a</b>\"\\xff":
        fail(f"a name is not escaped: {doc['processes'][1]['comm']!r}")
    if [e["id"] for e in doc["effects"]] != ["panic-on-oom"]:
        fail(f"effects: {doc['effects']}")
    doc = read_json(0, "next", f"--root={root}", "--cgroup=/svc")
    if doc["totalpages"] != 25600 or doc["first"]["pid"] != 30:
        fail(f"next in a cgroup: {doc['totalpages']}, {doc['first']}")
    for text in run(0, "next", f"--root={root}"), run(0, "doctor", f"--root={root}"):
        if "\x1b" in text:
            fail("a name reached the terminal as it stands")
    run(1, "next", f"--root={root}", "--cgroup=/none")
    run(1, "next", "--root=/nonexistent")
    run(1, "doctor", "--root=/nonexistent")
    for args in ("next", "x"), ("next", "--watch=0"), ("next", "--watch=x"), ("next", "--format=csv"):
        run(2, *args)


def by_id(doc):
    return {r["id"]: r for r in doc["remarks"]}


def examined(root):
    rows = by_id(read_json(0, "doctor", f"--root={root}"))
    for key, severity in (("panic-on-oom", "warning"), ("dead-setting", "problem"),
                          ("protected", "warning"), ("crash-dump", "problem"),
                          ("kill-count", "unknown"), ("overcommit", "unknown")):
        if rows.get(key, {}).get("severity") != severity:
            fail(f"doctor: {key} is not {severity}: {rows.get(key)}")
    log = root / "kern.log"
    line = "{} web1 kernel: Out of memory: Killed process {} (x) total-vm:9kB, anon-rss:8kB, " \
           "file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0\n"
    log.write_text("".join(line.format(f"2026-03-01T10:00:0{i}+00:00", i + 1) for i in range(5))
                   + line.format("1970-01-01T00:10:00+00:00", 99))
    doc = read_json(0, "doctor", f"--root={root}", str(log))
    if (doc["kills"]["counted"], doc["kills"]["logged"]) != (7, 5):
        fail(f"kills: {doc['kills']}")
    if "2 are missing" not in by_id(doc)["kill-count"]["says"]:
        fail(f"kills: {by_id(doc)['kill-count']}")
    read_json(3, "doctor", f"--root={root}", str(log), str(root / "missing"))
    store = str(root / "store.db")
    run(0, "ingest", f"--db={store}", str(log))
    doc = read_json(0, "doctor", f"--root={root}", f"--db={store}")
    if doc["kills"]["logged"] != 5:
        fail(f"kills in the store: {doc['kills']}")
    run(1, "doctor", f"--root={root}", "--db=/nonexistent/other.db")


def nothing(root):
    run(1, "next", f"--root={root}")
    doc = read_json(0, "doctor", f"--root={root}")
    if any(r["severity"] not in ("unknown", "ok") for r in doc["remarks"]):
        fail(f"findings about an empty directory: {doc['remarks']}")


def tolerance(doc):
    """From 6.2 the choice reads counters that are kept for each processor, three of them, each
    off by up to its batch; from 6.16 /proc shows them added up.  In units of oom_score."""
    cpus = os.cpu_count() or 1
    pages = 3 * max(32, 2 * cpus) * cpus
    version = tuple(int(n) for n in re.findall(r"[0-9]+", doc["kernel"])[:2])
    return 1 + pages * 1000 * 2 // (doc["totalpages"] * 3) if version >= (6, 2) else 0


def this_machine():
    """A process may grow while it is read: only one that stays as it is can be wrong."""
    before = {}
    for _ in range(3):
        doc = read_json((0, 3), "next")
        allowed = tolerance(doc)
        now = {p["pid"]: p for p in doc["processes"] if p["eligible"]
               and p["oom_score_expected"] is not None
               and abs(p["oom_score_expected"] - p["oom_score"]) > allowed}
        same = [p for pid, p in now.items() if before.get(pid) == p]
        before = now
        time.sleep(0.2)
    if same:
        fail(f"oom_score of this machine differs: {same[:5]}")
    checked = doc["read"]["oom_score_agrees"] + doc["read"]["oom_score_differs"]
    print(f"{doc['read']['oom_score_agrees']} of {checked} processes of this machine have exactly "
          "the kernel's own oom_score")
    if checked > 0 and doc["read"]["oom_score_agrees"] == 0:
        fail("no process has the kernel's own oom_score")
    if not any(p["pid"] == os.getpid() for p in doc["processes"]):
        fail("this test is not among the processes of this machine")
    read_json((0, 3), "doctor")


def watch(root):
    """In a pipe, a line for each change of the first."""
    with subprocess.Popen([OOMWHY, "next", f"--root={root}", "--watch=0.1"],
                          stdout=subprocess.PIPE, text=True) as child:
        first = child.stdout.readline()
        put_process(root, 20, b"big", 1000)
        second = child.stdout.readline()
        child.kill()
    if "big (pid 20)" not in first or "pid 30" not in second:
        fail(f"watch told {first!r}, {second!r}")


def main():
    with tempfile.TemporaryDirectory() as top:
        root = pathlib.Path(top) / "root"
        root.mkdir()
        nothing(root)
        make_machine(root)
        captured(root)
        examined(root)
        watch(root)
        shutil.rmtree(root)
    if os.path.exists("/proc/self/oom_score"):
        this_machine()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
