#!/usr/bin/python3
"""The JSON of every fixture, or of every log below a directory, against docs/schema/.

The program is $OOMWHY.

Also: an event that `parse` writes and the one in `explain --all` are the same, and the
flavours for log collectors tell the same facts of it.
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
        yield from sorted(top.rglob(pattern))


def run(oomwhy, *args):
    done = subprocess.run([oomwhy, *args], capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{args}: exit {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode("utf-8")


def lines(oomwhy, path, *options):
    return [json.loads(line) for line in run(oomwhy, "parse", *options, str(path)).splitlines()]


def attributes(record):
    return {a["key"]: next(iter(a["value"].values())) for a in record["attributes"]}


def same_facts(event, ecs, otlp):
    """What three formats say of one event."""
    record = otlp["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]
    said = attributes(record)
    chosen = next((v for v in event["victims"] if v["role"] in ("chosen", "child")), None)
    pid = None if chosen is None else chosen["pid"]
    first = next(iter(event["diagnoses"] or []), None)
    return (ecs["event"]["id"] == said["log.record.uid"] == event["id"]
            and ecs.get("@timestamp") == event["time"]
            and (event["time"] is None) == ("timeUnixNano" not in record)
            and ecs["message"] == record["body"]["stringValue"]
            and (chosen is None or ecs.get("process", {}).get("pid") == pid)
            and (pid is None or said["process.pid"] == str(pid))
            and ecs["oomwhy"].get("diagnosis", {}).get("says") == (first and first["says"]))


def flavours(oomwhy, path, parsed, schemas):
    found = []
    told = {}
    for name, schema in (("ecs", "oomwhy.ecs-8.json"), ("otlp", "oomwhy.otlp-1.json")):
        told[name] = lines(oomwhy, path, f"--format={name}")
        check = jsonschema.Draft202012Validator(schemas[schema])
        for one in told[name]:
            found += [f"{path}: {name}: {e.json_path}: {e.message[:200]}" for e in check.iter_errors(one)]
    if not len(parsed) == len(told["ecs"]) == len(told["otlp"]):
        return [f"{path}: {len(parsed)} events, {len(told['ecs'])} in ECS, {len(told['otlp'])} in OTLP"]
    for event, ecs, otlp in zip(parsed, told["ecs"], told["otlp"]):
        if not same_facts(event, ecs, otlp):
            found.append(f"{path}: event {event['id']}: ECS or OTLP tell something else")
    return found


def main():
    oomwhy = os.environ["OOMWHY"]
    top = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "fixtures")
    if not top.is_dir():
        print(f"skipped: there is no {top}")
        return 77
    schemas = {}
    for path in pathlib.Path("docs/schema").glob("*.json"):
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
        parsed = lines(oomwhy, path)
        bad += flavours(oomwhy, path, parsed, schemas)
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
