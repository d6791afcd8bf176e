#!/usr/bin/python3
"""A process may call itself anything: no format lets it do harm, and each gives the name back.

The victim of a captured report is renamed in its log.  The program is $OOMWHY.
"""
import csv
import html
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

REPORT = "fixtures/lab/5.10.0-46-cloud-amd64/adj-plus500/kmsg.raw"
NAME, PID = b"scapegoat", 98
NAMES = (
    b"\x1b[2J\x1b]0;owned\x07", b"<script>x</scr", b"<img src=x onx=", b"\"onload='x", b"=cmd|'x'!A0",
    b"+1+1", b"-1", b"@SUM(A1)", b"'=1", b"a,b;c\td", b"a|b`c`*d*", b"\xe2\x80\xaeevil", b"\xe2\x81\xa6iso",
    b"\xff\xfe\x80", b"\xc2\x9b31m", b"\xc3\xa9t\xc3\xa9", b"back\\slash", b"\\x41", b"a\nb", b"x\r\ny", b"\xe2\x80\xa8line",
    b") total-vm:1kB", b"x) score 9 or", b"{\"a\":1}", b"{}}[", b"%s%n%d", b"$(reboot)", b"a\"b\"c", b" lead", b"&lt;b&gt;",
)
VIEWS = (["explain"], ["explain", "--verbose"], ["explain", "--brief", "--all"], ["explain", "--raw"],
         ["explain", "--format=json"], ["explain", "--format=html"], ["explain", "--color=never"], ["parse"],
         ["parse", "--format=ecs"], ["parse", "--format=otlp"],
         ["whatif", f"--why-not={PID}"], ["whatif", "--verbose"], ["whatif", "--format=json"],
         ["compare", REPORT], ["compare", "--format=json", REPORT])
LISTS = ([], ["--format=json"], ["--format=csv"], ["--incidents"])
# Control characters but the newline, C1, line and paragraph separators, directions.
HARMFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def run(oomwhy, *args):
    done = subprocess.run([oomwhy, *args], capture_output=True, check=False)
    assert done.returncode == 0, (args, done)
    return done.stdout


def kernel_escaped(name):
    """As /dev/kmsg shows it: record_print_text(), kernel/printk/printk.c."""
    return b"".join(bytes([c]) if 32 <= c < 127 and c != 0x5c else b"\\x%02x" % c for c in name)


def original(text):
    """What base/escape.h promises can be undone."""
    data = text.encode()
    return re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes.fromhex(m[1].decode()), data)


def harmless(view, data):
    text = data.decode("utf-8") # strict
    if view == ["--format=csv"]:
        text = text.replace("\r\n", "\n")
    found = HARMFUL.search(text)
    assert found is None, (view, text[max(0, found.start() - 80):found.start() + 20])
    return text


def check_views(oomwhy, log, name):
    for view in VIEWS:
        text = harmless(view, run(oomwhy, *view, "--utc", log))
        if "html" in view[-1]:
            assert not re.search(r"<(script|img)", text), view
            assert name in original(html.unescape(text)), view
        elif view[0] == "whatif" and view[-1] == "--format=json":
            json.loads(text)
        elif view[0] == "explain" and view[-1] == "--format=json":
            assert original(json.loads(text)["events"][0]["victims"][0]["comm"]) == name, text
        elif view == ["parse"]:
            assert original(json.loads(text.split("\n", 1)[0])["victims"][0]["comm"]) == name, text
        elif view[-1] == "--format=ecs":
            assert original(json.loads(text.split("\n", 1)[0])["process"]["name"]) == name, text
        elif view[-1] == "--format=otlp":
            record = json.loads(text.split("\n", 1)[0])["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]
            said = {a["key"]: a["value"] for a in record["attributes"]}
            assert original(said["process.executable.name"]["stringValue"]) == name, text


def csv_name(cell):
    """A leading apostrophe keeps a spreadsheet from computing it."""
    assert cell[:1] not in ("=", "+", "-", "@"), cell
    return original(cell[1:] if cell.startswith("'") else cell)


def check_store(oomwhy, log, db, name):
    run(oomwhy, "ingest", "--db", db, log)
    for options in LISTS:
        text = harmless(options, run(oomwhy, "list", "--utc", "--db", db, *options))
        if options == ["--format=json"]:
            row = next(r for r in json.loads(text)["rows"] if r["victim_pid"] == PID)
            assert original(row["victim"]) == name, text
        elif options == ["--format=csv"]:
            row = next(r for r in csv.DictReader(io.StringIO(text)) if r["victim_pid"] == str(PID))
            assert csv_name(row["victim"]) == name, text
    harmless([], run(oomwhy, "explain", "--db", db, "--last=1"))


def main():
    oomwhy = os.environ["OOMWHY"]
    log = pathlib.Path(REPORT).read_bytes()
    assert log.count(NAME) == 3
    with tempfile.TemporaryDirectory() as top:
        for i, name in enumerate(NAMES):
            assert len(name) <= 15, name
            path = f"{top}/{i}.kmsg"
            with open(path, "wb") as out:
                out.write(log.replace(NAME, kernel_escaped(name)))
            check_views(oomwhy, path, name)
            check_store(oomwhy, path, f"{top}/{i}.db", name)
    print(f"{len(NAMES)} names, {len(VIEWS) + len(LISTS)} views of each")
    return 0


sys.exit(main())
