"""ingest --follow for minutes: 10,000 records a second and none lost, then not one wake-up."""
import sys
import tempfile
import time

sys.path.insert(0, "tests")
from follow import Follower, burst, count, wait_for # noqa: E402


def main():
    with tempfile.TemporaryDirectory() as top:
        db = f"{top}/burst.db"
        f = Follower(db)
        burst(f, 1) # it may not even have begun before
        begin = f.status("VmRSS")
        said = burst(f, 60)
        f.seq += 1
        f.say(900000000, "the record before is lost, and no other")
        wait_for(lambda: count(db, "gaps") > 0)
        assert count(db, "gaps WHERE lost=1") == 1, f"of {said} some were lost"
        grown = f.status("VmRSS") - begin
        assert grown < 4096, f"grew by {grown} kB"
        time.sleep(1)
        before = f.status("voluntary_ctxt_switches")
        time.sleep(60)
        woken = f.status("voluntary_ctxt_switches") - before
        assert woken == 0, f"woken {woken} times in a minute"
        print(f"{said} records, none lost; {f.status('VmRSS')} kB resident")
        assert f.stop() == 0
    return 0


sys.exit(main())
