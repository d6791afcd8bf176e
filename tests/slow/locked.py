#!/usr/bin/python3
"""tests/checks/trouble.py, where another program writes to the store for half a minute."""
import os
import sys

os.environ["OOMWHY_LOCK_S"] = "30"
os.execv(sys.executable, [sys.executable, "tests/checks/trouble.py"])
