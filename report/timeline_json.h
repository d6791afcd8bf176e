/* Shared by the two formats of timelines that are JSON. */
#ifndef OOMWHY_REPORT_TIMELINE_JSON_H
#define OOMWHY_REPORT_TIMELINE_JSON_H

#include "report/timeline.h"

#include <jansson.h>

json_t *json_timeline_words(const struct timeline_entry *); /* NULL: no memory */

#endif
