/* This machine's own log: what `oomwhy` explains when nothing is named. */
#ifndef OOMWHY_CLI_MACHINE_H
#define OOMWHY_CLI_MACHINE_H

#include "cli/pipeline.h"

/* The journal, which knows earlier boots; else the kernel's buffer. */
pipeline_fn machine_run;

#endif
