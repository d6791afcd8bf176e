#!/usr/bin/python3
"""cases.py OOMWHY CASES [--verbose]: compare the diagnoses with those of experts.

CASES holds logs and EXPECTED.tsv: a log's name and the ids an expert would accept, his own
first.  A log is right if one of them is among the first three of one of its events; nine in
ten must be.  What we call certain may name nothing that the expert would not accept, except
for plain facts of the report, which can be checked in its lines.
"""
import os
import sys

from common import Score, arguments, parse

FIRST = 3
SHARE = 0.9
# True of a report by its very lines, whatever the cause is.
FACTS = {"memcg-limit-not-host", "memcg-ancestor-limit", "swap-none", "swap-full", "panic-on-oom",
         "trigger-is-not-culprit", "report-incomplete", "oom-group-kill", "child-sacrificed",
         "no-killable-process", "oom-kill-allocating-task", "memsw-limit-hit"}


def expected(directory):
    with open(os.path.join(directory, "EXPECTED.tsv"), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                log, *ids = line.rstrip("\n").split("\t")
                yield log, ids


def main():
    binary, directory, verbose = arguments()
    found = Score(f"cases: the expert's diagnosis among the first {FIRST}")
    certain = Score("cases: what is called certain")
    for log, ids in expected(directory):
        events = parse(binary, os.path.join(directory, log))
        got = [[d["id"] for d in e["diagnoses"] or []] for e in events]
        found.check(any(set(ids) & set(g[:FIRST]) for g in got), f"{log}: {got}, not {ids}")
        for d in (d for e in events for d in e["diagnoses"] or []):
            if d["confidence"] == "certain":
                certain.check(d["id"] in ids or d["id"] in FACTS, f"{log}: {d['id']}, not {ids}")
    good = certain.report(verbose)
    found.report(verbose)
    enough = found.right >= SHARE * (found.right + len(found.misses))
    sys.exit(0 if good and enough else 1)


main()
