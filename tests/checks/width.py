#!/usr/bin/python3
"""In a window lines are as long as it is wide, between 60 and 120 columns, and nothing is lost by
that; what is no window looks the same for everybody.  $OOMWHY."""
import fcntl
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import termios

OOMWHY = os.path.abspath(os.environ["OOMWHY"])
LOGS = sorted(pathlib.Path("fixtures").rglob("dmesg.txt"))[:4] + \
    sorted(pathlib.Path("fixtures/era").rglob("input.log"))[:12]


def in_window(columns, *argv):
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.execve(OOMWHY, [OOMWHY, *argv], os.environ | {"NO_COLOR": "1", "TERM": "xterm"})
    out = b""
    while True:
        try:
            more = os.read(fd, 65536)
        except OSError:  # its other end is closed
            break
        if not more:
            break
        out += more
    os.close(fd)
    os.waitpid(pid, 0)
    return out.decode().replace("\r", "")


def words(text):
    """Bars have the width that is left."""
    return re.sub("#+", "", text).split()


def main():
    bad = []
    for log in LOGS:
        plain = subprocess.run([OOMWHY, "explain", log], stdout=subprocess.PIPE, text=True, check=True,
                               env=os.environ | {"COLUMNS": "70"}).stdout
        if max(len(line) for line in plain.split("\n\n")[0].split("\n")) > 96:
            bad.append(f"{log}: the answer is wider than 96 columns")
        for columns in (40, 60, 80, 120, 200):
            text = in_window(columns, "explain", str(log))
            answer = text.split("\n\n")[0].split("\n")
            if max(map(len, answer)) > min(max(columns, 60), 120):
                bad.append(f"{log}: the answer is wider than a window of {columns} columns")
            if words(text) != words(plain):
                bad.append(f"{log}: in a window of {columns} columns the words are others")
    print("\n".join(bad))
    return 1 if bad else 0


sys.exit(main())
