#!/usr/bin/python3
"""Facts of real kernels' kills that an analyzer gets wrong easily; a captured run shows each."""
import glob
import json
import os
import subprocess
import sys

OOMWHY = os.environ["OOMWHY"]
FACTS = []


def fact(text):
    def add(check):
        FACTS.append((text, check))
        return check
    return add


def events(run):
    """Every event of a run; KERNEL/SCENARIO, or SCENARIO of any kernel."""
    logs = [p for name in ("dmesg.txt", "kmsg.raw", "console.txt")
            for p in sorted(glob.glob(f"fixtures/lab/{run}/{name}")
                            or glob.glob(f"fixtures/lab/*/{run}/{name}"))]
    out = subprocess.run([OOMWHY, "parse", logs[0]], stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def rows(event, comm):
    return [t for t in event["tasks"] if t["comm"] == comm]


@fact("many small processes outweigh the victim; sizes over 2^32 kB")
def _():
    e = events("real-lamp")[0]
    victim = e["victims"][0]
    assert (e["trigger"]["comm"], victim["comm"]) == ("apache2", "mariadbd")
    assert victim["total_vm_kb"] == 8591352380 > 1 << 32
    apache = sum(t["rss_pages"] for t in rows(e, "apache2"))
    assert apache > max(t["rss_pages"] for t in rows(e, "mariadbd"))
    assert e["verdict"]["agrees"] is True


@fact("of equal badness the later row dies (5.3 and newer)")
def _():
    ties = [e for e in events("tie") if e["verdict"]["decided_by"] == "tie"]
    assert ties
    for e in ties:
        victim = e["victims"][0]["pid"]
        best = max(t["badness"] for t in e["tasks"] if t["eligible"])
        same = [t["pid"] for t in e["tasks"] if t["eligible"] and t["badness"] == best]
        assert len(same) > 1 and same[-1] == victim, same


@fact("oom_score_adj counts in whole thousandths of totalpages")
def _():
    e = events("adj-minus500")[0]
    total = e["verdict"]["totalpages"]
    assert total % 1000 != 0
    for t in (t for t in e["tasks"] if t["eligible"] and t["oom_score_adj"]):
        memory = t["rss_pages"] + t["swapents"] + t["pgtables_bytes"] // e["page_size"]
        assert t["badness"] == memory + t["oom_score_adj"] * (total // 1000)
    assert any(t["oom_score_adj"] == -500 for t in e["tasks"])


@fact("a process whose leader has left is shown, and killed, by a thread's name")
def _():
    e = events("leader-exit")[0]
    assert e["victims"][0]["comm"] == "live-thread"
    assert any(t["pid"] != t["tgid"] for t in e["tasks"])
    assert e["verdict"]["agrees"] is True


@fact("the trigger is a thread, the victim its process")
def _():
    e = events("threads")[0]
    assert e["trigger"]["comm"] == "worker thread"
    assert e["victims"][0]["comm"] == "leader-proc"
    assert e["trigger"]["pid"] != e["victims"][0]["pid"]


@fact("the chosen of a memory.oom.group has two lines and is one victim")
def _():
    e = events("memcg-group")[0]
    pids = [v["pid"] for v in e["victims"]]
    assert len(pids) == len(set(pids)) == 5
    assert [v["role"] for v in e["victims"]] == ["chosen"] + ["group"] * 4
    immortal = [t for t in e["tasks"] if t["oom_score_adj"] == -1000]
    assert immortal and immortal[0]["pid"] not in pids


@fact("who shares the victim's memory dies unnamed and is not invented")
def _():
    assert [len(e["victims"]) for e in events("clonevm")][0] == 1


@fact("in a storm most kills are a bare line")
def _():
    found = events("storm")
    bare = [e for e in found if e["completeness"] == "kill-only"]
    assert len(found) == 40 and len(bare) == 30
    assert all(e["trigger"] is None and e["tasks"] is None for e in bare)
    assert len({e["id"] for e in found}) == 40


@fact("an oom-kill: line is split over records when its paths are long")
def _():
    e = events("memcg-longpath")[0]
    assert e["cgroup"]["oom_memcg"].startswith("/level1-")
    assert e["cgroup"]["oom_memcg"].count("/") >= 5 and e["constraint"] == "memcg"
    assert e["unknown_lines"] == []


@fact("paths hold commas, equals signs, quotes and blanks unescaped")
def _():
    paths = [e["cgroup"]["oom_memcg"] for e in events("memcg-names")]
    assert "/a,task=init,pid=1,uid=0" in paths and "/with space" in paths
    assert "/oom_memcg=,task_memcg=y" in paths


@fact("shared memory makes the rows add up to more than there is")
def _():
    e = events("shmem-shared")[0]
    kb = sum(t["rss_pages"] for t in e["tasks"]) * e["page_size"] // 1024
    assert kb > 2 * e["memory"]["ram_kb"]
    assert [x["victims"][0]["comm"] for x in events("shmem-shared")].count("postgres") > 1


@fact("memory that is no process's: tmpfs, slab, pipes")
def _():
    for run, counter in (("tmpfs-fill", "shmem"), ("slab-fill", "slab_unreclaimable")):
        e = events(run)[0]
        held = e["memory"]["counters"][counter]
        assert held > max(t["rss_pages"] for t in e["tasks"]) * 4, run
    assert events("slab-fill")[0]["memory"]["slabs"]
    assert events("pipe-fill")[0]["outcome"] == "killed"


@fact("free memory that is not in one piece")
def _():
    e = events("frag-order")[0]
    assert e["trigger"]["order"] in (1, 2)
    assert sum(z["free_kb"] for z in e["memory"]["zones"]) > \
        4 * sum(z["min_kb"] for z in e["memory"]["zones"])


@fact("lowmem runs out on 32 bit while HighMem, left out of the list, is free")
def _():
    e = events("lowmem")[0]
    assert e["memory"]["highmem_kb"] == 266207 * 4
    assert all(z["name"] != "HighMem" for z in e["memory"]["zones"])
    assert all(z["node"] is None for z in e["memory"]["zones"])


@fact("the biggest process of the other node dies in vain")
def _():
    e = events("mempolicy-wrong")[0]
    assert e["constraint"] == "memory_policy" and e["verdict"]["agrees"] is True


@fact("no killable process without a panic, again and again")
def _():
    found = events("memcg-nokill")
    assert len(found) > 1 and {e["outcome"] for e in found} == {"no-killable-process"}
    assert all(e["victims"] == [] for e in found)


@fact("sysrq: order -1, from a kworker")
def _():
    e = events("sysrq-f")[0]
    assert e["reason"] == "sysrq" and e["trigger"]["order"] == -1
    assert e["trigger"]["comm"].startswith("kworker")


@fact("a name may hold anything, newlines and the kernel's own words included")
def _():
    comms = {v["comm"] for e in events("6.1.0-56-cloud-amd64/weird-victims")
             for v in e["victims"]}
    for name in (") total-vm:9", "Killed process", "new\\x0aline", "a\\x0a\\x0a[ 1] b", "\\x0a", " ",
                 "back\\x5cslash", "\\x1b[31mred\\x1b[0m", "x,pid=1,uid=0"):
        assert name in comms, name


@fact("what user space wrote to /dev/kmsg makes no event")
def _():
    found = events("forged")
    assert found and all(e["trust"] == "kernel" for e in found)
    assert all(e["victims"][0]["pid"] > 100 for e in found if e["victims"])


@fact("the reaper's line comes seconds later, or never")
def _():
    reaped = [v["reaped"] for e in events("reaper") for v in e["victims"]]
    assert any(reaped) and not all(r for e in events("storm") for r in
                                   (v["reaped"] for v in e["victims"]))


@fact("root has no bonus from 4.17 on")
def _():
    e = events("root-vs-user")[0]
    for t in (t for t in e["tasks"] if t["eligible"] and t["uid"] == 0):
        memory = t["rss_pages"] + t["swapents"] + t["pgtables_bytes"] // e["page_size"]
        assert t["badness"] == memory + t["oom_score_adj"] * (e["verdict"]["totalpages"] // 1000)


@fact("pid 1 is in no table")
def _():
    for run in ("many-small-vs-big", "real-lamp", "storm"):
        assert all(t["pid"] != 1 for e in events(run) for t in e["tasks"] or [])


@fact("with oom_kill_allocating_task the asker dies, unless it is exempt")
def _():
    found = [e for e in events("alloc-task") if e["tasks"]]
    asked = [e for e in found if e["verdict"]["decided_by"] == "allocating-task"]
    assert asked and all(e["victims"][0]["pid"] == e["trigger"]["pid"] for e in asked)
    assert all(e["verdict"]["agrees"] is True for e in found)


@fact("9007199254740988kB is no limit; v1 has memory+swap and kmem")
def _():
    one = events("memcg-v1")[0]["cgroup"]
    assert one["memsw"]["usage_kb"] is not None and one["kmem"]["usage_kb"] is not None
    two = events("memcg-nokill")[0]
    assert two["cgroup"]["swap_limit_kb"] is None and two["cgroup"]["limit_kb"] == 16384


@fact("a vfork child has its parent's numbers and cannot be chosen")
def _():
    e = events("vfork")[0]
    parent, child = rows(e, "vf-parent")[0], rows(e, "vf-child")[0]
    assert parent["rss_pages"] == child["rss_pages"]
    assert e["victims"][0]["pid"] == parent["pid"] and not child["eligible"]
    assert e["verdict"]["decided_by"] == "vfork-or-dying"


@fact("of two reports within milliseconds the second kills where one would have done")
def _():
    first, second = events("7.2.13+deb14-cloud-amd64/memcg-nested")
    assert [e["victims"][0]["comm"] for e in (first, second)] == ["mysqld", "apache2"]
    assert 0 < second["monotonic_us"] - first["monotonic_us"] < 100_000
    # The killed one has left the table, but its memory is still charged.
    shown = sum(t["rss_pages"] for t in second["tasks"]) * second["page_size"] // 1024
    assert not rows(second, "mysqld") and 2 * shown < second["cgroup"]["usage_kb"]


@fact("a log that wrapped begins inside a report, and the next table explains but a part")
def _():
    found = events("7.2.13+deb14-cloud-amd64/logwrap")
    assert found[0]["trigger"] is None and found[0]["completeness"] == "cut-head"
    cut, after = found[:2]
    assert 0 < after["monotonic_us"] - cut["victims"][0]["monotonic_us"] < 50_000
    assert not rows(after, cut["victims"][0]["comm"])
    anon = after["victims"][0]["anon_rss_kb"]
    assert 5 * anon < after["cgroup"]["usage_kb"] < anon + cut["victims"][0]["anon_rss_kb"] + 65536


@fact("6.12 and newer print UID in the CPU line and twelve columns")
def _():
    for run in ("6.12.117+deb12-cloud-amd64/many-small-vs-big",
                "7.2.13+deb14-cloud-amd64/many-small-vs-big",
                "7.2.13+deb14-arm64-16k/many-small-vs-big",
                "7.2.13+deb14-powerpc64le-64k/swap-full"):
        e = events(run)[0]
        assert e["kernel"] == run.split("/")[0] and e["trigger"]["uid"] is not None, run
        assert all(t["rss_pages"] == t["rss_anon_pages"] + t["rss_file_pages"] +
                   t["rss_shmem_pages"] for t in e["tasks"]), run
        assert e["unknown_lines"] == [], run


@fact("7.2 prints protections, zspages, balloons and gpu pages; none is a line unknown")
def _():
    memcg = events("7.2.13+deb14-cloud-amd64/memcg-group")[0]
    assert memcg["cgroup"]["min_protection_kb"] == memcg["cgroup"]["low_protection_kb"] == 0
    e = events("7.2.13+deb14-cloud-amd64/many-small-vs-big")[0]
    assert e["cgroup"]["min_protection_kb"] == 0 and e["constraint"] == "none"
    assert all("zspages" in z["kb"] for z in e["memory"]["zones"])
    assert {"Balloon", "gpu_active", "gpu_reclaim"} <= set(e["memory"]["nodes"][0]["kb"])


@fact("a frozen victim is reaped on 6.1, and exits before that on 7.2")
def _():
    kernels = {k: [v["reaped"] for e in events(f"{k}/reaper") for v in e["victims"]]
               for k in ("6.1.0-56-cloud-amd64", "7.2.13+deb14-cloud-amd64")}
    assert any(kernels["6.1.0-56-cloud-amd64"])
    assert kernels["7.2.13+deb14-cloud-amd64"] and not any(kernels["7.2.13+deb14-cloud-amd64"])


@fact("pages are of 4, 16 or 64 KiB, and every number of the table is in them")
def _():
    # totalpages: (MemTotal + SwapTotal) / page as the guests themselves had them
    for run, size, total in (("7.2.13+deb14-cloud-amd64/many-small-vs-big", 4096, 80088),
                             ("7.2.13+deb14-arm64-16k/many-small-vs-big", 16384, 20130),
                             ("7.2.13+deb14-arm64-16k/swap-full", 16384, 16093),
                             ("7.2.13+deb14-powerpc64le-64k/swap-full", 65536, 12043)):
        e = events(run)[0]
        assert e["page_size"] == size and e["verdict"]["totalpages"] == total, run
        assert e["memory"]["zones"][0]["buddy"][0]["size_kb"] == size // 1024, run
        held = e["memory"]["zones"][0]
        assert sum(b["count"] * b["size_kb"] for b in held["buddy"]) == held["buddy_total_kb"], run
        victim = e["victims"][0]
        row = [t for t in e["tasks"] if t["pid"] == victim["pid"]][0]
        assert row["total_vm_pages"] * size // 1024 == victim["total_vm_kb"], run
        assert row["badness"] == row["rss_pages"] + row["swapents"] + \
            row["pgtables_bytes"] // size + row["oom_score_adj"] * (total // 1000), run
        assert e["verdict"]["agrees"] is True, run


@fact("a memcg report has no buddy list; the victim's own sizes tell the page")
def _():
    for run, size, total in (("7.2.13+deb14-arm64-16k/memcg-group", 16384, 3200),
                             ("7.2.13+deb14-powerpc64le-64k/memcg-nested", 65536, 960)):
        e = events(run)[0]
        assert e["memory"] is None or not e["memory"]["zones"]
        assert e["page_size"] == size and e["verdict"]["totalpages"] == total, run
        # "no limit" is PAGE_COUNTER_MAX pages, another number with each size of page
        assert e["cgroup"]["swap_limit_kb"] is None and e["verdict"]["agrees"] is True, run
    # where nobody was killed, nothing tells
    assert {e["page_size"] for e in events("7.2.13+deb14-cloud-amd64/memcg-nokill")} == {None}


@fact("page tables under one page, and oom_score_adj under totalpages/1000, count nothing")
def _():
    e = events("7.2.13+deb14-powerpc64le-64k/memcg-nested")[0]
    victim = e["tasks"][0]
    assert e["verdict"]["totalpages"] // 1000 == 0
    assert 0 < victim["pgtables_bytes"] < e["page_size"]
    assert victim["badness"] == victim["rss_pages"] + victim["swapents"]
    assert e["verdict"]["spare_adj"] == -1000


@fact("whoever has the victim's numbers may have died with it, unnamed")
def _():
    words = "whether processes with the victim's numbers shared its memory"
    for run in ("clonevm", "5.10.0-46-cloud-amd64/clonevm", "7.2.13+deb14-cloud-amd64/vfork"):
        assert words in events(run)[0]["missing"], run
    for run in ("real-lamp", "threads", "global-one-hog"):
        assert words not in events(run)[0]["missing"], run


@fact("on other pages, too, the asker dies; with -1000 it would not have")
def _():
    found = events("7.2.13+deb14-arm64-16k/alloc-task")
    assert found and all(e["verdict"]["decided_by"] == "allocating-task" for e in found)
    for e in found:
        asker = [t for t in e["tasks"] if t["pid"] == e["trigger"]["pid"]][0]
        best = max(t["badness"] for t in e["tasks"] if t["eligible"])
        assert asker["oom_score_adj"] != -1000 and e["victims"][0]["pid"] == asker["pid"]
        assert e["victims"][0]["message"] == "Out of memory (oom_kill_allocating_task)"
        assert asker["badness"] < best


def main():
    bad = 0
    for text, check in FACTS:
        try:
            check()
        except (AssertionError, KeyError, IndexError, TypeError) as why:
            bad += 1
            line = sys.exc_info()[2].tb_next.tb_lineno
            print(f"wrong: {text} (line {line}: {type(why).__name__} {why})")
    print(f"{len(FACTS) - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)


main()
