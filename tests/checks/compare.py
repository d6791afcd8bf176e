#!/usr/bin/python3
"""compare: the JSON of pairs of fixtures against the schema; both ways round; events of a store.

The program is $OOMWHY.
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
PARTS = ("event", "limits", "memory", "services", "zones")
bad = []


def run(code, *args, db="/nonexistent/store.db"):
    done = subprocess.run([OOMWHY, *args], capture_output=True, check=False, env=dict(os.environ, OOMWHY_DB=db))
    if done.returncode != code:
        bad.append(f"{args}: exit {done.returncode}, not {code}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode()


def deltas(answer):
    return {(part, row["name"]): row["delta"] for part in PARTS for row in answer[part]}


def check_pair(check, first, second):
    answers = []
    for pair in ((first, second), (second, first)):
        answers.append(json.loads(run(0, "compare", "--format=json", *map(str, pair)) or "{}"))
        bad.extend(f"{pair}: {e.json_path}: {e.message[:200]}" for e in check.iter_errors(answers[-1]))
        run(0, "compare", *map(str, pair))
    there, back = map(deltas, answers)
    for key, delta in there.items():
        if delta is not None and back.get(key) != -delta:
            bad.append(f"{first} and {second}: {key} is {delta} there and {back.get(key)} back")


def check_store(check, logs):
    with tempfile.TemporaryDirectory() as tmp:
        db = f"{tmp}/store.db"
        run(0, "ingest", *map(str, logs), db=db)
        ids = [row["id"] for row in json.loads(run(0, "list", "--format=json", db=db))["rows"]]
        answer = json.loads(run(0, "compare", "--format=json", ids[0], ids[1], db=db) or "{}")
        bad.extend(f"store: {e.json_path}: {e.message[:200]}" for e in check.iter_errors(answer))
        if (answer["first"]["id"], answer["second"]["id"]) != (ids[0], ids[1]):
            bad.append(f"{ids[:2]} were asked for, {answer['first']}, {answer['second']} were told")
        run(1, "compare", ids[0], "0000000000000000", db=db)


def main():
    schema = json.loads(pathlib.Path("docs/schema/oomwhy.compare-1.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    logs = [p for p in sorted(pathlib.Path("fixtures/lab").rglob("dmesg.txt"))
            if json.loads(run(0, "explain", "--format=json", str(p)))["events"]]
    pairs = list(zip(logs, logs[1:]))[:40]
    for first, second in pairs:
        check_pair(check, first, second)
    for code, args in ((2, ()), (2, (str(logs[0]),)), (2, (str(logs[0]),) * 3),
                       (1, (str(logs[0]), "/dev/null")), (1, (str(logs[0]), "/nonexistent/log"))):
        run(code, "compare", *args)
    check_store(check, logs[:4])
    print("\n".join(bad[:40]))
    print(f"{len(pairs)} pairs, {len(bad)} errors")
    return 1 if bad or len(pairs) < 5 else 0


if __name__ == "__main__":
    sys.exit(main())
