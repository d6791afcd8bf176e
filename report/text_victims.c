/* Who died, what they held, and whether it was given back. */
#include "report/text.h"

#include "base/escape.h"

enum { OTHERS_SHOWN = 8, TAG_WIDTH = 26, UID_WIDTH = 11, KB_WIDTH = 11 };

/* What each held when it was killed. */
static const struct {
	const char *what;
	size_t at;
} parts[] = {
	{ "its own", offsetof(struct victim, anon_rss_kb) },
	{ "files", offsetof(struct victim, file_rss_kb) },
	{ "shared", offsetof(struct victim, shmem_rss_kb) },
	{ "page tables", offsetof(struct victim, pgtables_kb) },
};

static int64_t
part_of(const struct victim *v, size_t i)
{
	return *(const int64_t *)(const void *)((const char *)v + parts[i].at);
}

static bool
any_has(const struct event *ev, size_t part)
{
	for (size_t i = 0; i < ev->nvictims; i++) {
		if (known(part_of(&ev->victims[i], part)))
			return true;
	}
	return false;
}

static bool
has_sizes(const struct event *ev)
{
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (any_has(ev, i))
			return true;
	}
	return false;
}

static void
put_columns(FILE *out, const struct event *ev)
{
	if (has_sizes(ev))
		fprintf(out, "%*s", TAG_WIDTH + UID_WIDTH - 4, "");
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (any_has(ev, i))
			fprintf(out, " %*s", KB_WIDTH, parts[i].what);
	}
	putc('\n', out);
}

static void
put_end(FILE *out, const struct victim *v)
{
	static const char *const roles[] = { "", "  child of the chosen one",
		"  of the same cgroup", "  shared its memory" };

	fputs(roles[v->role], out);
	if (known(v->already_exiting_line))
		fputs("  was exiting already", out);
	if (known(v->reap_failed_line))
		fputs("  could not be freed at once", out);
	else if (v->reaped && known(v->reaped_anon_kb) && v->reaped_anon_kb > 0)
		fprintf(out, "  freed at once but for %s", words_kb(v->reaped_anon_kb).s);
	else if (v->reaped)
		fputs("  freed at once", out);
}

void
text_victim(FILE *out, const struct victim *v, int width)
{
	if (v->comm.p == NULL && v->cgroup.p != NULL)
		str_put_escaped(out, v->cgroup);
	else if (v->comm.p == NULL && v->unit.p != NULL)
		str_put_escaped(out, v->unit);
	else
		put_tag(out, v->comm, v->pid, width);
}

static void
put_victim(FILE *out, const struct event *ev, const struct victim *v)
{
	bool sizes = has_sizes(ev);

	fputs("  ", out);
	text_victim(out, v, sizes ? TAG_WIDTH : 0);
	if (known(v->uid))
		fprintf(out, " uid %-*lld", sizes ? UID_WIDTH - 5 : 0, (long long)v->uid);
	else if (sizes)
		fprintf(out, "%*s", UID_WIDTH, "");
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (any_has(ev, i))
			fprintf(out, " %*s", KB_WIDTH, words_kb(part_of(v, i)).s);
	}
	put_end(out, v);
	putc('\n', out);
}

/* Whether the ranking and the services have said it all: one process, dead at once. */
static bool
is_told(const struct finding *f)
{
	const struct victim *v = event_victim(f->event);

	return f->event->nvictims == 1 && v != NULL && event_task(f->event, v->pid) != NULL &&
	       f->ledgers != NULL && known(f->event->page_size) && !known(v->reap_failed_line) &&
	       !known(v->already_exiting_line);
}

void
text_victims(struct report *rep, const struct finding *f)
{
	const struct event *ev = f->event;
	size_t shown = rep->opts.verbose ? ev->nvictims : OTHERS_SHOWN;

	if (ev->nvictims == 0 || (!rep->opts.verbose && is_told(f)))
		return;
	text_heading(rep, "KILLED");
	put_columns(rep->out, ev);
	for (size_t i = 0; i < ev->nvictims && i < shown; i++)
		put_victim(rep->out, ev, &ev->victims[i]);
	if (ev->nvictims > shown)
		fprintf(rep->out, "  and %s; --verbose lists them\n",
		    words_count((int64_t)(ev->nvictims - shown), "other", "others").s);
}
