#!/usr/bin/python3
"""The JSON of every fixture against docs/schema/.  The program is $OOMWHY.

Also: an event that `parse` writes and the one in `explain --all` are the same.
"""
import json
import os
import pathlib
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

INPUTS = ("input.*", "dmesg.txt", "kmsg.raw", "console.txt")


def inputs(top):
    for pattern in INPUTS:
        yield from sorted((top / "fixtures").rglob(pattern))


def run(oomwhy, *args):
    done = subprocess.run([oomwhy, *args], capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{args}: exit {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode("utf-8")


def main():
    oomwhy, top = os.environ["OOMWHY"], pathlib.Path()
    schemas = {}
    for path in (top / "docs" / "schema").glob("*.json"):
        schemas[path.name] = json.loads(path.read_text())
        jsonschema.Draft202012Validator.check_schema(schemas[path.name])
    event = jsonschema.Draft202012Validator(schemas["oomwhy.event-1.json"])
    document = schemas["oomwhy.explain-1.json"]
    resolver = jsonschema.RefResolver("oomwhy.explain-1.json", document, store=schemas)
    explain = jsonschema.Draft202012Validator(document, resolver=resolver)
    files = events = 0
    bad = []
    for path in inputs(top):
        files += 1
        parsed = [json.loads(line) for line in run(oomwhy, "parse", str(path)).splitlines()]
        told = json.loads(run(oomwhy, "explain", "--all", "--format=json", str(path)))
        kept = json.loads(run(oomwhy, "explain", "--format=json", str(path)))
        events += len(parsed)
        for one in parsed:
            bad += [f"{path}: event {one['id']}: {e.json_path}: {e.message[:200]}" for e in event.iter_errors(one)]
        bad += [f"{path}: explain: {e.json_path}: {e.message[:200]}" for e in explain.iter_errors(kept)]
        if told["events"] != parsed:
            bad.append(f"{path}: parse and explain --all tell different events")
        if told["searched"]["events"] != len(parsed):
            bad.append(f"{path}: {told['searched']['events']} events searched, {len(parsed)} told")
    print("\n".join(bad[:40]))
    print(f"{files} inputs, {events} events, {len(bad)} errors")
    return 1 if bad or events == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
