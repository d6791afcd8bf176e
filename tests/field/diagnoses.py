#!/usr/bin/python3
"""diagnoses.py OOMWHY LAB_OUT [--verbose]: the first diagnosis of runs whose cause is known.

LAB_OUT holds KERNEL/SCENARIO/{dmesg.txt,console.txt,truth.json}.  A scenario was built to run out
of memory in one way, so the first diagnosis of its first whole report has to name that.
"""
import glob
import json
import os

from common import Score, arguments, finish, parse

LIMIT = {"memcg-limit-not-host"}
ABOVE = {"memcg-ancestor-limit"}
ONE = {"single-process-dominant"}
MANY = {"worker-pool-sum"}
BOTH = {"worker-pool-sum", "capacity-exceeded"}  # programs, none of them outstanding

EXPECTED = {
    "adj-change": MANY, "adj-plus500": MANY, "many-small-vs-big": MANY, "tie": MANY,
    "adj-protect": {"protected-consumer"}, "adj-minus500": {"database-oversized-for-host"} | ONE,
    "alloc-task": ONE, "global-one-hog": ONE, "leader-exit": ONE, "notime": ONE, "quiet": ONE,
    "reaper": ONE, "swap-full": ONE, "threads": ONE, "zram-full": ONE, "panic1": ONE,
    "clonevm": BOTH, "vfork": BOTH, "root-vs-user": BOTH,
    "cpuset": {"cpuset-bound"}, "mempolicy": {"numa-node-bound"},
    "mempolicy-wrong": {"numa-node-bound"},
    "file-mapped": {"shmem-tmpfs-filled"} | MANY, "tmpfs-fill": {"shmem-tmpfs-filled"},
    # Its web server may hold more than the shared segment does.
    "shmem-shared": {"postgres-shared-buffers-double-count"} | MANY,
    "frag-order": {"fragmentation-order-gt-0"},
    "hugepages": {"hugetlb-pool-too-large"}, "mlocked": {"mlocked-unevictable"},
    "lowmem": {"lowmem-exhausted-32bit"}, "pipe-fill": {"unaccounted-kernel-memory"},
    "slab-fill": {"slab-unreclaimable-leak"}, "sysrq-f": {"manual-sysrq"},
    "real-lamp": {"database-oversized-for-host"} | MANY, "real-postgres": BOTH,
    "memcg-group": LIMIT, "memcg-group-parent": ABOVE, "memcg-longpath": LIMIT,
    "memcg-names": LIMIT, "memcg-nested": ABOVE, "memcg-nokill": LIMIT, "memcg-pair": LIMIT,
    "memcg-swap": LIMIT, "memcg-v1": LIMIT, "panic1-memcg": LIMIT, "panic2": LIMIT,
    "pidns": LIMIT, "pid-reuse": LIMIT, "storm": LIMIT, "weird-names": LIMIT,
    "weird-victims": LIMIT,
}
# Where there is one node, a cpuset of it binds nothing, and the kernel says so.
ONE_NODE = {"cpuset": ONE}


def wanted(truth):
    scenario = truth["scenario"]
    if scenario in ONE_NODE and len(truth["total_pages"]["node_present"]) < 2:
        return ONE_NODE[scenario]
    return EXPECTED.get(scenario)


def first_whole(events, scenario):
    for e in events:
        whole = e["completeness"] == "full" or e["outcome"] == "panic"
        # It also runs out of single pages on some kernels, before the requests it is about.
        if whole and (scenario != "frag-order" or e["trigger"]["order"] > 0):
            return e
    return None


def main():
    binary, directory, verbose = arguments()
    score = Score("lab: the first diagnosis names the cause")
    for path in sorted(glob.glob(os.path.join(directory, "*", "*", "truth.json"))):
        with open(path, "rb") as f:
            truth = json.load(f)
        want = wanted(truth)
        if want is None:
            continue
        where = os.path.dirname(path)
        log = os.path.join(where, "console.txt" if truth["panic"] else "dmesg.txt")
        event = first_whole(parse(binary, log), truth["scenario"]) if os.path.exists(log) else None
        if event is None:
            continue
        got = [d["id"] for d in event["diagnoses"]]
        score.check(got[:1] and got[0] in want,
                    "/".join(where.split("/")[-2:]) + f": {got}, not {sorted(want)}")
    finish([score], verbose)


main()
