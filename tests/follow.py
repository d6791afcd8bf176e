"""A double of /dev/kmsg for the checks of `ingest --follow`: a socket gives one record a read()."""
import contextlib
import os
import re
import socket
import sqlite3
import subprocess
import time

OOMWHY = os.environ["OOMWHY"]
LOG = "fixtures/lab/6.1.0-56-cloud-amd64/many-small-vs-big/dmesg.txt"


def log_lines():
    with open(LOG, encoding="utf-8", errors="replace") as log:
        return [(int(m[1]) * 1000000 + int(m[2]), m[3])
                for m in map(re.compile(r"\[ *(\d+)\.(\d+)\] (.*)").match, log) if m]


class Follower:
    """The program, and the kernel's end of its socket."""

    def __init__(self, db, *args):
        self.db, self.seq = db, 1
        self.kernel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # The same name each time: the position is kept by it.
        fd = 90
        os.dup2(theirs.fileno(), fd)
        theirs.close()
        self.run = subprocess.Popen(
            [OOMWHY, "ingest", "--follow", "--db", db, *args, f"kmsg:{fd}"], pass_fds=[fd])
        os.close(fd)

    def say(self, us, text):
        self.kernel.send(f"4,{self.seq},{us},-;{text}\n".encode())
        self.seq += 1

    def say_log(self, lines):
        for us, text in lines:
            self.say(us, text)

    def status(self, name):
        with open(f"/proc/{self.run.pid}/status", encoding="ascii") as f:
            return int(next(s for s in f if s.startswith(name + ":")).split()[1])

    def stop(self, signal=15):
        self.run.send_signal(signal)
        return self.run.wait(30)


def count(db, what="events"):
    if not os.path.exists(db):
        return 0
    try:
        with contextlib.closing(sqlite3.connect(db, timeout=5)) as link:
            return link.execute(f"SELECT count(*) FROM {what}").fetchone()[0]
    except sqlite3.OperationalError: # it is being made
        return 0


def wait_for(test, seconds=20):
    end = time.monotonic() + seconds * (4 if "ASAN_OPTIONS" in os.environ else 1)
    while not test() and time.monotonic() < end:
        time.sleep(0.02)
    assert test(), "waited in vain"


def burst(f, seconds, rate=10000):
    """So many records a second; how many were said."""
    begin, said = time.monotonic(), 0
    while (now := time.monotonic() - begin) < seconds:
        while said < now * rate:
            f.say(10000000 + said * 100, f"usb 1-1: new device number {said}")
            said += 1
        time.sleep(0.005)
    return said
