#!/usr/bin/python3
"""Reports under kill -9, and the programs that read our metrics.  $OOMWHY.

A year of history, a log that grows by some kills a day and is rotated, and an hourly
`report --since-last --output`, killed at random moments ($MONITOR_ROUNDS hours, 8760): every event
is in exactly one of the files.  `ingest` is killed now and then, too.
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path("tests/checks").resolve()))
os.environ["OOMWHY_FULL"] = "1"
import monitor  # noqa: E402  (its NEEDED looks at the environment)

HOURS = int(os.environ.get("MONITOR_ROUNDS", "8760"))
SEED = int(os.environ.get("MONITOR_SEED", "0")) or random.SystemRandom().randrange(1 << 32)


def killed(rng, *args):
    """Run, and kill it after a random time; whether it came to its end."""
    child = subprocess.Popen([monitor.OOMWHY, *map(str, args)], stdout=subprocess.DEVNULL)
    try:
        child.wait(rng.expovariate(1 / 0.006))
    except subprocess.TimeoutExpired:
        child.kill()
    return child.wait() == 0




class History:
    """Logs of two hosts, some kills a day, rotated every month; one is half a day late."""

    def __init__(self, rng, folder):
        self.rng, self.folder = rng, folder
        self.logs = [folder / "web1.log", folder / "web2.log"]
        for log in self.logs:
            log.write_text("")
        self.begin = int(time.time()) - (HOURS + 48) * 3600
        self.total = 0

    def hour(self, n):
        for late, log in ((0, self.logs[0]), (12, self.logs[1])):
            for k in range(self.rng.choice((0, 0, 0, 0, 1, 2))):
                self.total += 1
                at = self.begin + 3600 * (n - late) + 900 * k + self.rng.randrange(800)
                with open(log, "a", encoding="ascii") as out:
                    out.write(monitor.kill(at, 1000 + self.total, host=log.stem))
        if n % 720 == 719:
            for log in self.logs:
                os.replace(log, f"{log}.1")
                log.write_text("")

    def paths(self):
        return sorted(self.folder.glob("web*.log*"))


def year(folder, rng):
    db, history = folder / "y.db", History(rng, folder)
    out = folder / "report.json"
    told, kills, last = 0, 0, None
    for n in range(HOURS):
        history.hour(n)
        if rng.random() < 0.05 and not killed(rng, "ingest", "--db", db, *history.paths()):
            kills += 1
        monitor.run("ingest", "--db", db, *history.paths())
        if rng.random() < 0.3:
            kills += not killed(rng, "report", "--db", db, "--since-last=r", "-q", "--format=json", "-o", out)
            told += taken(out)
        monitor.run("report", "--db", db, "--since-last=r", "-q", "--format=json", "-o", out)
        told += taken(out)
        for litter in folder.glob("report.json.*"):
            litter.unlink()  # of runs that were killed; a real one would stay
        if n % 1000 == 999:
            monitor.run("store", "prune", "--db", db, "--keep", "20d")
        last = n
    monitor.must(f"events told in {last + 1} hours, {kills} kills, seed {SEED}", told, history.total)
    print(f"{history.total} events in {HOURS} hours, {kills} kills")


def taken(out):
    """What somebody takes from where it is put: a file is taken once."""
    if not out.exists():
        return 0
    events = json.loads(out.read_text())["events"]
    out.unlink()
    return events


def main():
    rng = random.Random(SEED)
    print(f"seed {SEED}")
    with tempfile.TemporaryDirectory(prefix="oomwhy-monitor-") as name:
        monitor.metrics(pathlib.Path(name))
        year(pathlib.Path(name), rng)
    print("\n".join(monitor.bad[:40]))
    return 1 if monitor.bad else 0


if __name__ == "__main__":
    sys.exit(main())
