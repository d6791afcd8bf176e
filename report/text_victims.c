/* Who died, what they held, and whether it was given back. */
#include "report/text.h"

#include "base/escape.h"

enum { OTHERS_SHOWN = 8 };

static void
put_held(FILE *out, const struct victim *v)
{
	const struct {
		int64_t kb;
		const char *what;
	} parts[] = {
		{ v->anon_rss_kb, "of its own" },
		{ v->file_rss_kb, "of files" },
		{ v->shmem_rss_kb, "shared" },
		{ v->pgtables_kb, "of page tables" },
	};
	const char *between = " held ";

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!known(parts[i].kb))
			continue;
		fprintf(out, "%s%s %s", between, words_kb(parts[i].kb).s, parts[i].what);
		between = ", ";
	}
}

static void
put_end(FILE *out, const struct victim *v)
{
	if (known(v->already_exiting_line))
		fputs("; it was exiting already", out);
	if (known(v->reap_failed_line))
		fputs("; the kernel could not free its memory at once (oom_reaper gave up)", out);
	else if (v->reaped && known(v->reaped_anon_kb) && v->reaped_anon_kb > 0)
		fprintf(out, "; all but %s of it was freed at once (oom_reaper)",
		    words_kb(v->reaped_anon_kb).s);
	else if (v->reaped)
		fputs("; it was freed at once (oom_reaper)", out);
}

static const char *
role_words(enum role role)
{
	static const char *const words[] = { "", ", child of the chosen one",
		", of the same cgroup", ", shared its memory" };

	return words[role];
}

void
text_victims(struct report *rep, const struct finding *f)
{
	const struct event *ev = f->event;
	size_t shown = rep->opts.verbose ? ev->nvictims : OTHERS_SHOWN;

	if (ev->nvictims == 0)
		return;
	text_heading(rep, "KILLED\n");
	for (size_t i = 0; i < ev->nvictims && i < shown; i++) {
		const struct victim *v = &ev->victims[i];

		fputs("  ", rep->out);
		if (v->comm.p == NULL && v->cgroup.p != NULL)
			str_put_escaped(rep->out, v->cgroup);
		else
			put_tag(rep->out, v->comm, v->pid, 0);
		if (known(v->uid))
			fprintf(rep->out, " (uid %lld)", (long long)v->uid);
		fputs(role_words(v->role), rep->out);
		put_held(rep->out, v);
		put_end(rep->out, v);
		putc('\n', rep->out);
	}
	if (ev->nvictims > shown)
		fprintf(rep->out, "  and %s (--verbose lists them)\n",
		    words_count((int64_t)(ev->nvictims - shown), "other", "others").s);
}
