/* Phones, bare tags, and stamps of the kernel that stand behind something unknown. */
#include "ingest/prefix.h"

/* "01-01 00:00:00.000  root     0     0 W kernel : text"; the user is not always there. */
bool
prefix_logcat(struct prefix *p, struct prefix_memory *m)
{
	static const char letters[] = "VDIWEF";
	static const int levels[] = { 7, 7, 6, 4, 3, 2 };
	struct stamp st = { .kind = STAMP_CIVIL };
	struct str s = p->text, word, tag;
	int64_t month, day;
	int us, digits, level = -1;
	(void)m;

	if (s.n < 30 || s.p[2] != '-' || !str_eat_digits(&s, 2, &month) || month < 1 ||
	    month > 12 || !str_eat_chr(&s, '-') || !str_eat_digits(&s, 2, &day) || day < 1 ||
	    day > 31 || !str_eat_chr(&s, ' ') || !civil_eat_time(&s, &st.at) ||
	    !civil_eat_fraction(&s, '.', &us, &digits))
		return false;
	for (int words = 0; words < 4 && level < 0; words++) {
		if (!str_eat_blanks(&s) || !str_eat_word(&s, &word))
			return false;
		for (int i = 0; word.n == 1 && i < 6; i++)
			level = *word.p == letters[i] ? levels[i] : level;
	}
	str_eat_blanks(&s);
	if (level < 0 || !str_cut(&s, STR(":"), &tag))
		return false;
	str_eat_chr(&s, ' ');
	st.at.month = (int)month, st.at.day = (int)day;
	st.us = us, st.error_us = prefix_error_us(digits);
	p->stamp = st;
	p->level = level;
	p->ident = str_trim(tag);
	p->rest = str_eq_z(p->ident, "kernel") ? REST_KERNEL : REST_TEXT;
	p->text = s;
	return true;
}

/* "kernel: Call Trace:": somebody cut off the rest. */
bool
prefix_tag(struct prefix *p, struct prefix_memory *m)
{
	(void)m;
	if (!str_eat(&p->text, STR("kernel: ")))
		return false;
	p->ident = STR("kernel");
	p->rest = REST_KERNEL;
	return true;
}

/*
 * "root@host:~# [   12.345678] text", "[  213O[  221.922182] text": on a serial line a prompt
 * or a torn line may come first.
 */
bool
prefix_inside(struct prefix *p, struct prefix_memory *m)
{
	enum { REACH = 160 };
	struct str s = p->text, head;
	size_t at;
	(void)m;

	for (size_t from = 0; from < REACH; from += at + 1) {
		head = str_from_at(str_head(p->text, REACH), from);
		if (!str_chr(head, '[', &at))
			return false;
		s = str_from_at(p->text, from + at);
		if (s.n > 10 && (s.p[1] == ' ' || str_is_digit(s.p[1])) &&
		    prefix_eat_mono(&s, &p->mono_us, &p->caller)) {
			p->text = s;
			p->rest = REST_TEXT;
			return true;
		}
	}
	return false;
}
