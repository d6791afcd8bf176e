#!/bin/sh
# Kernels that kill for real, in guests; see lab/run.  Exit status 77: no kernel or QEMU to be had.
exec ./dev lab
