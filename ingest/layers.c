#include "ingest/layers.h"

#include "base/mem.h"

enum { MAX_LAYERS = 16, NAME_MAX_BYTES = 4096 };

/* A stream of bytes that can be looked at: the file itself, or what a layer gives. */
struct level {
	struct layers *all;
	unsigned number;       /* 0: the file itself */
	struct unpack *unpack; /* NULL: of the file itself */
	enum unpack_kind kind; /* the same */
	size_t name;	       /* bytes of the name in front of this level's */
	int64_t mtime_us;      /* of what is read in it now */
	size_t nhead, taken;
	bool broken; /* *why, behind the head */
	struct err why;
	char head[UNPACK_SNIFF];
};

struct layers {
	struct input *in;
	struct layers_limits limits;
	struct layers_stats stats;
	int64_t packed; /* bytes taken from the input */
	struct level v[MAX_LAYERS];
	unsigned n;   /* levels; at least one */
	bool fresh;   /* what the last one gives was not looked at */
	bool stopped; /* at a limit, *why: nothing more is read */
	struct err why;
	enum unpack_kind packing;
	size_t nname;
	char name[NAME_MAX_BYTES];
};

static int
stop(struct layers *l, struct err *err, const char *why, long long limit)
{
	l->stopped = true;
	err_set(&l->why, "the rest is not read: %s %lld", why, limit);
	return err_set(err, "%s", l->why.msg);
}

/* What was unpacked is given; nothing more is. */
static void
count(struct layers *l, ssize_t got)
{
	struct err told_later;
	int64_t over;

	l->stats.unpacked += got;
	over = l->stats.unpacked - l->limits.free;
	if (over > 0 && over / l->limits.ratio > l->packed)
		stop(l, &told_later, "it unpacks to more times its size than",
		    (long long)l->limits.ratio);
}

/* lines_read, of a level. */
static ssize_t
read_level(void *level, char *to, size_t n, struct err *err)
{
	struct level *at = level;
	struct layers *l = at->all;
	ssize_t got;

	if (at->taken < at->nhead) {
		if (n > at->nhead - at->taken)
			n = at->nhead - at->taken;
		memcpy(to, at->head + at->taken, n);
		at->taken += n;
		return (ssize_t)n;
	}
	if (at->broken)
		return err_set(err, "%s", at->why.msg);
	if (l->stopped)
		return err_set(err, "%s", l->why.msg);
	if (at->number == 0) {
		got = input_read(l->in, to, n, err);
		l->packed += got > 0 ? got : 0;
		return got;
	}
	got = unpack_read(at->unpack, to, n, err);
	if (got > 0)
		count(l, got);
	return got;
}

/* The first bytes of what a level gives.  A failure is told when they were read. */
static void
look(struct level *at)
{
	size_t n = 0;
	ssize_t got = 1;

	at->nhead = at->taken = 0;
	at->broken = false;
	while (got > 0 && n < sizeof(at->head)) {
		got = read_level(at, at->head + n, sizeof(at->head) - n, &at->why);
		n += got > 0 ? (size_t)got : 0;
	}
	at->broken = got < 0;
	at->nhead = n;
}

struct layers *
layers_new(struct input *in, const struct layers_limits *limits, struct err *err)
{
	struct layers *l = mem_alloc(sizeof(*l));

	if (l == NULL) {
		err_no_memory(err);
		return NULL;
	}
	l->in = in;
	l->limits = *limits;
	l->stats = (struct layers_stats){ 0 };
	l->packed = 0;
	l->n = 1;
	l->fresh = true, l->stopped = false;
	l->packing = UNPACK_NONE;
	l->nname = 0;
	l->v[0] = (struct level){ .all = l, .mtime_us = input_mtime_us(in) };
	look(&l->v[0]);
	return l;
}

static void
pop(struct layers *l)
{
	struct level *top = &l->v[--l->n];

	unpack_free(top->unpack);
	l->nname = top->name;
}

static int
push(struct layers *l, enum unpack_kind kind, struct err *err)
{
	struct level *below = &l->v[l->n - 1], *top = &l->v[l->n];
	unsigned archives = unpack_has_members(kind);

	for (unsigned i = 1; i < l->n; i++)
		archives += unpack_has_members(l->v[i].kind);
	if (archives > l->limits.archives)
		return err_set(
		    err, "not read: archives inside each other, more than %u", l->limits.archives);
	if (l->n > l->limits.layers || l->n == MAX_LAYERS)
		return err_set(err, "not read: packed more than %u times", l->limits.layers);
	*top = (struct level){ .all = l,
		.number = l->n,
		.kind = kind,
		.name = l->nname,
		.mtime_us = below->mtime_us,
		.unpack = unpack_new(kind, read_level, below, err) };
	if (top->unpack == NULL)
		return -1;
	if (l->n++ == 1)
		l->packing = kind;
	return 0;
}

static void
set_name(struct layers *l, const struct level *top, struct str name)
{
	size_t n = top->name;

	if (n > 0 && n < sizeof(l->name))
		l->name[n++] = ':';
	name = str_head(name, sizeof(l->name) - n);
	if (name.n > 0)
		memcpy(l->name + n, name.p, name.n);
	l->nname = n + name.n;
}

/* The name inside the innermost archive. */
static struct str
own_name(const struct layers *l)
{
	size_t at = 0;

	for (unsigned i = 1; i < l->n; i++) {
		if (unpack_has_members(l->v[i].kind))
			at = l->v[i].name + (l->v[i].name > 0);
	}
	return (struct str){ l->name + at, at < l->nname ? l->nname - at : 0 };
}

/* To the next member of the last level: 1: look at it, 0: not at this one, 2: no more, -1. */
static int
step(struct layers *l, struct err *err)
{
	struct level *top = &l->v[l->n - 1];
	struct unpack_member m;
	int got = unpack_next(top->unpack, &m, err);

	if (got == 0)
		return 2;
	if (got < 0)
		return -1;
	if (!unpack_has_members(top->kind)) {
		look(top);
		return 1;
	}
	if (l->stats.members == l->limits.members)
		return stop(l, err, "more members than", (long long)l->limits.members);
	l->stats.members += m.is_file;
	set_name(l, top, m.name);
	if (!m.is_file)
		return 0;
	if (known(m.mtime_us))
		top->mtime_us = m.mtime_us;
	if (member_kind_of(own_name(l)) == MEMBER_PASSED) {
		l->stats.passed++;
		return 0;
	}
	if (m.encrypted)
		return err_set(err, "is encrypted");
	look(top);
	return 1;
}

static void
describe(const struct layers *l, struct layers_stream *ret)
{
	const struct level *top = &l->v[l->n - 1];

	*ret = (struct layers_stream){
		.name = l->nname == 0 ? STR_NONE : (struct str){ l->name, l->nname },
		.inner = own_name(l),
		.head = { top->head, top->nhead },
		.mtime_us = top->mtime_us,
		.kind = l->nname == 0 ? MEMBER_LOG : member_kind_of(own_name(l)),
	};
}

int
layers_next(struct layers *l, struct layers_stream *ret, struct err *err)
{
	enum unpack_kind kind;
	int got;

	for (;;) {
		if (l->fresh) {
			l->fresh = false;
			kind =
			    unpack_sniff((struct str){ l->v[l->n - 1].head, l->v[l->n - 1].nhead });
			describe(l, ret);
			if (kind == UNPACK_NONE)
				return 1;
			if (push(l, kind, err) != 0)
				return -1;
		}
		if (l->stopped || l->n == 1)
			return 0;
		got = step(l, err);
		l->fresh = got == 1;
		if (got == 2) {
			pop(l);
		} else if (got < 0) {
			describe(l, ret);
			return -1;
		}
	}
}

ssize_t
layers_read(void *layers, char *to, size_t n, struct err *err)
{
	struct layers *l = layers;

	return read_level(&l->v[l->n - 1], to, n, err);
}

int64_t
layers_hole(const struct layers *l)
{
	const struct level *at = &l->v[l->n - 1];

	return at->unpack == NULL || at->taken < at->nhead ? 0 : unpack_hole(at->unpack);
}

enum unpack_kind
layers_packing(const struct layers *l)
{
	return l->packing;
}

struct layers_stats
layers_stats(const struct layers *l)
{
	return l->stats;
}

void
layers_free(struct layers *l)
{
	if (l == NULL)
		return;
	while (l->n > 1)
		pop(l);
	input_close(l->in);
	mem_free(l);
}
