"""What the field checks share: running oomwhy, and a score line per check."""
import json
import os
import subprocess
import sys


def parse(binary, path, *args):
    """Every event of a log, as `oomwhy parse` gives it."""
    run = subprocess.run([binary, "parse", *args, path], stdin=subprocess.DEVNULL,
                         capture_output=True, timeout=300)
    if run.returncode not in (0, 3):
        raise RuntimeError(f"{path}: exit {run.returncode}: {run.stderr.decode(errors='replace')}")
    return [json.loads(line) for line in run.stdout.splitlines()]


def escape(raw):
    """Bytes as the JSON has them: valid UTF-8 kept, the rest \\xNN as the kernel does."""
    out = []
    while raw:
        for n in (1, 2, 3, 4):
            try:
                char = raw[:n].decode()
            except UnicodeDecodeError:
                continue
            break
        else:
            char, n = None, 1
        if char is None:
            out.append("\\x%02x" % raw[0])
        elif must_escape(char):
            out.append("".join("\\x%02x" % b for b in raw[:n]))
        else:
            out.append(char)
        raw = raw[n:]
    return "".join(out)


def must_escape(char):
    code = ord(char)
    return (code < 0x20 or 0x7f <= code <= 0x9f or char == "\\" or 0x202a <= code <= 0x202e
            or 0x2066 <= code <= 0x2069 or 0xd800 <= code <= 0xdfff)


def arguments():
    """(binary, directory, verbose); skips, as ctest understands it, where there are no logs."""
    args = [a for a in sys.argv[1:] if a != "--verbose"]
    if len(args) != 2:
        sys.exit(__import__("__main__").__doc__)
    if not os.path.isdir(args[1]):
        print(f"skipped: no logs in {args[1]}")
        sys.exit(77)
    return args[0], args[1], "--verbose" in sys.argv


class Score:
    """Counts right and wrong answers of one check and remembers the wrong ones."""

    def __init__(self, name):
        self.name, self.right, self.misses = name, 0, []

    def check(self, ok, miss):
        if ok:
            self.right += 1
        else:
            self.misses.append(miss)

    def report(self, verbose):
        total = self.right + len(self.misses)
        print(f"{self.name}: {self.right} of {total}")
        for miss in self.misses if verbose else self.misses[:10]:
            print(f"    miss: {miss}")
        if len(self.misses) > 10 and not verbose:
            print(f"    ... {len(self.misses) - 10} more (--verbose)")
        return not self.misses


def finish(scores, verbose):
    good = [s.report(verbose) for s in scores]
    print(f"{sum(good)} passed, {len(good) - sum(good)} failed")
    sys.exit(0 if all(good) else 1)
