#include "cli/notes.h"

#include "base/mem.h"

#include <string.h>

#define BEFORE_US (600 * INT64_C(1000000))
#define AFTER_US (120 * INT64_C(1000000))

static size_t
copy(char *to, size_t size, struct str from)
{
	size_t n = from.n < size ? from.n : size;

	if (n > 0)
		memcpy(to, from.p, n);
	return n;
}

void
notes_keep(struct notes *all, const struct note *n, unsigned source)
{
	struct kept_note *k;

	if (all->v == NULL && (all->v = mem_alloc(NOTES_MAX * sizeof(*all->v))) == NULL) {
		all->failed = true;
		return;
	}
	k = &all->v[all->n++ % NOTES_MAX];
	k->note = *n;
	k->source = source;
	k->has_host = n->host.p != NULL;
	k->has_boot_id = n->boot_id.p != NULL;
	k->host_n = copy(k->host, sizeof(k->host), n->host);
	k->boot_id_n = copy(k->boot_id, sizeof(k->boot_id), n->boot_id);
	k->comm_n = copy(k->comm, sizeof(k->comm), n->comm);
	k->text_n = copy(k->text, sizeof(k->text), n->text);
}

static struct str
host_of(const struct kept_note *k)
{
	return k->has_host ? (struct str){ k->host, k->host_n } : STR_NONE;
}

static struct str
boot_id_of(const struct kept_note *k)
{
	return k->has_boot_id ? (struct str){ k->boot_id, k->boot_id_n } : STR_NONE;
}

static bool
in_boot(const struct kept_note *k, const struct incident *in)
{
	const struct event *ev = in->v[0].event;

	if (!str_eq(host_of(k), ev->host) || k->has_host != (ev->host.p != NULL))
		return false;
	if (k->has_boot_id && ev->boot_id.p != NULL)
		return str_eq(boot_id_of(k), ev->boot_id);
	return k->source == in->source && k->note.boot == ev->boot;
}

static bool
within(int64_t us, int64_t from, int64_t to)
{
	int64_t least, most;

	return known(us) && known(from) && known(to) &&
	       !__builtin_sub_overflow(from, BEFORE_US, &least) &&
	       !__builtin_add_overflow(to, AFTER_US, &most) && us >= least && us <= most;
}

static bool
is_near(const struct kept_note *k, const struct incident *in)
{
	const struct event *first = in->v[0].event;

	if (known(k->note.mono_us) && known(first->mono_us))
		return within(k->note.mono_us, first->mono_us, in->last_mono_us);
	return within(k->note.real_us, first->real_us, in->last_us);
}

static bool
is_wanted(const struct kept_note *k, const struct incident *const *in, size_t n, bool all)
{
	for (size_t i = 0; i < n; i++) {
		if (in_boot(k, in[i]) && (all || is_near(k, in[i])))
			return true;
	}
	return false;
}

size_t
notes_around(
    struct notes *all, const struct incident *const *in, size_t n, bool any, struct note **ret)
{
	size_t first = all->n > NOTES_MAX ? all->n - NOTES_MAX : 0, found = 0;

	if (all->around == NULL)
		all->around = mem_alloc(NOTES_MAX * sizeof(*all->around));
	*ret = all->around;
	if (all->around == NULL || all->failed) {
		*ret = NULL;
		return 0;
	}
	for (size_t i = first; i < all->n; i++) {
		struct kept_note *k = &all->v[i % NOTES_MAX];

		if (!is_wanted(k, in, n, any))
			continue;
		k->note.host = host_of(k);
		k->note.boot_id = boot_id_of(k);
		k->note.comm = (struct str){ k->comm, k->comm_n };
		k->note.text = (struct str){ k->text, k->text_n };
		all->around[found++] = k->note;
	}
	return found;
}

/* What the line of an allocation failure says after the name may hold anything. */
static bool
redact(struct kept_note *k, struct redactor *r)
{
	struct str host = host_of(k), boot = boot_id_of(k), comm = { k->comm, k->comm_n };

	if (!redact_in_place(r, redact_host, &host) || !redact_in_place(r, redact_id, &boot) ||
	    !redact_in_place(r, redact_comm, &comm))
		return false;
	k->host_n = copy(k->host, sizeof(k->host), host);
	k->boot_id_n = copy(k->boot_id, sizeof(k->boot_id), boot);
	k->comm_n = copy(k->comm, sizeof(k->comm), comm);
	if (k->note.type == NOTE_ALLOC_FAILURE)
		k->text_n = copy(k->text, sizeof(k->text), STR("failure"));
	return true;
}

int
notes_redact(struct notes *all, struct redactor *r)
{
	for (size_t i = 0; r != NULL && i < all->n && i < NOTES_MAX; i++) {
		if (!redact(&all->v[i], r))
			return -1;
	}
	return 0;
}

bool
notes_same_boot(const struct incident *a, const struct incident *b)
{
	const struct event *x = a->v[0].event, *y = b->v[0].event;

	if (!str_eq(x->host, y->host) || (x->host.p == NULL) != (y->host.p == NULL))
		return false;
	if (x->boot_id.p != NULL && y->boot_id.p != NULL)
		return str_eq(x->boot_id, y->boot_id);
	return a->source == b->source && x->boot == y->boot;
}

void
notes_done(struct notes *all)
{
	mem_free(all->v);
	mem_free(all->around);
}
