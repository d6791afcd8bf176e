#!/usr/bin/python3
"""Every fixture, or every log below a directory, as a page: well formed, nothing loaded, nothing
run, each id once, headings in order."""
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

OOMWHY = os.environ["OOMWHY"]
VOID = {"meta", "br", "hr", "img", "link", "input"}
INPUTS = ("input.log", "input.txt", "dmesg.txt", "kmsg.raw", "console.txt")


class Page(HTMLParser):
    """Complains of what a browser would have to guess."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.faults, self.level = [], set(), [], 0

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag in ("script", "iframe", "object", "embed", "img", "link", "form"):
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in ("src", "href", "action"):
                self.faults.append(f"{tag} {name}={value}")
        if "id" in names:
            if names["id"] in self.ids:
                self.faults.append(f"id {names['id']} twice")
            self.ids.add(names["id"])
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            if int(tag[1]) > self.level + 1:
                self.faults.append(f"{tag} after h{self.level}")
            self.level = int(tag[1])
        if tag == "th" and "scope" not in names:
            self.faults.append("th without scope")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


def check(path):
    out = subprocess.run([OOMWHY, "explain", "--utc", "--year=2026", "--format=html", path.name],
                         cwd=path.parent, check=True, capture_output=True).stdout
    text = out.decode("utf-8")  # or it is no page at all
    page = Page()
    page.feed(text)
    page.close()
    if page.open:
        page.faults.append(f"never closed: {page.open}")
    if "default-src 'none'" not in text or "url(" in text or "@import" in text:
        page.faults.append("the policy that nothing is loaded")
    for char in text:
        if (ord(char) < 32 and char != "\n") or char in "\u202e\u202d\u2066\u2067\u2068\u200f":
            page.faults.append(f"U+{ord(char):04X}")
            break
    for fault in page.faults[:5]:
        print(f"{path}: {fault}")
    return not page.faults


def main():
    top = Path(sys.argv[1] if len(sys.argv) > 1 else "fixtures")
    paths = [p for p in sorted(top.rglob("*")) if p.name in INPUTS]
    good = [check(p) for p in paths]
    print(f"{len(good)} pages, {good.count(False)} with faults")
    return 0 if good and all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
