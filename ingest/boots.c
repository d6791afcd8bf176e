#include "ingest/boots.h"

#include "base/mem.h"

#include <string.h>

enum {
	WAYS = 8, /* hosts with one remainder; the oldest gives way */
	SETS = 512,
	US = 1000000,
	/* Records of other CPUs and of a relay's buffer come less than this late. */
	SLACK_US = 10 * US,
	FIRST_US = 2 * US, /* "Linux version" stands at 0.000000, or where printk.time begins */
};

struct boots_host {
	uint64_t host, boot_id; /* hashes; a host of 0 is a free place */
	uint64_t used_at;
	int64_t mono_us; /* the greatest of this boot */
	unsigned boot;
	unsigned separators;
	bool seen; /* a record of this boot */
};

int
boots_init(struct boots *b, struct err *err)
{
	size_t n = (size_t)WAYS * SETS * sizeof(struct boots_host);

	*b = (struct boots){ .hosts = mem_alloc(n) };
	if (b->hosts == NULL)
		return err_no_memory(err);
	memset(b->hosts, 0, n);
	return 0;
}

void
boots_done(struct boots *b)
{
	mem_free(b->hosts);
	*b = (struct boots){ .hosts = NULL };
}

void
boots_separator(struct boots *b)
{
	b->separators++;
}

/* FNV-1a, never 0. */
static uint64_t
hash(struct str s)
{
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3;
	return h == 0 ? 1 : h;
}

static struct boots_host *
find(struct boots *b, struct str name)
{
	struct boots_host *set, *oldest;
	uint64_t host;

	if (b->last != NULL && name.n == b->nname &&
	    (name.n == 0 || memcmp(b->name, name.p, name.n) == 0))
		return b->last;
	b->nname = name.n <= sizeof(b->name) ? name.n : SIZE_MAX;
	if (name.n > 0 && name.n <= sizeof(b->name))
		memcpy(b->name, name.p, name.n);
	host = hash(name);
	set = oldest = &b->hosts[(host ^ host >> 32) % SETS * WAYS];
	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].host == host)
			return &set[i];
		if (set[i].used_at < oldest->used_at)
			oldest = &set[i];
	}
	if (oldest->host == 0 && b->nplaces++ < BOOTS_KEPT)
		b->places[b->nplaces - 1] = (uint16_t)(oldest - b->hosts);
	*oldest =
	    (struct boots_host){ .host = host, .mono_us = UNKNOWN, .separators = b->separators };
	return oldest;
}

static bool
is_new(const struct boots *b, const struct boots_host *h, const struct record *r, uint64_t boot_id)
{
	bool kernel = r->ident.p == NULL || str_eq_z(r->ident, "kernel");

	if (h->separators != b->separators && h->seen)
		return true;
	if (boot_id != 0 && h->boot_id != 0)
		return boot_id != h->boot_id;
	if (known(r->mono_us) && known(h->mono_us) && r->mono_us < h->mono_us - SLACK_US)
		return true;
	if (!h->seen || !kernel || !str_starts_z(r->text, "Linux version "))
		return false;
	return known(r->mono_us)
		   ? r->mono_us < FIRST_US && known(h->mono_us) && r->mono_us < h->mono_us
		   : !known(h->mono_us);
}

void
boots_tell(struct boots *b, struct record *r)
{
	struct boots_host *h = find(b, r->host);
	uint64_t boot_id = r->boot_id.p == NULL ? 0 : hash(r->boot_id);

	h->used_at = ++b->clock;
	b->last = h;
	if (is_new(b, h, r, boot_id)) {
		h->boot++;
		h->mono_us = UNKNOWN;
		h->boot_id = 0;
		r->new_boot = true;
	} else if (h->separators != b->separators) {
		r->new_boot = true;
	}
	h->separators = b->separators;
	h->seen = true;
	if (boot_id != 0)
		h->boot_id = boot_id;
	if (known(r->mono_us) && (!known(h->mono_us) || r->mono_us > h->mono_us))
		h->mono_us = r->mono_us;
	r->boot = h->boot;
}

bool
boots_keep(const struct boots *b, struct words *to)
{
	if (b->nplaces > BOOTS_KEPT)
		return false;
	words_int(to, b->separators);
	words_int(to, (int64_t)b->nplaces);
	for (size_t i = 0; i < b->nplaces; i++) {
		const struct boots_host *h = &b->hosts[b->places[i]];

		words_int(to, b->places[i]);
		words_int(to, (int64_t)h->host);
		words_int(to, (int64_t)h->boot_id);
		words_int(to, h->mono_us);
		words_int(to, h->boot);
		words_int(to, h->separators);
		words_int(to, h->seen);
	}
	return true;
}

static bool
restore_host(struct boots *b, struct str *from)
{
	int64_t at, host, boot_id, mono_us, boot, separators, seen;

	if (!words_eat_int(from, 0, WAYS * SETS - 1, &at) || !words_eat_any(from, &host) ||
	    !words_eat_any(from, &boot_id) || !words_eat_any(from, &mono_us) ||
	    !words_eat_int(from, 0, UINT32_MAX, &boot) ||
	    !words_eat_int(from, 0, UINT32_MAX, &separators) || !words_eat_int(from, 0, 1, &seen))
		return false;
	b->hosts[at] = (struct boots_host){ (uint64_t)host, (uint64_t)boot_id, ++b->clock, mono_us,
		(unsigned)boot, (unsigned)separators, seen == 1 };
	b->places[b->nplaces++] = (uint16_t)at;
	return true;
}

bool
boots_restore(struct boots *b, struct str *from)
{
	int64_t separators, n;

	if (!words_eat_int(from, 0, UINT32_MAX, &separators) ||
	    !words_eat_int(from, 0, BOOTS_KEPT, &n))
		return false;
	b->separators = (unsigned)separators;
	while (n-- > 0) {
		if (!restore_host(b, from))
			return false;
	}
	return true;
}
