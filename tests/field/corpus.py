#!/usr/bin/python3
"""corpus.py OOMWHY CORPUS [--verbose]: run oomwhy over logs from the field.

CORPUS holds raw/*.log, noise/*.log and INDEX.tsv (file, kills, victims, ...).
"""
import csv
import glob
import os
import re
from collections import Counter

from common import Score, arguments, finish, parse

ROW = re.compile(rb"\[\s*\d+\](?:\s+-?\d+){6,10}\s+\S")  # wrapped lines included


class Corpus:
    def __init__(self, binary):
        self.binary = binary
        self.kills = Score("corpus: kill lines of each file found once")
        self.victims = Score("corpus: victims of the index")
        self.rows = Score("corpus: task rows as in the file")
        self.noise = Score("corpus: no event in noise")
        self.scores = Score("corpus: printed score equals ours (3.6 and newer, totals printed)")
        self.bounds = Score("corpus: printed score not below our lower bound (2.6.36 - 3.5, RHEL 6)")
        self.total = Counter()

    def raw(self, path, row):
        name = os.path.basename(path)
        events = [e for e in parse(self.binary, path) if e["kind"] == "kernel-oom"]
        got = Counter(v["comm"] for e in events for v in e["victims"])
        with open(path, "rb") as f:
            text = f.read().replace(b"\xc2\xa0", b" ")  # of pasted web pages
        pids = re.findall(rb"(?:Killed|OOM killed)\s+process\s+(\d+)", text)
        # The chosen of a memory.oom.group is printed twice: one kill, two lines.
        lines = len(set(pids) if b"memory.oom.group set" in text else pids)
        self.kills.check(sum(got.values()) == lines,
                         f"{name}: {sum(got.values())} victims, {lines} kill lines: {dict(got)}")
        want = [] if row["victims"] == "-" else row["victims"].split(",")
        for victim in want:
            # The index cut names at their first parenthesis: "(sd-pam" is (sd-pam).
            known = victim in got or victim in {c.split(")")[0] for c in got}
            self.victims.check(known, f"{name}: {victim}")
        rows = len(ROW.findall(text))
        tasks = sum(len(e["tasks"] or []) for e in events)
        self.total["rows in the files"] += rows
        self.total["rows read"] += tasks
        self.total["kill lines"] += lines
        self.total["victims"] += sum(got.values())
        self.rows.check(rows == tasks, f"{name}: {tasks} rows read, {rows} in the file")
        for e in events:
            self.score(name, e)

    def score(self, name, event):
        v = event["verdict"]
        if v is None or v["score_printed"] is None or v["score_recomputed"] is None:
            return
        what = f"{name} {event['id']}: printed {v['score_printed']}, ours {v['score_recomputed']}"
        if v.get("score_is_lower_bound"):
            self.bounds.check(v["score_recomputed"] <= v["score_printed"], what)
        else:
            self.scores.check(v["score_recomputed"] == v["score_printed"], what)

    def quiet(self, path):
        events = parse(self.binary, path)
        self.noise.check(not events, f"{os.path.basename(path)}: {len(events)} events")


def main():
    binary, directory, verbose = arguments()
    corpus = Corpus(binary)
    with open(os.path.join(directory, "INDEX.tsv"), encoding="utf-8", newline="") as f:
        index = {r["file"]: r for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE)}
    for path in sorted(glob.glob(os.path.join(directory, "raw", "*.log"))):
        if os.path.basename(path) in index:
            corpus.raw(path, index[os.path.basename(path)])
    for path in sorted(glob.glob(os.path.join(directory, "noise", "*.log"))):
        corpus.quiet(path)
    print("corpus:", ", ".join(f"{k} {n}" for k, n in corpus.total.items()))
    finish([corpus.kills, corpus.victims, corpus.rows, corpus.noise, corpus.scores,
            corpus.bounds], verbose)


main()
