/* What an entry of a timeline says; the same in every format. */
#include "report/timeline.h"

#include "base/escape.h"
#include "report/text.h"

#include <string.h>

static void
put_victim(FILE *out, const struct timeline_entry *e)
{
	if (e->victim != NULL && e->type != TIMELINE_CHOSEN)
		put_victim_name(out, e->victim);
	else
		put_name(out, e->comm, e->pid);
}

static void
put_unit(FILE *out, const struct timeline_entry *e)
{
	str_put_escaped(out, e->unit);
}

static void
put_invoked(FILE *out, const struct timeline_entry *e)
{
	if (e->comm.p != NULL || known(e->pid)) {
		put_name(out, e->comm, e->pid);
		fputs(" asked for memory: ", out);
	}
	text_cause(out, e->of);
}

static void
put_killed(FILE *out, const struct timeline_entry *e)
{
	put_victim(out, e);
	fputs(" was killed", out);
	if (e->type == TIMELINE_USERSPACE_KILL) {
		fputs(" by ", out);
		str_put_escaped(out, e->of->event->killer);
	}
	if (known(e->victim->anon_rss_kb))
		fprintf(out, ", %s of its own", words_kb(e->victim->anon_rss_kb).s);
	if (e->victim->role == ROLE_CHILD)
		fputs(", a child of the chosen one", out);
	else if (e->victim->role == ROLE_GROUP)
		fputs(", of the same cgroup", out);
	else if (e->victim->role == ROLE_SHARED_MM)
		fputs(", which shared its memory", out);
}

static void
put_failure(FILE *out, const struct timeline_entry *e)
{
	put_name(out, e->comm, UNKNOWN);
	fputs(" got no memory, and nobody was killed for it: page allocation ", out);
	str_put_escaped(out, e->what);
}

void
timeline_words(FILE *out, const struct timeline_entry *e)
{
	switch (e->type) {
	case TIMELINE_BOOT:
		fputs("Linux ", out);
		str_put_escaped(out, e->what);
		fputs(" booted", out);
		break;
	case TIMELINE_ALLOC_FAILURE:
		put_failure(out, e);
		break;
	case TIMELINE_LOST:
		fprintf(
		    out, "%s of the log lost", words_count(e->count, "record is", "records are").s);
		break;
	case TIMELINE_INVOKED:
		put_invoked(out, e);
		break;
	case TIMELINE_CHOSEN:
		put_victim(out, e);
		fputs(" was chosen", out);
		break;
	case TIMELINE_KILLED:
	case TIMELINE_USERSPACE_KILL:
		put_killed(out, e);
		break;
	case TIMELINE_PANIC:
		fputs("the kernel panicked", out);
		break;
	case TIMELINE_NO_KILLABLE:
		fputs("there was no process that the kernel may kill", out);
		break;
	case TIMELINE_REAPED:
		fputs("the memory of ", out);
		put_name(out, e->comm, e->pid);
		fputs(" was taken back", out);
		break;
	case TIMELINE_REAP_FAILED:
		fputs("the memory of ", out);
		put_name(out, e->comm, e->pid);
		fputs(" could not be taken back at once", out);
		break;
	case TIMELINE_UNIT_OOM:
		put_unit(out, e);
		fputs(" lost a process", out);
		break;
	case TIMELINE_UNIT_EXITED:
		fputs("the main process of ", out);
		put_unit(out, e);
		fputs(" ended", out);
		break;
	case TIMELINE_UNIT_FAILED:
		put_unit(out, e);
		fputs(" failed", out);
		break;
	case TIMELINE_UNIT_RESTARTED:
		put_unit(out, e);
		fputs(" is started again", out);
		if (known(e->count))
			fprintf(out, " (restart %lld)", (long long)e->count);
		break;
	case TIMELINE_UNIT_GAVE_UP:
		put_unit(out, e);
		fputs(" failed too often and is not started again", out);
		break;
	}
}
