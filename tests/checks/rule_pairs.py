#!/usr/bin/python3
"""Each rule has a test in which it fires, and one in which it nearly does."""
import pathlib
import re
import sys

IDS = re.compile(r'\.id = "([a-z0-9-]+)"')
CALL = r'assert_%s\([^;]*?"%s"[^;]*?\)'


def main():
    tests = "".join(p.read_text() for p in sorted(pathlib.Path("tests").glob("test_analyze_diagnosis_*.c")))
    ids = sorted({i for p in pathlib.Path("analyze").glob("rule_*.c") for i in IDS.findall(p.read_text())})
    missing = [f"{rule}: no test in which it {'fires' if call == 'fires' else 'is silent'}"
               for rule in ids for call in ("fires", "silent") if not re.search(CALL % (call, rule), tests, re.S)]
    print("\n".join(missing))
    print(f"{len(ids)} rules, {len(missing)} tests missing")
    return 1 if missing or len(ids) < 50 else 0


sys.exit(main())
