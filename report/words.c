#include "report/words.h"

#include "base/escape.h"
#include "report/report.h"
#include "report/wrap.h"

/* Tenths of a unit of 2^shift kB, rounded. */
static uint64_t
tenths(uint64_t kb, unsigned shift)
{
	uint64_t part = kb & (((uint64_t)1 << shift) - 1);

	return (kb >> shift) * 10 + ((part * 10 + ((uint64_t)1 << shift) / 2) >> shift);
}

struct words
words_kb(int64_t kb)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	struct words w;
	uint64_t v = kb < 0 ? -(uint64_t)kb : (uint64_t)kb;
	unsigned unit = 0;

	if (!known(kb)) {
		snprintf(w.s, sizeof(w.s), "unknown");
		return w;
	}
	/* 1023.96 would be shown as 1024.0 */
	while (unit + 1 < ARRAY_LEN(units) && tenths(v, 10 * unit) >= 10240)
		unit++;
	if (unit == 0)
		snprintf(w.s, sizeof(w.s), "%lld KiB", (long long)kb);
	else
		snprintf(w.s, sizeof(w.s), "%s%llu.%llu %s", kb < 0 ? "-" : "",
		    (unsigned long long)(tenths(v, 10 * unit) / 10),
		    (unsigned long long)(tenths(v, 10 * unit) % 10), units[unit]);
	return w;
}

struct words
words_number(int64_t v)
{
	struct words w;

	if (known(v))
		snprintf(w.s, sizeof(w.s), "%lld", (long long)v);
	else
		snprintf(w.s, sizeof(w.s), "?");
	return w;
}

struct words
words_count(int64_t n, const char *one, const char *many)
{
	struct words w;

	snprintf(w.s, sizeof(w.s), "%lld %s", (long long)n, n == 1 ? one : many);
	return w;
}

int
width_of(struct str s)
{
	int width = 0;

	while (s.n > 0) {
		size_t plain = escape_plain(s);

		for (size_t i = 0; i < plain; i++)
			width += ((unsigned char)s.p[i] & 0xc0) != 0x80;
		s = str_from_at(s, plain);
		if (s.n > 0) {
			width += 4;
			s = str_from_at(s, 1);
		}
	}
	return width;
}

/* A process may call itself nothing at all, or a blank. */
static struct str
shown_name(struct str comm)
{
	if (comm.p == NULL)
		return STR("(name unknown)");
	return str_trim(comm).n == 0 ? STR("(no name)") : comm;
}

void
put_name(FILE *out, struct str comm, int64_t pid)
{
	str_put_escaped(out, shown_name(comm));
	if (known(pid))
		fprintf(out, " (pid %lld)", (long long)pid);
}

void
put_victim_name(FILE *out, const struct victim *v)
{
	/* User-space killers name a cgroup or a pod where they kill more than a process. */
	if (v->comm.p == NULL && v->cgroup.p != NULL)
		str_put_escaped(out, v->cgroup);
	else if (v->comm.p == NULL && v->unit.p != NULL)
		str_put_escaped(out, v->unit);
	else
		put_name(out, v->comm, v->pid);
}

void
put_tag(FILE *out, struct str comm, int64_t pid, int width)
{
	struct str name = shown_name(comm);
	int n = width_of(name);

	str_put_escaped(out, name);
	if (known(pid))
		n += fprintf(out, "[%lld]", (long long)pid);
	fprintf(out, "%*s", n < width ? width - n : 0, "");
}

int64_t
pages_kb(const struct event *ev, int64_t pages)
{
	int64_t kb;

	if (!known(pages) || !known(ev->page_size) ||
	    __builtin_mul_overflow(pages, ev->page_size / 1024, &kb))
		return UNKNOWN;
	return kb;
}

void
put_wrapped(struct report *rep, struct str s, int indent)
{
	struct wrap wrap;
	FILE *to = wrap_open(&wrap, rep->out, indent, rep->opts.columns);

	if (to == NULL) {
		str_put_escaped(rep->out, s);
		putc('\n', rep->out);
		return;
	}
	str_put_escaped(to, s);
	fclose(to);
}
