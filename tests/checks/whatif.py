#!/usr/bin/python3
"""whatif over all fixtures: its JSON against the schema, and its answers against each other.

What it says spares the first must spare it when asked for, and one more must not; what it says
makes another the first must do so, and one less must not.  The program is $OOMWHY.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

OOMWHY = os.path.abspath(os.environ["OOMWHY"])
INPUTS = ("input.*", "dmesg.txt")
bad = []
counts = {"inputs": 0, "replayed": 0, "spares": 0, "lifts": 0}


def fail(path, text):
    bad.append(f"{path}: {text}")


def run(*args):
    env = dict(os.environ, OOMWHY_DB="/nonexistent/store.db")
    return subprocess.run([OOMWHY, "whatif", *args], capture_output=True, check=False, env=env)


def ask(check, path, *args):
    done = run("--format=json", *args, str(path))
    if done.returncode != 0:
        if b"no kill by the kernel" not in done.stderr:
            fail(path, f"{args}: exit {done.returncode}: {done.stderr.decode(errors='replace')}")
        return None
    answer = json.loads(done.stdout)
    for error in check.iter_errors(answer):
        fail(path, f"{args}: {error.json_path}: {error.message[:200]}")
    return answer


def is_first(answer, pid):
    """At both ends of what totalpages may be."""
    now = answer["now"]
    return now["first"]["pid"] == pid and now["first_with_most_totalpages"]["pid"] == pid


def check_spare(check, path, answer):
    first = answer["now"]["first"]["pid"]
    alone = [s for s in answer["spare"] if s["name"] is None]
    if not alone or alone[0]["oom_score_adj"] is None or alone[0]["then"] is None:
        return
    adj, then = alone[0]["oom_score_adj"], alone[0]["then"]["pid"]
    counts["spares"] += 1
    if ask(check, path, f"--adj={first}={adj}")["now"]["first"]["pid"] != then:
        fail(path, f"{first} is not spared for {then} by {adj}")
    if adj == -1000:
        return
    now = ask(check, path, f"--adj={first}={adj + 1}")["now"]
    if first not in (now["first"]["pid"], now["first_with_most_totalpages"]["pid"]):
        fail(path, f"{first} is spared by {adj + 1} already")


def check_lift(check, path, answer):
    for reason in answer["why_not"][0]["reasons"] if answer["why_not"] else []:
        adj = reason["oom_score_adj_to_be_first"]
        if adj is None:
            continue
        pid = reason["process"]["pid"]
        counts["lifts"] += 1
        if not is_first(ask(check, path, f"--adj={pid}={adj}"), pid):
            fail(path, f"{pid} is not the first by {adj}")
        if is_first(ask(check, path, f"--adj={pid}={adj - 1}"), pid):
            fail(path, f"{pid} is the first by {adj - 1} already")


def check_file(check, path):
    answer = ask(check, path)
    counts["inputs"] += 1
    if answer is None or answer["refused"] is not None:
        return
    counts["replayed"] += 1
    ranking = answer["now"]["ranking"]
    if answer["was"] != answer["now"]:
        fail(path, "nothing was asked for, and something changed")
    if not ranking:
        return
    if len({row["pid"] for row in ranking}) != len(ranking) or answer["now"]["asker_dies"]:
        return
    check_spare(check, path, answer)
    if len(ranking) > 1:
        second = ranking[-1]["pid"]
        check_lift(check, path, ask(check, path, f"--why-not={second}"))
        gone = ask(check, path, f"--gone={ranking[0]['pid']}")
        if [row["pid"] for row in gone["now"]["ranking"]] != [row["pid"] for row in ranking[1:]]:
            fail(path, "without the first the others do not stay in their order")


def check_truth(check):
    """Between the two kills of this guest 107 was gone, and 108 got an oom_score_adj of 800."""
    path = "fixtures/lab/6.1.0-56-cloud-amd64/adj-change/dmesg.txt"
    with tempfile.TemporaryDirectory() as tmp:
        db = f"{tmp}/store.db"
        subprocess.run([OOMWHY, "ingest", f"--db={db}", path], check=True, capture_output=True)
        listed = json.loads(subprocess.run([OOMWHY, "list", f"--db={db}", "--format=json"],
                                           check=True, capture_output=True).stdout)["rows"]
        ids = {row["victim"]: row["id"] for row in listed}
        before, after = ids["first"], ids["second"]
        foretold = ask(check, before, f"--db={db}", "--gone=first", "--adj=second=800")["now"]["ranking"][0]
        happened = ask(check, after, f"--db={db}")["was"]["ranking"][0]
        if foretold["pid"] != 108 or happened["pid"] != 108:
            fail(path, "the second kill is not what the first one foretells")
        # It did not grow in between.
        if abs(foretold["badness"] - happened["badness"]) > 64 or foretold["badness"] < 50000:
            fail(path, f"{foretold} was foretold, {happened} happened")


def check_usage(path):
    for code, args in (
        (2, ("--adj=x",)), (2, ("--adj=x=1001",)), (2, ("--adj=x=",)), (2, ("--adj==5",)),
        (2, ("--limit=lots",)), (2, ("--ram=-1",)), (2, ("--swap=1X",)), (2, ("--why-not=",)),
        (2, ("--format=html",)), (1, ("--adj=nobody-has-this=5",)), (1, ("--gone=999999",)),
    ):
        done = run(*args, str(path))
        if done.returncode != code or not done.stderr:
            fail(path, f"{args}: exit {done.returncode}, not {code}")
    done = run("--why-not=nobody", "--limit=max", "--ram=2GiB", "--swap=0.5G", str(path))
    if done.returncode != 0 or b"WHY NOT nobody" not in done.stdout or done.stderr:
        fail(path, f"text: exit {done.returncode}: {done.stderr.decode(errors='replace')}")
    if run("/dev/null").returncode != 1:
        fail(path, "an empty log has no kill")


def main():
    schema = json.loads(pathlib.Path("docs/schema/oomwhy.whatif-1.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    paths = [path for pattern in INPUTS for path in sorted(pathlib.Path("fixtures").rglob(pattern))]
    for path in paths:
        check_file(check, path)
    check_usage("fixtures/era/6.8-t7/input.log")
    check_truth(check)
    print("\n".join(bad[:40]))
    print(", ".join(f"{n} {what}" for what, n in counts.items()), f"and {len(bad)} errors")
    return 1 if bad or counts["spares"] < 20 or counts["lifts"] < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
