/* What the readers of entries share: growing bytes, and the journal's fields. */
#include "ingest/entry.h"

#include "base/mem.h"

#include <string.h>

/* journald stamps an entry when it reads it, some time after the kernel wrote it. */
enum { ARRIVAL_ERROR_US = 1000 };

int
entry_add(struct entry_buffer *b, struct str s, struct err *err)
{
	size_t cap = b->cap == 0 ? 4096 : b->cap;
	char *p;

	if (s.n > ENTRY_MAX || b->n + s.n > ENTRY_MAX)
		return 1;
	while (cap < b->n + s.n)
		cap *= 2;
	if (cap != b->cap) {
		if ((p = mem_grow(b->p, cap)) == NULL)
			return err_no_memory(err);
		b->p = p, b->cap = cap;
	}
	if (s.n > 0)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	return 0;
}

static const char *const names[JOURNAL_FIELDS] = {
	[JOURNAL_MESSAGE] = "MESSAGE",
	[JOURNAL_HOSTNAME] = "_HOSTNAME",
	[JOURNAL_BOOT_ID] = "_BOOT_ID",
	[JOURNAL_TRANSPORT] = "_TRANSPORT",
	[JOURNAL_FACILITY] = "SYSLOG_FACILITY",
	[JOURNAL_PRIORITY] = "PRIORITY",
	[JOURNAL_IDENTIFIER] = "SYSLOG_IDENTIFIER",
	[JOURNAL_COMM] = "_COMM",
	[JOURNAL_SOURCE_MONOTONIC] = "_SOURCE_MONOTONIC_TIMESTAMP",
	[JOURNAL_REALTIME] = "__REALTIME_TIMESTAMP",
};

int
journal_field(struct str name)
{
	for (int i = 0; i < JOURNAL_FIELDS; i++) {
		if (str_eq_z(name, names[i]))
			return i;
	}
	return -1;
}

const char *
journal_field_name(enum journal_field f)
{
	return names[f];
}

static int64_t
number(struct str s)
{
	int64_t v;

	return str_eat_i64(&s, &v) && s.n == 0 && v >= 0 && v <= PREFIX_MAX_US ? v : UNKNOWN;
}

static int
small(struct str s, int max)
{
	int64_t v = number(s);

	return known(v) && v <= max ? (int)v : -1;
}

struct prefix
journal_prefix(const struct str f[JOURNAL_FIELDS])
{
	struct prefix p = prefix_none(f[JOURNAL_MESSAGE]);
	bool kernel = str_eq_z(f[JOURNAL_TRANSPORT], "kernel");
	int64_t real = number(f[JOURNAL_REALTIME]);

	if (p.text.p == NULL)
		p.text = STR("");
	p.host = f[JOURNAL_HOSTNAME];
	p.boot_id = f[JOURNAL_BOOT_ID];
	p.ident = f[JOURNAL_IDENTIFIER].p != NULL ? f[JOURNAL_IDENTIFIER] : f[JOURNAL_COMM];
	p.facility = small(f[JOURNAL_FACILITY], 127);
	p.level = small(f[JOURNAL_PRIORITY], 7);
	p.mono_us = number(f[JOURNAL_SOURCE_MONOTONIC]);
	/* Old journald leaves facility 0 out; /dev/kmsg gives it to nobody but the kernel. */
	p.kernel_known = kernel && p.facility <= 0 && f[JOURNAL_FACILITY].n <= 1;
	if (known(real))
		p.stamp =
		    (struct stamp){ .kind = STAMP_UNIX, .us = real, .error_us = ARRIVAL_ERROR_US };
	if (!kernel && str_eq_z(p.ident, "kernel"))
		p.rest = REST_KERNEL; /* imklog of another machine */
	return p;
}
