#include "feed.h"

static int
collect(void *ctx, struct event *ev, struct err *err)
{
	struct fed *fed = ctx;

	if (fed->n == FEED_MAX) {
		event_free(ev);
		return err_set(err, "too many events");
	}
	fed->v[fed->n++] = ev;
	return 0;
}

static void
take_prefix(struct record *r)
{
	struct str s = r->text, head;
	int64_t sec, us;
	size_t at;

	if (str_chr(str_head(s, 8), '|', &at)) {
		r->host = str_head(s, at);
		s = str_from_at(s, at + 2);
	}
	if (!str_eat_chr(&s, '[') || !str_eat_i64(&s, &sec) || !str_eat_chr(&s, '.') ||
	    !str_eat_digits(&s, 6, &us) || !str_eat_chr(&s, ']')) {
		r->bare = true;
		return;
	}
	r->mono_us = sec * 1000000 + us;
	if (str_starts(s, STR("[")) && str_cut(&s, STR("]"), &head))
		r->caller = str_from_at(head, 1);
	str_eat_chr(&s, ' ');
	r->text = s;
}

struct fed
feed(const char *text)
{
	struct fed fed = { .n = 0 };
	struct parser *p = parser_new(collect, &fed, &fed.err);
	struct str rest = str_from(text), line;
	int64_t number = 0;

	if (p == NULL) {
		fed.rc = -1;
		return fed;
	}
	while (fed.rc == 0 && str_cut_line(&rest, &line)) {
		struct record r = { .text = line,
			.raw = line,
			.path = STR("test.log"),
			.line = ++number,
			.mono_us = UNKNOWN,
			.real_us = UNKNOWN,
			.real_error_us = UNKNOWN,
			.seq = UNKNOWN,
			.facility = -1,
			.level = -1 };

		take_prefix(&r);
		fed.rc = parser_feed(p, &r, &fed.err);
	}
	if (fed.rc == 0)
		fed.rc = parser_end(p, &fed.err);
	parser_free(p);
	return fed;
}

void
fed_free(struct fed *fed)
{
	for (size_t i = 0; i < fed->n; i++)
		event_free(fed->v[i]);
	fed->n = 0;
}
