/*
 * What two copies of an event have in common when their ids differ: the kernel's
 * microsecond with a pid and a name, or what the kill line says of sizes.
 */
#include "store/db.h"

static uint64_t
add_text(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
	return (h ^ 0xff) * UINT64_C(1099511628211);
}

static uint64_t
add_int(uint64_t h, int64_t v)
{
	for (int i = 0; i < 64; i += 8)
		h = (h ^ (((uint64_t)v >> i) & 0xff)) * UINT64_C(1099511628211);
	return h;
}

static int64_t
mixed(uint64_t h)
{
	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 33;
	return (int64_t)h;
}

static uint64_t
begin(const char *what)
{
	return add_text(UINT64_C(14695981039346656037), str_from(what));
}

static struct key *
add_key(struct key *keys, size_t *n, uint64_t h, struct key k)
{
	if (*n == KEYS_MAX)
		return NULL;
	k.hash = mixed(h);
	keys[*n] = k;
	return &keys[(*n)++];
}

static size_t
keys_of_victims(const struct event *ev, struct key *keys, size_t n)
{
	for (size_t i = 0; i < ev->nvictims; i++) {
		const struct victim *v = &ev->victims[i];
		struct key k = {
			.mono_us = v->mono_us, .real_us = v->real_us, .error_us = ev->real_error_us
		};
		uint64_t h = add_text(add_int(begin("kill"), v->pid), v->comm);

		if (known(v->mono_us)) {
			k.exact = true;
			add_key(keys, &n, add_int(add_text(h, STR("at")), v->mono_us), k);
			k.exact = false;
		}
		if (i > 0) /* a copy that lost the first kill has its stamps, or is another event */
			continue;
		k.sized = known(v->total_vm_kb) || known(v->anon_rss_kb);
		h = add_int(add_int(h, v->total_vm_kb), v->anon_rss_kb);
		add_key(keys, &n, add_int(h, v->file_rss_kb), k);
	}
	return n;
}

static size_t
keys_of_head(const struct event *ev, struct key *keys, size_t n)
{
	const struct trigger *t = &ev->trigger;
	struct key k = {
		.mono_us = ev->mono_us, .real_us = ev->real_us, .error_us = ev->real_error_us
	};
	uint64_t h;

	if (!known(t->line))
		return n;
	h = add_text(add_int(begin("head"), t->pid), t->comm);
	if (known(ev->mono_us)) {
		k.exact = true;
		add_key(keys, &n, add_int(add_text(h, STR("at")), ev->mono_us), k);
		k.exact = false;
	}
	if (ev->nvictims == 0)
		add_key(keys, &n, add_int(add_text(h, t->gfp_mask), t->order), k);
	return n;
}

size_t
keys_of(const struct event *ev, struct key keys[static KEYS_MAX])
{
	return keys_of_victims(ev, keys, keys_of_head(ev, keys, 0));
}
