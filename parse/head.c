/*
 * The first lines of a report: who invoked the killer, on which kernel, from
 * where in the code; and the lines around it that set the scene.
 */
#include "parse/internal.h"

#include <string.h>

/* TASK_COMM_LEN is 16 with its NUL (include/linux/sched.h @2.4 .. 7.3). */
enum { COMM_MAX = 15, COMM_INDENTED = COMM_MAX + 8 };

/*
 * "%s invoked oom-killer: gfp_mask=0x%x..." (dump_header, mm/oom_kill.c @2.6.20 - 7.3) and
 * "oom-killer: gfp_mask=0x%x" (@2.6.9 - 2.6.18).  The comm may hold anything, so the
 * literal is looked for where a comm of legal length can end.  People cut the line behind
 * it; who writes about it goes on in words.
 */
bool
head_find(struct str text, size_t *ret_at)
{
	static const struct str invoked = { " invoked oom-killer", 19 };
	const size_t dash = 12; /* in it */

	if (str_starts(text, STR("oom-killer: gfp_mask="))) {
		*ret_at = 0;
		return true;
	}
	/* Most lines have no '-' where the literal would have it. */
	for (size_t from = dash, at;
	     str_chr(str_head(str_from_at(text, from), COMM_INDENTED + 1), '-', &at);
	     from += at + 1) {
		struct str rest = str_from_at(text, from + at - dash);

		if (str_eat(&rest, invoked) &&
		    (str_starts(rest, STR(":")) || str_trim(rest).n == 0)) {
			*ret_at = from + at - dash;
			return true;
		}
		if (from + at - dash >= COMM_INDENTED)
			break;
	}
	return false;
}

bool
is_head(struct str text)
{
	size_t at;

	return head_find(text, &at);
}

bool
head_complete(struct str text)
{
	size_t at;

	return head_find(text, &at) && str_has(text, STR("order=")) &&
	       (str_has(text, STR("adj=")) || str_ends(text, STR("]")));
}

/* "name=VALUE" up to a comma; false where it is not there. */
static bool
field(struct str text, struct str name, struct str *ret)
{
	size_t at, end;

	if (!str_find(text, name, &at))
		return false;
	text = str_from_at(text, at + name.n);
	*ret = str_trim(str_chr(text, ',', &end) ? str_head(text, end) : text);
	return true;
}

static void
field_i64(struct str text, struct str name, int64_t *ret)
{
	struct str v;
	int64_t n;

	if (field(text, name, &v) && str_eat_i64(&v, &n))
		*ret = n;
}

/* "0xcc0(GFP_KERNEL)", 4.6 and newer; the bare mask before.  %pGg prints "0x0()" for none. */
static void
take_gfp(struct trigger *t, struct str text)
{
	struct str mask, flags;
	size_t at;

	if (!field(text, STR("gfp_mask="), &mask))
		return;
	if (!str_chr(mask, '(', &at)) {
		t->gfp_mask = mask;
		return;
	}
	flags = str_from_at(mask, at + 1);
	t->gfp_mask = str_head(mask, at);
	t->gfp_flags = str_chr(flags, ')', &at) ? str_head(flags, at) : flags;
}

static struct str
comm_of(struct context *c, struct str comm)
{
	const struct stream *s = c->stream;
	struct str whole;

	/* Quotes and lists indent lines; behind a prefix every blank is the comm's own. */
	if (c->rec->bare)
		return str_trim(comm);

	/* A comm with a newline in it is two lines of one printk: same stamp (or, from
	 * /dev/kmsg, one record), the first no longer than a comm can be. */
	if (!s->before_set || s->before_n + 1 + comm.n > COMM_MAX)
		return comm;
	if (!c->rec->fragment && (!known(c->rec->mono_us) || c->rec->mono_us != s->before_mono_us))
		return comm;
	whole = arena_printf(&s->ev->mem, "%.*s\n%.*s", (int)s->before_n, s->before, STR_ARG(comm));
	return whole.p == NULL ? comm : whole;
}

enum take
take_head(struct context *c, struct str text)
{
	struct stream *s = c->stream;
	struct event *ev;
	struct trigger *t;
	size_t at = 0;

	if (!head_find(text, &at))
		return TAKE_NOT;
	if ((ev = stream_open(c, SECTION_HEAD)) == NULL)
		return TAKE_ERROR;
	text = c->text;
	t = &ev->trigger;
	t->line = c->rec->line;
	if (str_starts(str_from_at(text, at), STR(" invoked")))
		t->comm = comm_of(c, str_head(text, at));
	text = str_from_at(text, at);
	take_gfp(t, text);
	field_i64(text, STR("order="), &t->order);
	field_i64(text, STR("oom_score_adj="), &t->oom_score_adj);
	field_i64(text, STR("oomkilladj="), &t->oom_adj);
	field_i64(text, STR("oom_adj="), &t->oom_adj);
	/* 4.9 - 4.20, RHEL 8.0: "nodemask=0-1, order="; a list may hold commas. */
	struct str rest = text, mask;
	if (str_cut(&rest, STR("nodemask="), &mask) && str_cut(&rest, STR(" order="), &mask)) {
		mask = str_trim(mask);
		ev->cgroup.nodemask = str_ends(mask, STR(",")) ? str_head(mask, mask.n - 1) : mask;
	}
	if (t->order == -1 || s->sysrq)
		ev->reason = REASON_SYSRQ;
	s->sysrq = false;
	return TAKE_USED;
}

/* The release is the first word that starts "N." after the taint, whose letters hold blanks
 * (dump_stack_print_info, lib/dump_stack.c @3.10 - 7.3; show_regs_common before). */
static struct str
release_of(struct str text)
{
	struct str taint, word;
	size_t at;

	if (str_find(text, STR("Not tainted "), &at))
		text = str_from_at(text, at + strlen("Not tainted "));
	else if (str_find(text, STR("Tainted: "), &at))
		text = str_from_at(text, at + strlen("Tainted: "));
	else
		return STR_NONE;
	for (taint = text; str_eat_blanks(&taint) && str_eat_word(&taint, &word);) {
		if (str_is_digit(word.p[0]) && str_chr(word, '.', &at))
			return word;
	}
	/* linux-next and self-built kernels name the release as they please. */
	return str_starts(text, STR("G ")) || !str_eat_word(&text, &word) ? STR_NONE : word;
}

static void
take_release(struct context *c, struct str text)
{
	struct event *ev = c->stream->ev;
	struct boot_facts *facts = context_facts(c);
	struct str release = release_of(text);

	if (release.n == 0)
		return;
	ev->kernel = release;
	if (facts != NULL && release.n < sizeof(facts->kernel)) {
		memcpy(facts->kernel, release.p, release.n);
		facts->kernel[release.n] = '\0';
	}
}

/* The comm of the CPU line is cut at 20 bytes and stands before the taint. */
static struct str
cpu_comm(struct str text)
{
	size_t at;

	static const struct str kdump = { " Kdump: loaded", 14 }; /* 4.19 and newer */

	if (!str_rfind(text, STR(" Not tainted "), &at) && !str_rfind(text, STR(" Tainted: "), &at))
		return STR_NONE;
	text = str_head(text, at);
	return str_ends(text, kdump) ? str_head(text, text.n - kdump.n) : text;
}

/* "CPU: %d UID: %u PID: %d Comm: %.20s %s%s %s %.*s": UID from 6.12 on. */
enum take
take_cpu(struct context *c, struct str text)
{
	struct event *ev = c->stream->ev;
	struct trigger *t = &ev->trigger;
	int64_t cpu, uid = UNKNOWN, pid = UNKNOWN;
	struct str comm;

	if (!str_eat(&text, STR("CPU: ")) || !str_eat_i64(&text, &cpu))
		return TAKE_NOT;
	if (str_eat(&text, STR(" UID: ")) && !str_eat_i64(&text, &uid))
		return TAKE_NOT;
	if (!str_eat(&text, STR(" PID: ")) || !str_eat_i64(&text, &pid) ||
	    !str_eat(&text, STR(" Comm: ")))
		return TAKE_NOT;
	if (c->stream->foreign_memory)
		return TAKE_FOREIGN;
	if (c->stream->section != SECTION_HEAD || known(t->pid))
		return TAKE_NOISE; /* of a panic, or of another dump in between */
	t->cpu = cpu;
	t->uid = uid;
	t->pid = pid;
	comm = cpu_comm(text);
	if (t->comm.p == NULL && comm.n > 0)
		t->comm = comm;
	take_release(c, str_from_at(text, comm.n));
	return TAKE_USED;
}

/* "Pid: %d, comm: %.20s %s %s %.*s", 2.6.18 - 3.8. */
enum take
take_pid(struct context *c, struct str text)
{
	struct trigger *t = &c->stream->ev->trigger;
	int64_t pid;

	if (!str_eat(&text, STR("Pid: ")) || !str_eat_i64(&text, &pid) ||
	    !str_eat(&text, STR(", comm: ")))
		return TAKE_NOT;
	if (c->stream->section != SECTION_HEAD || known(t->pid))
		return TAKE_NOISE;
	t->pid = pid;
	text = str_trim(text);
	struct str comm = cpu_comm(text);
	if (t->comm.p == NULL && comm.n > 0)
		t->comm = comm;
	take_release(c, str_from_at(text, comm.n));
	return TAKE_USED;
}
