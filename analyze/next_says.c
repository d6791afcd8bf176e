/* The sentence that answers: who, by how much, and what would spare it. */
#include "analyze/next.h"
#include "analyze/says.h"

#include <inttypes.h>

static struct str
name(struct next *n, const struct next_row *row)
{
	return name_text(&n->ev->mem, row->p->comm, row->p->pid);
}

static struct str
where(struct next *n)
{
	if (n->group == NULL)
		return STR("If memory ran out now");
	return arena_printf(&n->ev->mem, "If %.*s reached its limit now", STR_ARG(n->group->path));
}

static struct str
nobody(struct next *n, struct str when)
{
	return arena_printf(&n->ev->mem,
	    n->group == NULL ? "%.*s, no process could be chosen: the machine would panic."
			     : "%.*s, no process in it could be chosen: nothing would be killed.",
	    STR_ARG(when));
}

static struct str
lead(struct next *n)
{
	struct str second;

	if (n->second == NULL)
		return STR("No other process could be chosen.");
	second = name(n, n->second);
	if (second.p == NULL)
		return STR_NONE;
	if (n->margin_pages == 0)
		return arena_printf(&n->ev->mem,
		    "%.*s has the same badness; which of them dies is decided by their order in "
		    "the "
		    "kernel's list.",
		    STR_ARG(second));
	return arena_printf(
	    &n->ev->mem, "It leads %.*s by %" PRId64 " pages.", STR_ARG(second), n->margin_pages);
}

static struct str
spare(struct next *n)
{
	struct str second;

	if (n->spared_for == NULL)
		return n->second == NULL
			   ? STR("")
			   : STR(" No oom_score_adj but -1000 would put another before it.");
	second = name(n, n->spared_for);
	if (second.p == NULL)
		return STR_NONE;
	return arena_printf(&n->ev->mem,
	    " With an oom_score_adj of %" PRId64 " or lower it would be spared, and %.*s killed.",
	    n->spare_adj, STR_ARG(second));
}

int
next_sentence(struct next *n)
{
	struct str when = where(n), who, by, how;

	if (when.p == NULL)
		return -1;
	if (n->first == NULL) {
		n->says = nobody(n, when);
		return n->says.p == NULL ? -1 : 0;
	}
	who = name(n, n->first);
	by = lead(n);
	how = spare(n);
	if (who.p == NULL || by.p == NULL || how.p == NULL)
		return -1;
	n->says = arena_printf(&n->ev->mem, "%.*s, the kernel would kill %.*s. %.*s%.*s",
	    STR_ARG(when), STR_ARG(who), STR_ARG(by), STR_ARG(how));
	return n->says.p == NULL ? -1 : 0;
}
