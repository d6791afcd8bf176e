#!/usr/bin/python3
"""lab.py OOMWHY LAB_OUT [--verbose]: compare oomwhy with the ground truth of captured runs.

LAB_OUT holds KERNEL/SCENARIO/{kmsg.raw,dmesg.txt,dmesg-raw.txt,console.txt,truth.json}.  The
truth comes from the kernel's trace points and the process connector, never from the log text.
"""
import glob
import json
import os
import re
from collections import Counter

from common import Score, arguments, escape, finish, parse

LOGS = ("kmsg.raw", "dmesg.txt", "dmesg-raw.txt", "console.txt")
# Of a record that user space wrote, only these two tell: they carry the facility.
TELLS_FACILITY = ("kmsg.raw", "dmesg-raw.txt")
# What these scenarios fill RAM with is in no counter of the kernel.
PLANTED = ("pipe-fill", "kernel-pages")
CONSTRAINTS = {"CONSTRAINT_NONE": "none", "CONSTRAINT_MEMCG": "memcg",
               "CONSTRAINT_CPUSET": "cpuset", "CONSTRAINT_MEMORY_POLICY": "memory_policy"}


def kill_lines(path, log):
    """Pid of each kill line in a log, by other means than oomwhy's; None stands for a forged one."""
    kills, group = [], set()
    with open(path, "rb") as f:
        for line in f.read().split(b"\n"):
            prefix = {"kmsg.raw": rb"(\d+),", "dmesg-raw.txt": rb"<(\d+)>"}.get(log)
            m = re.match(prefix, line) if prefix else None
            if m and int(m[1]) >= 8:
                continue
            if b"are going to be killed due to memory.oom.group set" in line:
                group = set(kills[-1:])
            elif b"invoked oom-killer" in line:
                group = set()
            for m in re.finditer(rb"Killed process (\d+) \(", line):
                if int(m[1]) not in group:  # the chosen of a group is printed twice
                    kills.append(int(m[1]))
    return kills


def printed_comms(kmsg):
    """Names by pid as /dev/kmsg gave them: a reused pid has several, the truth keeps one."""
    comms = {}
    if os.path.exists(kmsg):
        with open(kmsg, "rb") as f:
            for m in re.finditer(rb"Killed process (\d+) \((.*)\) total-vm:", f.read()):
                raw = re.sub(rb"\\x([0-9a-f]{2})", lambda x: bytes([int(x[1], 16)]), m[2])
                comms.setdefault(int(m[1]), set()).add(escape(raw))
    return comms


class Lab:
    def __init__(self, binary):
        self.binary = binary
        self.found = Score("lab: logs in which every kill is found once")
        self.comm = Score("lab: comm of the victim, byte for byte")
        self.trigger = Score("lab: trigger")
        self.constraint = Score("lab: constraint")
        self.kernel = Score("lab: kernel")
        self.page_size = Score("lab: page size")
        self.panic = Score("lab: panics")
        self.agrees = Score("lab: verdict agrees in full reports")
        self.ledger = Score("lab: ledgers that close within 5 % or 24 MiB")
        self.planted = Score("lab: planted leaks that are shown as unaccounted")
        self.named = Counter()

    def run(self, directory):
        with open(os.path.join(directory, "truth.json"), "rb") as f:
            truth = json.load(f)
        for log in LOGS:
            path = os.path.join(directory, log)
            if os.path.exists(path):
                self.log(path, log, truth)

    def log(self, path, log, truth):
        where = "/".join(path.split("/")[-3:])
        events = parse(self.binary, path)
        got = [(v["pid"], v["comm"]) for e in events for v in e["victims"]]
        if truth["panic"]:
            self.panic.check([e["outcome"] for e in events][-1:] == ["panic"], where)
            self.facts(where, truth, events)
            return
        if truth["scenario"] == "forged" and log not in TELLS_FACILITY:
            return
        want = Counter(kill_lines(path, log))
        self.found.check(Counter(pid for pid, _ in got) == want,
                         f"{where}: {diff((pid for pid, _ in got), want)}")
        comms = printed_comms(os.path.join(os.path.dirname(path), "kmsg.raw"))
        for v in truth["victims"]:
            names = comms.setdefault(v["pid"], set())
            if v["comm_hex"]:  # sampled: a fork may not have had its own name yet
                names.add(escape(bytes.fromhex(v["comm_hex"])))
            if v["comm"]:
                names.add(escape(v["comm"].encode("utf-8", "surrogateescape")))
        for pid, comm in got:
            if pid in comms:
                self.comm.check(comm in comms[pid], f"{where}: {pid} {comm!r}, not {comms[pid]}")
        self.facts(where, truth, events)

    def facts(self, where, truth, events):
        marked = {v["pid"]: v for v in truth["victims"] if v["source"] == "mark_victim"}
        for e in events:
            name = f"{where} {e['id']}"
            full = bool(e["trigger"]) and e["trigger"]["pid"] is not None
            victim = e["victims"][0]["pid"] if e["victims"] else None
            if full and e["constraint"] is not None:
                want = constraint(truth)
                self.constraint.check(e["constraint"] == want,
                                      f"{name}: {e['constraint']}, not {want}")
            if full:
                self.kernel.check(e["kernel"] == truth["release"], f"{name}: {e['kernel']}")
            if e["page_size"] is not None:
                self.page_size.check(e["page_size"] == truth["page_size"], name)
            if full and victim in marked and truth["scenario"] != "pid-reuse":
                self.check_trigger(name, e, marked[victim])
            if e["ledger"] and e["ledger"]["unaccounted_kb"] is not None:
                self.check_ledger(name, truth["scenario"], e)
            if e["completeness"] == "full" and e["victims"]:
                v = e["verdict"]
                self.named[v["decided_by"]] += 1
                self.agrees.check(v["agrees"] is True, f"{name}: {v['decided_by']}: {v['says']}")

    def check_ledger(self, name, scenario, event):
        ledger = event["ledger"]
        kb, total = ledger["unaccounted_kb"], ledger["total_kb"]
        if sum(x["kb"] for x in ledger["entries"]) + kb != total:
            self.ledger.check(False, f"{name}: the sum is wrong")
        elif scenario in PLANTED:
            self.planted.check(kb > total // 2, f"{name}: {kb} of {total} kB")
        else:
            close = abs(kb) <= 24 * 1024 or abs(kb) * 20 <= total
            self.ledger.check(close, f"{name}: {kb} of {total} kB")

    def check_trigger(self, name, event, mark):
        # The trace tool kept only the last line of a name that holds newlines.
        got = (event["trigger"]["pid"], event["trigger"]["comm"].split("\\x0a")[-1])
        want = (mark["trigger_pid"], escape((mark["trigger_comm"] or "").encode("utf-8", "surrogateescape")))
        self.trigger.check(got == want, f"{name}: {got}, not {want}")


def constraint(truth):
    """A cpuset limits nothing where there is one node: the kernel then says CONSTRAINT_NONE."""
    want = CONSTRAINTS[truth["constraint"]]
    if want == "cpuset" and len(truth["total_pages"]["node_present"]) < 2:
        return "none"
    return want


def diff(got, want):
    extra, lost = Counter(got) - Counter(want), Counter(want) - Counter(got)
    if not extra and not lost:
        return "another order"
    return f"extra {list(extra)[:4]}, lost {list(lost)[:4]}"


def main():
    binary, directory, verbose = arguments()
    lab = Lab(binary)
    for truth in sorted(glob.glob(os.path.join(directory, "*", "*", "truth.json"))):
        lab.run(os.path.dirname(truth))
    print("lab: decided by:", ", ".join(f"{k} {n}" for k, n in lab.named.most_common()))
    finish([lab.found, lab.comm, lab.trigger, lab.constraint, lab.kernel, lab.page_size, lab.panic,
            lab.agrees, lab.ledger, lab.planted], verbose)


main()
