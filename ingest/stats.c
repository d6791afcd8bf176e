#include "ingest/stats.h"

const struct source_stats stats_none = {
	.first_us = UNKNOWN, .last_us = UNKNOWN, .first_mono_us = UNKNOWN, .last_mono_us = UNKNOWN
};

void
stats_add(struct source_stats *sum, const struct source_stats *st)
{
	sum->bytes += st->bytes, sum->lines += st->lines, sum->records += st->records;
	sum->long_lines += st->long_lines, sum->lost_records += st->lost_records;
	sum->bad_entries += st->bad_entries;
	if (known(st->first_us) && (!known(sum->first_us) || st->first_us < sum->first_us))
		sum->first_us = st->first_us;
	if (known(st->last_us) && (!known(sum->last_us) || st->last_us > sum->last_us))
		sum->last_us = st->last_us;
	if (!known(sum->first_mono_us))
		sum->first_mono_us = st->first_mono_us;
	if (known(st->last_mono_us))
		sum->last_mono_us = st->last_mono_us;
	sum->format = st->format;
}
