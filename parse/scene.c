/*
 * Lines around the head that set the scene: the machine, the cpuset, the boot,
 * and what came before (a sysrq, an allocation failure, lost records).
 */
#include "parse/internal.h"

#include <string.h>

/* "%s cpuset=%s mems_allowed=%s", 2.6.29 - 4.20. */
bool
is_cpuset(struct str text)
{
	return str_has(str_head(text, 64), STR(" cpuset=")) && str_has(text, STR(" mems_allowed="));
}

enum take
take_cpuset(struct context *c, struct str text)
{
	struct cgroup *g = &c->stream->ev->cgroup;
	size_t at, mems;

	if (!str_find(text, STR(" cpuset="), &at) || !str_rfind(text, STR(" mems_allowed="), &mems))
		return TAKE_NOT;
	g->cpuset =
	    str_head(str_from_at(text, at + strlen(" cpuset=")), mems - at - strlen(" cpuset="));
	g->mems_allowed = str_trim(str_from_at(text, mems + strlen(" mems_allowed=")));
	return TAKE_USED;
}

/* "Linux version 6.1.0-56-cloud-amd64 (...)": the first line of a boot (init/main.c). */
enum take
take_linux_version(struct context *c, struct str text)
{
	struct boot_facts *facts = context_facts(c);
	struct str release = str_from_at(text, strlen("Linux version ")), word;

	if (facts == NULL || !str_eat_word(&release, &word) || word.n >= sizeof(facts->kernel) ||
	    !str_is_digit(word.p[0]))
		return TAKE_NOT;
	memcpy(facts->kernel, word.p, word.n);
	facts->kernel[word.n] = '\0';
	note_tell(c->parser, c->rec, (struct note){ .type = NOTE_BOOT, .text = word });
	return TAKE_FOREIGN;
}

/* "sysrq: Manual OOM execution" (drivers/tty/sysrq.c), "SysRq : Manual OOM execution" before 4.20.
 */
bool
is_sysrq(struct str text)
{
	return (text.n > 0 && (text.p[0] | 0x20) == 's') &&
	       str_has(text, STR("Manual OOM execution"));
}

enum take
take_sysrq(struct context *c, struct str text)
{
	(void)text;
	c->stream->sysrq = true;
	c->stream->flagged = moment_of(c->rec);
	return TAKE_FOREIGN;
}

/*
 * "%s: page allocation failure..." and "stalls" print the same Mem-Info as an OOM
 * (warn_alloc, mm/page_alloc.c @2.6.9 - 7.3) and kill nobody: context, never an event.
 */
bool
is_alloc_failure(struct str text)
{
	struct str near = str_head(text, 64);

	return str_has(near, STR(": page allocation failure")) ||
	       str_has(near, STR(": page allocation stall"));
}

enum take
take_alloc_failure(struct context *c, struct str text)
{
	struct note note = { .type = NOTE_ALLOC_FAILURE, .text = text };
	struct stream *s = c->stream;

	if (str_cut(&note.text, STR(": page allocation "), &note.comm))
		note_tell(c->parser, c->rec, note);
	if (s->ev != NULL && (s->tentative || s->section == SECTION_END) &&
	    stream_close(c->parser, s, c->err) != 0)
		return TAKE_ERROR;
	s->foreign_memory = true;
	s->flagged = moment_of(c->rec);
	return TAKE_FOREIGN;
}

/* "** 12 printk messages dropped **" (4.x+), journald's "Missed 12 kernel messages". */
bool
is_lost(struct str text)
{
	return str_has(text, STR("printk messages dropped")) ||
	       (str_starts(text, STR("Missed ")) && str_has(text, STR("kernel messages")));
}

enum take
take_lost(struct context *c, struct str text)
{
	uint64_t n = 1;

	while (text.n > 0 && !str_is_digit(text.p[0]))
		text = str_from_at(text, 1);
	if (!str_eat_u64(&text, &n) || n > INT32_MAX)
		n = 1;
	note_tell(c->parser, c->rec, (struct note){ .type = NOTE_LOST, .count = (int64_t)n });
	if (c->stream->ev != NULL && c->stream->section != SECTION_END)
		c->stream->ev->lost_records += (int64_t)n;
	return TAKE_FOREIGN;
}

enum take
take_hardware(struct context *c, struct str text)
{
	if (c->stream->ev->hardware.p == NULL)
		c->stream->ev->hardware = str_from_at(text, strlen("Hardware name: "));
	return TAKE_USED;
}

enum take
take_tainted(struct context *c, struct str text)
{
	c->stream->ev->tainted = str_from_at(text, strlen("Tainted: "));
	return TAKE_USED;
}

enum take
take_noise(struct context *c, struct str text)
{
	(void)c, (void)text;
	return TAKE_NOISE;
}
