/* The arguments of options that have to be understood: one function each, named in options.c. */
#ifndef OOMWHY_CLI_OPTIONS_TAKE_H
#define OOMWHY_CLI_OPTIONS_TAKE_H

#include "cli/options.h"

/* 0, or -1 and *err: what the option takes, in words for the user. */
typedef int option_take(struct options *, const char *arg, struct err *);

option_take option_take_color, option_take_constraint, option_take_format, option_take_keep,
    option_take_last, option_take_line_format, option_take_list_format, option_take_machine_format,
    option_take_max_size, option_take_offset, option_take_outcome, option_take_watch,
    option_take_timeline_format, option_take_year;
/* cli/ask.c */
option_take option_take_adj, option_take_gone, option_take_limit, option_take_ram, option_take_swap,
    option_take_why_not;
/* options_monitor.c: those of export, check and report. */
option_take option_take_after, option_take_critical, option_take_export_format, option_take_max_age,
    option_take_report_format, option_take_since_last, option_take_span, option_take_warning;

#endif
