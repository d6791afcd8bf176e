#include "ingest/streams.h"

#include "base/mem.h"

/*
 * A packed log of a machine is rarely 1/100 of its size, and zeros in gzip are 1/1000.
 * Memory does not grow with any of these: a bomb can only waste time.
 */
static const struct layers_limits limits = {
	.members = 1000000, .archives = 4, .layers = 12, .free = INT64_C(4) << 30, .ratio = 1000
};

ssize_t
streams_read(void *streams, char *to, size_t n, struct err *err)
{
	struct streams *s = streams;
	ssize_t got = s->broken ? 0 : layers_read(s->layers, to, n, &s->why);

	(void)err;
	s->broken |= got < 0;
	s->at += got > 0 ? got : 0;
	return got < 0 ? 0 : got;
}

int64_t
streams_hole(void *streams)
{
	const struct streams *s = streams;

	return layers_hole(s->layers);
}

const char *
streams_label(const struct streams *s)
{
	return s->path != NULL ? s->path : s->where;
}

/* 0, or -1 and *err. */
static int
set_label(struct streams *s, struct str name, struct err *err)
{
	struct str where = str_from(s->where);

	mem_free(s->path);
	s->path = NULL;
	if (name.p == NULL)
		return 0;
	if ((s->path = mem_alloc(where.n + name.n + 2)) == NULL)
		return err_no_memory(err);
	memcpy(s->path, where.p, where.n);
	s->path[where.n] = ':';
	memcpy(s->path + where.n + 1, name.p, name.n);
	s->path[where.n + 1 + name.n] = '\0';
	return 0;
}

int
streams_open(struct streams *s, struct input *in, struct err *err)
{
	input_watch(in, s->opts->tick, s->opts->tick_ctx);
	s->layers = layers_new(in, &limits, err);
	return s->layers == NULL ? -1 : 0;
}

/* 1: a file is open, 0: there are no more, -1 and *err. */
static int
next_file(struct streams *s, struct err *err)
{
	struct input *in;

	if (s->layers != NULL) {
		s->passed += layers_stats(s->layers).passed;
		layers_free(s->layers);
		s->layers = NULL;
	}
	if (s->next_path == s->npaths)
		return 0;
	s->where = s->paths[s->next_path++];
	if ((in = input_open(s->where, NULL, err)) == NULL)
		return -1;
	if (streams_open(s, in, err) == 0)
		return 1;
	input_close(in);
	return -1;
}

int
streams_next(struct streams *s, struct layers_stream *ret, struct err *err)
{
	struct err why;
	int got;

	s->broken = false;
	s->at = 0;
	while ((got = s->layers == NULL ? 0 : layers_next(s->layers, ret, &why)) == 0) {
		if ((got = next_file(s, err)) != 1)
			return got;
	}
	if (set_label(s, ret->name, err) != 0)
		return -1;
	if (got < 0) {
		s->unread++;
		return err_set(err, "%s: %s", streams_label(s), why.msg);
	}
	s->packing = unpack_name(layers_packing(s->layers));
	return 1;
}

void
streams_done(struct streams *s)
{
	layers_free(s->layers);
	mem_free(s->path);
}
