"""The stored events of a guest against its truth, field by field.

The truth: trace points (who was marked as victim, who was sent SIGKILL by the kernel, who ran when
it happened), samples of /proc from before each kill, /proc/vmstat's count, uname and /proc/meminfo.
"""
import json
import os
import re
import subprocess

SI_KERNEL = 128
# The clocks differ: the log's is the scheduler's, the trace's CLOCK_MONOTONIC.
CLOCKS_S = 0.5
# Every process has stopped for want of memory, and the disk is emulated.
WITNESS_S = 5
# Of a sample that is some 100 ms old when the kernel counts.
MOVED_PAGES = 2600
# In thousandths of the memory, between two runs of a scenario.
RUNS_DIFFER = 40


def lines(to, name):
    try:
        with open(os.path.join(to, name), encoding="latin-1") as f:
            return f.read().split("\n")
    except OSError:
        return []


def rows(to, name):
    return [line.split("\t") for line in lines(to, name) if line and not line.startswith("#")]


def number(to, name, key):
    for line in lines(to, name):
        m = re.match(rf"{key}\D*?(\d+)", line)
        if m:
            return int(m[1])
    return None


def escaped(raw):
    """Bytes as oomwhy's JSON has them."""
    text = ""
    for c in raw.decode("utf-8", "surrogateescape"):
        if c == "\\" or c < " " or c == "\x7f":
            text += "\\x%02x" % ord(c)
        elif "\udc80" <= c <= "\udcff":
            text += "\\x%02x" % (ord(c) - 0xdc00)
        else:
            text += c
    return text


class Truth:
    def __init__(self, to):
        self.notes = dict(r for r in rows(to, "notes.tsv") if len(r) == 2)
        self.kills_before = number(to, "before/vmstat", "oom_kill ")
        self.kills = number(to, "after/vmstat", "oom_kill ") - self.kills_before
        self.ram_kb = number(to, "before/meminfo", "MemTotal:")
        self.samples = []
        for i in range(1, 100):
            sample = rows(to, f"sample-{i}.tsv")
            if not sample:
                break
            self.samples.append({int(r[0]): r for r in sample if len(r) == 10})
        self.marks, self.signalled = [], set()
        self.read_trace("\n".join(lines(to, "trace.txt")))
        # A task that is dying already is marked again when it asks for memory itself.
        self.marks = [m for m in self.marks if m["pid"] in self.signalled]
        self.commits = [float(r[0]) for r in rows(to, "commits.tsv")]

    def read_trace(self, text):
        """A name in it may hold a newline: an entry goes on up to the next one."""
        heads = list(re.finditer(r"-(\d+)\s+\[\d{3}\]\s+\S+\s+([\d.]+): "
                                 r"(mark_victim|signal_generate): ", text))
        for m, end in zip(heads, [h.start() for h in heads[1:]] + [len(text)]):
            body = text[m.end():end]
            pids = re.findall(r"\bpid=(\d+)", body)
            if m[3] == "mark_victim":
                self.marks.append({"pid": int(pids[0]), "by": int(m[1]), "at": float(m[2])})
            elif f"code={SI_KERNEL} " in body:
                self.signalled.add(int(pids[-1]))

    def process(self, pid):
        """Its last sample before it died."""
        for sample in reversed(self.samples):
            if pid in sample:
                return sample[pid]
        return None

    def comm(self, pid):
        return escaped(bytes.fromhex(self.process(pid)[8]))


class Scenario:
    def __init__(self, name, verbose):
        self.name, self.verbose, self.good, self.bad = name, verbose, 0, 0

    def same(self, what, got, want):
        self.good += got == want
        self.bad += got != want
        if got != want or self.verbose:
            print(f"lab: {self.name}: {what}: {got!r}" + ("" if got == want else
                                                        f", in truth {want!r}"))

    def near(self, what, got, want, most):
        ok = got is not None and abs(got - want) <= most
        self.good += ok
        self.bad += not ok
        if not ok or self.verbose:
            print(f"lab: {self.name}: {what}: {got!r}" + ("" if ok else f", in truth {want!r}"))


def stored_events(oomwhy, to):
    """What the follower left, oldest first; read by a program that only reads."""
    def ask(*argv):
        return json.loads(subprocess.run([oomwhy, *argv, "--format=json", "--db", db], check=True,
                                         capture_output=True).stdout)
    db = os.path.join(to, "db", "oomwhy.db")
    ids = [row["id"] for row in ask("list")["rows"]]
    return [ask("explain", i)["events"][0] for i in reversed(ids)]


def forecast(oomwhy, to):
    """Of the first kill that badness decided: its comm, the adj that spares it, who dies then."""
    for event in stored_events(oomwhy, to):
        verdict = event["verdict"]
        if event["completeness"] == "full":
            then = verdict["spared_for"]
            if verdict["decided_by"] != "badness" or verdict["spare_adj"] is None or then is None:
                return None
            # "Or lower": the sizes of another run are not the same to the page.
            adj = max(verdict["spare_adj"] - RUNS_DIFFER, -999)
            return verdict["expected"]["comm"], adj, then["comm"]
    return None


def first_victim(oomwhy, to):
    events = stored_events(oomwhy, to)
    return events[0]["victims"][0]["comm"] if events and events[0]["victims"] else None


def compare_victim(s, truth, victim):
    pid = victim["pid"]
    row = truth.process(pid)
    if row is None:
        s.same(f"pid {pid} was there", False, True)
        return
    s.same(f"comm of {pid}", victim["comm"], truth.comm(pid))
    s.same(f"uid of {pid}", victim["uid"], int(row[1]))
    s.same(f"oom_score_adj of {pid}", victim["oom_score_adj"], int(row[2]))
    # The loads never give address space back; what they map they map in one piece.
    s.same(f"total_vm of {pid} is no less", victim["total_vm_kb"] // 4 >= int(row[4]), True)
    rss = sum(victim[k] for k in ("anon_rss_kb", "file_rss_kb", "shmem_rss_kb")) // 4
    s.near(f"rss of {pid}", rss, int(row[5]), MOVED_PAGES)


def compare_witness(s, truth, event, mark):
    """What the follower saw of the machine when it was told of the kill."""
    seen = event["witness"]
    s.same("it was there", seen is not None, True)
    if seen is None:
        return
    s.same("witnessed RAM", seen["mem_total_kb"], truth.ram_kb)
    counted = seen["oom_kill"] - truth.kills_before
    s.same("witnessed count", event["witnessed_least"] <= counted <= truth.kills, True)
    if mark is not None:
        s.near("witnessed at", seen["monotonic_us"] / 1e6, mark["at"], WITNESS_S)
    for one in seen["survivors"]:
        row = truth.process(one["pid"])
        if row is not None:
            s.same(f"comm of {one['pid']}, seen", one["comm"], truth.comm(one["pid"]))
            s.same(f"oom_score_adj of {one['pid']}, seen", one["oom_score_adj"], int(row[2]))


def compare_event(s, truth, event):
    pids = {v["pid"] for v in event["victims"]}
    mark = next((m for m in truth.marks if m["pid"] in pids), None)
    for victim in event["victims"]:
        compare_victim(s, truth, victim)
    s.same("a mark_victim for it", mark is not None, True)
    s.same("boot_id", event["boot_id"], truth.notes["boot_id"].replace("-", ""))
    s.same("trust", event["trust"], "kernel")
    s.same("lost_records", event["lost_records"], 0)
    if mark is not None:
        s.near("time", event["victims"][0]["monotonic_us"] / 1e6, mark["at"], CLOCKS_S)
    compare_witness(s, truth, event, mark)
    if event["completeness"] == "kill-only":  # reports are rate-limited, kill lines are not
        return
    s.same("completeness", event["completeness"], "full")
    s.same("unknown lines", event["unknown_lines"], [])
    s.same("constraint", event["constraint"], truth.notes["constraint"])
    s.same("kernel", event["kernel"], truth.notes["release"])
    s.same("page size", event["page_size"], 4096)
    s.same("agrees", event["verdict"]["agrees"], True)
    if event["constraint"] == "none":
        s.near("RAM", event["memory"]["ram_kb"] - event["memory"]["reserved_kb"], truth.ram_kb, 0)
    if mark is not None:
        s.same("pid of the trigger", event["trigger"]["pid"], mark["by"])
        if truth.process(mark["by"]) is not None:  # else it was a thread
            s.same("comm of the trigger", event["trigger"]["comm"], truth.comm(mark["by"]))
    for task in event["tasks"]:
        row = truth.process(task["tgid"])
        if row is not None and task["pid"] == task["tgid"]:
            s.same(f"uid of task {task['pid']}", task["uid"], int(row[1]))
            s.same(f"oom_score_adj of task {task['pid']}", task["oom_score_adj"], int(row[2]))


def compare_prediction(s, to):
    """`oomwhy next` in the guest, before the pressure, and the kernel's own oom_score."""
    text = "\n".join(lines(to, "next.json"))
    before, kernels = ({int(r[0]): int(r[1]) for r in rows(to, f"scores-{when}.tsv") if len(r) == 2 and r[1]}
                       for when in ("before", "after"))
    ours = {p["pid"]: p["oom_score_expected"] for p in json.loads(text)["processes"]
            if p["oom_score_expected"] is not None}
    # Of a process that grew meanwhile nobody knows what it was in between.
    both = {pid for pid in kernels.keys() & ours.keys() if before.get(pid) == kernels[pid]}
    s.same("processes that next ranks", len(both) > 0, True)
    for pid in sorted(both):
        s.near(f"oom_score of {pid}", ours[pid], kernels[pid], 1)


def run(name, oomwhy, to, verbose):
    """True if all is as it was."""
    s, truth = Scenario(name, verbose), Truth(to)
    events = stored_events(oomwhy, to)
    killed = {v["pid"] for e in events for v in e["victims"]}
    # The chosen one of a group is killed twice: as the choice, and as a member.
    twice = sum(any(v["role"] == "group" for v in e["victims"]) for e in events)
    s.same("kills, by the kernel's count", len(killed) + twice, truth.kills)
    s.same("somebody was killed", len(killed) > 0, True)
    s.same("those marked are stored", sorted({m["pid"] for m in truth.marks} - killed), [])
    s.same("those stored were sent SIGKILL", sorted(killed - truth.signalled), [])
    s.same("the follower ended well", truth.notes.get("oomwhy_status"), "0")
    for i, event in enumerate(events):
        event["witnessed_least"] = i + 1
        compare_event(s, truth, event)
    compare_prediction(s, to)
    took = [min((c for c in truth.commits if c >= m["at"]), default=None) for m in truth.marks]
    waits = sorted(c - m["at"] for c, m in zip(took, truth.marks) if c is not None)
    s.same("kills that were committed", len(waits), len(truth.marks))
    most = f", committed {waits[-1] * 1000:.0f} ms after the kill at most" if waits else ""
    rss = number(to, "after/follower", "VmHWM:")
    print(f"lab: {name}: {len(events)} events, {len(killed)} victims, {s.good} facts agree, "
          f"{s.bad} do not{most}; the follower's peak {rss} kB")
    return s.bad == 0
