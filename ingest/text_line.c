/* What a line is: a separator, a prefix and a message, the rest of the line before, or bare. */
#include "ingest/text_internal.h"

#include <string.h>

/* Colours of dmesg and journalctl stand at an end of the line, those of grep have ESC [ K
 * with them; an ESC elsewhere may be in a process's name, which is evidence. */
static bool
is_coloured(struct str s)
{
	size_t at;

	if (s.n == 0 || !str_chr(s, '\033', &at))
		return false;
	if (at == 0 || str_has(s, STR("\033[K")))
		return true;
	s = str_trim_end(s);
	return str_ends(s, STR("\033[0m")) || str_ends(s, STR("\033[m"));
}

/* "-- Boot 5c1d... --", "-- Reboot --"; and those that only tell people something. */
static bool
take_separator(struct text *t, struct str s)
{
	static const char *const others[] = { "Journal begins at ", "Logs begin at ",
		"No entries --" };
	struct str id;

	if (!str_eat(&s, STR("-- ")))
		return false;
	if (str_starts_z(s, "Reboot --")) {
		t->boot_id_now = STR_NONE;
		boots_separator(&t->boots);
		return true;
	}
	if (str_eat(&s, STR("Boot ")) && str_eat_word(&s, &id) && str_eq_z(s, " --")) {
		t->boot_id_now = STR_NONE;
		if (id.n == sizeof(t->boot_id_bytes)) {
			memcpy(t->boot_id_bytes, id.p, id.n);
			t->boot_id_now = (struct str){ t->boot_id_bytes, id.n };
		}
		boots_separator(&t->boots);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		if (str_starts_z(s, others[i]))
			return true;
	}
	return false;
}

/* " SUBSYSTEM=acpi" under a record of /dev/kmsg; what users add to netconsole's records has
 * names of any kind. */
static bool
is_dictionary(const struct text *t, struct str s)
{
	size_t n = 0;

	if (t->record_style == NULL || !str_eat_chr(&s, ' '))
		return false;
	while (n < s.n && ((s.p[n] >= 'A' && s.p[n] <= 'Z') || s.p[n] == '_'))
		n++;
	while (
	    t->record_style->take == prefix_netconsole && n < s.n && s.p[n] > ' ' && s.p[n] != '=')
		n++;
	return n > 0 && n < s.n && s.p[n] == '=';
}

static void
settle(struct text *t, const struct prefix_style *style)
{
	enum { PATIENCE = 64 };

	t->record_style = NULL;
	t->in_json = false;
	if (style != NULL) {
		t->settled = true;
		t->in_order = style->in_order;
		if (style->take == prefix_kmsg || style->take == prefix_netconsole)
			t->record_style = style;
	} else if (++t->unsettled == PATIENCE) {
		t->settled = true;
	}
}

/* What a wrapper says counts where the line in it does not say it. */
static void
add_around(struct prefix *p, const struct prefix *around)
{
	if (p->stamp.kind == STAMP_NONE)
		p->stamp = around->stamp;
	if (p->host.p == NULL)
		p->host = around->host;
}

/* "... stdout P first half": held until a line that is not partial.  true: *p is whole. */
static bool
join_partial(struct text *t, struct prefix *p)
{
	struct err ignored;

	if (!p->partial && t->partial.n == 0)
		return true;
	if (t->partial.n == 0) {
		t->partial_prefix = *p;
		t->partial_prefix.host = t->partial_prefix.ident = STR_NONE;
		t->partial_prefix.caller = STR_NONE;
	}
	if (t->partial.n < LINES_MAX)
		entry_add(&t->partial, str_head(p->text, LINES_MAX - t->partial.n), &ignored);
	if (p->partial)
		return false;
	*p = t->partial_prefix;
	p->partial = false;
	p->text = (struct str){ t->partial.p, t->partial.n };
	t->partial.n = 0;
	return true;
}

/* true: *p is a record, whole. */
static bool
join_frags(struct text *t, struct prefix *p, struct line *line)
{
	bool cut;

	if (!text_count_seq(t, p))
		return false;
	if (!known(p->frag_at))
		return true;
	p->kernel_known = false;
	if (t->frags == NULL && (t->frags = frags_new()) == NULL)
		return true;
	if (!frags_add(t->frags, p, &cut))
		return false;
	line->cut = line->cut || cut;
	return true;
}

bool
text_line(struct text *t, const struct line *given, const struct entry *around, struct record *ret)
{
	struct line line = *given;
	const struct prefix_style *style;
	const char *format;
	struct prefix p;
	bool parts = t->partial.n > 0;

	if ((around != NULL || t->lines.has_esc) && is_coloured(line.text)) {
		struct str s = str_head(line.text, LINES_MAX);

		s = (struct str){ t->plain, decode_without_csi(s, t->plain) };
		prefix_begin(&p, s);
	} else {
		prefix_begin(&p, line.text);
	}
	if (p.text.n > 0 && *p.text.p == '-' && take_separator(t, p.text))
		return false;

	struct str whole = p.text;

	t->shown = whole;
	style = prefix_peel(&t->memory, &p);
	if (style == NULL && is_dictionary(t, whole))
		return false;
	if (around != NULL && !around->is_physical) {
		format = around->format;
		add_around(&p, &around->prefix);
	} else {
		format = style != NULL ? style->name : NULL;
		settle(t, style);
	}
	if (format != NULL && (style != NULL || p.stamp.kind != STAMP_NONE)) {
		if (!join_partial(t, &p) || !join_frags(t, &p, &line))
			return false;
		text_record(t, format, &p, &line, ret);
		t->stands_alone = style != NULL && around == NULL && !style->in_order && !parts &&
				  !p.fragment && ret->lost_before == 0 && t->message.rest.n == 0;
		return true;
	}
	if (!text_continue(t, whole, &line, ret))
		text_bare(t, p.text, &line, ret);
	return true;
}

bool
text_flush(struct text *t, struct record *ret)
{
	struct line line = { .number = lines_count(&t->lines), .text = STR("") };
	struct prefix p;

	if (line.number == 0)
		return false;
	if (t->partial.n > 0) {
		p = t->partial_prefix;
		p.text = (struct str){ t->partial.p, t->partial.n };
		t->partial.n = 0;
		line.cut = true;
		text_record(t, "iso", &p, &line, ret);
		return true;
	}
	if (!frags_flush(t->frags, &p))
		return false;
	line.cut = true;
	text_record(t, "netconsole", &p, &line, ret);
	return true;
}
