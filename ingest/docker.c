#include "ingest/docker.h"

#include "base/mem.h"

bool
docker_may_join(const struct docker *d, struct str raw)
{
	for (size_t i = 0; i < ARRAY_LEN(d->open); i++) {
		if (d->open[i].text.n > 0)
			return true;
	}
	return raw.n >= DOCKER_PIECE && str_has(str_head(raw, 64), STR("\"log\""));
}

enum entry_status
docker_join(struct docker *d, struct str stream, struct entry *e, struct err *err)
{
	struct docker_line *l = &d->open[str_eq_z(stream, "stderr")];
	struct str text = e->prefix.text;
	bool piece = text.n >= DOCKER_PIECE && text.p[text.n - 1] != '\n';
	int full;

	if (!piece && l->text.n == 0)
		return ENTRY_READY;
	if (l->text.n == 0) {
		l->stamp = e->prefix.stamp;
		l->line = e->line;
	}
	full = entry_add(&l->text, text, err); /* 1: over ENTRY_MAX, the rest is cut */
	if (full == -1)
		return ENTRY_ERROR;
	if (piece && full == 0)
		return ENTRY_MORE;
	e->prefix.text = (struct str){ l->text.p, l->text.n };
	e->prefix.stamp = l->stamp;
	e->last = e->line;
	e->line = l->line;
	l->text.n = 0;
	return ENTRY_READY;
}

bool
docker_flush(struct docker *d, struct entry *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(d->open); i++) {
		struct docker_line *l = &d->open[i];

		if (l->text.n == 0)
			continue;
		*ret = (struct entry){
			.prefix = prefix_none((struct str){ l->text.p, l->text.n }),
			.format = "docker",
			.raw = { l->text.p, l->text.n },
			.line = l->line,
			.last = l->line,
			.lines = true,
		};
		ret->prefix.stamp = l->stamp;
		l->text.n = 0;
		return true;
	}
	return false;
}

void
docker_done(struct docker *d)
{
	for (size_t i = 0; i < ARRAY_LEN(d->open); i++)
		mem_free(d->open[i].text.p);
	*d = (struct docker){ 0 };
}
