/* "trend": the kills before this one; null where no store was asked. */
#include "report/json.h"

#include "report/trend.h"

#include <stdlib.h>

/* clang-format off */
static const struct json_field trend_fields[] = {
	{ "kills",		offsetof(struct trend, kills) },
	{ "number",		offsetof(struct trend, number) },
	{ "day",		offsetof(struct trend, day) },
	{ "week",		offsetof(struct trend, week) },
	{ "period_us",		offsetof(struct trend, period_us) },
	{ "period_gaps",	offsetof(struct trend, period_gaps) },
	{ "hour",		offsetof(struct trend, hour) },
	{ "in_hour",		offsetof(struct trend, in_hour) },
	{ "size_min_kb",	offsetof(struct trend, size_min_kb) },
	{ "size_max_kb",	offsetof(struct trend, size_max_kb) },
	{ "growth_kb_day",	offsetof(struct trend, growth_kb_day) },
	{ "growth_kb_hour",	offsetof(struct trend, growth_kb_hour) },
};
/* clang-format on */

json_t *
json_trend(const struct finding *f, struct arena *mem)
{
	struct json_object o;
	char *says[TREND_SENTENCES];
	json_t *all;
	size_t n;

	if (f->trend == NULL)
		return json_null();
	o = json_begin(mem);
	json_put_fields(&o, f->trend, trend_fields, ARRAY_LEN(trend_fields));
	json_put_bool(&o, "more", f->trend->more);
	json_put_time(&o, "first", f->trend->first_us);
	json_put_time(&o, "last", f->trend->last_us);
	json_put_name(&o, "size", trend_size_name(f->trend->size));
	all = json_array();
	n = trend_sentences(f, says);
	for (size_t i = 0; i < n; i++) {
		all = json_add(all, json_string(says[i]));
		free(says[i]);
	}
	json_put(&o, "says", all);
	return o.o;
}
