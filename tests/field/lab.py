#!/usr/bin/python3
"""lab.py OOMWHY LAB_OUT [--verbose]: compare oomwhy with the ground truth of captured runs.

LAB_OUT holds KERNEL/SCENARIO/{kmsg.raw,dmesg.txt,dmesg-raw.txt,console.txt,truth.json}.  The
truth comes from the kernel's trace points and the process connector, never from the log text.
"""
import glob
import json
import os
import re
import sys
from collections import Counter

from common import Score, escape, finish, parse, unescape

LOGS = ("kmsg.raw", "dmesg.txt", "dmesg-raw.txt", "console.txt")
# Of a record that user space wrote, only these two tell: they carry the facility.
TELLS_FACILITY = ("kmsg.raw", "dmesg-raw.txt")
CONSTRAINTS = {"CONSTRAINT_NONE": "none", "CONSTRAINT_MEMCG": "memcg",
               "CONSTRAINT_CPUSET": "cpuset", "CONSTRAINT_MEMORY_POLICY": "memory_policy"}


def kill_lines(path):
    """(pid, comm) of each kill line of the kernel's own, read from kmsg.raw by other means."""
    kills, group = [], set()
    with open(path, "rb") as f:
        for line in f.read().split(b"\n"):
            m = re.match(rb"(\d+),\d+,\d+,[^;]*;(.*)", line, re.S)
            if not m or int(m[1]) >= 8:
                continue
            text = unescape(m[2])
            if b"are going to be killed due to memory.oom.group set" in text:
                group = {kills[-1]} if kills else set()
            m = re.match(rb"[^(]*Killed process (\d+) \((.*)\) total-vm:", text, re.S)
            if m:
                kill = (int(m[1]), escape(m[2]))
                if kill in group:  # the chosen of a group is printed twice
                    continue
                kills.append(kill)
            elif b"invoked oom-killer" in text:
                group = set()
    return kills


def shown(path, kills):
    """The kills whose line is in this log: the console leaves out what its level hides."""
    with open(path, "rb") as f:
        text = f.read()
    lines = Counter(int(p) for p in re.findall(rb"Killed process (\d+) \(", text))
    return [k for k in kills if lines[k[0]] > 0]


class Lab:
    def __init__(self, binary):
        self.binary = binary
        self.found = Score("lab: every kill once, with pid and comm")
        self.trigger = Score("lab: trigger")
        self.constraint = Score("lab: constraint")
        self.kernel = Score("lab: kernel")
        self.page_size = Score("lab: page size")
        self.panic = Score("lab: panics")
        self.agrees = Score("lab: verdict agrees in full reports")
        self.named = Counter()

    def run(self, directory):
        with open(os.path.join(directory, "truth.json"), "rb") as f:
            truth = json.load(f)
        kmsg = os.path.join(directory, "kmsg.raw")
        kills = kill_lines(kmsg) if os.path.exists(kmsg) else []
        for log in LOGS:
            path = os.path.join(directory, log)
            if os.path.exists(path):
                self.log(path, log, truth, kills)

    def log(self, path, log, truth, kills):
        where = "/".join(path.split("/")[-3:])
        events = parse(self.binary, path)
        got = [(v["pid"], v["comm"]) for e in events for v in e["victims"]]
        if truth["panic"]:
            self.panic.check([e["outcome"] for e in events][-1:] == ["panic"], where)
            self.facts(where, truth, events)
            return
        if truth["scenario"] == "forged" and log not in TELLS_FACILITY:
            return
        want = shown(path, kills)
        if log == "console.txt":  # user space prints on the same line at times
            want, got = sorted(want), sorted(got)
        self.found.check(got == want, f"{where}: got {diff(got, want)}")
        self.facts(where, truth, events)

    def facts(self, where, truth, events):
        marked = {v["pid"]: v for v in truth["victims"] if v["source"] == "mark_victim"}
        for e in events:
            name = f"{where} {e['id']}"
            full = e["trigger"]["pid"] is not None
            victim = e["victims"][0]["pid"] if e["victims"] else None
            if full and e["constraint"] is not None:
                self.constraint.check(e["constraint"] == CONSTRAINTS[truth["constraint"]],
                                      f"{name}: {e['constraint']}, not {truth['constraint']}")
            if full:
                self.kernel.check(e["kernel"] == truth["release"], f"{name}: {e['kernel']}")
            if e["page_size"] is not None:
                self.page_size.check(e["page_size"] == truth["page_size"], name)
            if full and victim in marked and truth["scenario"] != "pid-reuse":
                self.check_trigger(name, e, marked[victim])
            if e["completeness"] == "full" and e["victims"]:
                v = e["verdict"]
                self.named[v["decided_by"]] += 1
                self.agrees.check(v["agrees"] is True, f"{name}: {v['decided_by']}: {v['says']}")

    def check_trigger(self, name, event, mark):
        got = (event["trigger"]["pid"], event["trigger"]["comm"])
        want = (mark["trigger_pid"], escape((mark["trigger_comm"] or "").encode("latin-1")))
        self.trigger.check(got == want, f"{name}: {got}, not {want}")


def diff(got, want):
    extra, lost = Counter(got) - Counter(want), Counter(want) - Counter(got)
    if not extra and not lost:
        return "another order"
    return f"extra {list(extra)[:4]}, lost {list(lost)[:4]}"


def main():
    args = [a for a in sys.argv[1:] if a != "--verbose"]
    verbose = "--verbose" in sys.argv
    lab = Lab(args[0])
    for truth in sorted(glob.glob(os.path.join(args[1], "*", "*", "truth.json"))):
        lab.run(os.path.dirname(truth))
    print("lab: decided by:", ", ".join(f"{k} {n}" for k, n in lab.named.most_common()))
    finish([lab.found, lab.trigger, lab.constraint, lab.kernel, lab.page_size, lab.panic,
            lab.agrees], verbose)


main()
