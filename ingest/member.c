#include "ingest/member.h"

#include <fnmatch.h>
#include <string.h>

enum { PATH_LIMIT = 1024 };

/*
 * sos(1), versions 3 and 4: commands under sos_commands/PLUGIN/, files where they stood.  A
 * file cut to its tail is in sos_strings/.  The first row that fits counts; '*' takes slashes
 * too.  Only paths of a sosreport are asked for.
 */
static const struct layout {
	const char *pattern; /* of the path inside the report */
	enum member_kind kind;
} layouts[] = {
	{ "sos_commands/*/dmesg*", MEMBER_DMESG },
	{ "sos_commands/*journalctl_*", MEMBER_LOG },
	{ "sos_commands/*vmcore-dmesg*", MEMBER_LOG },
	{ "sos_commands/host/hostname", MEMBER_HOST },
	{ "sos_commands/general/hostname", MEMBER_HOST },
	{ "sos_commands/kernel/uname_-a", MEMBER_UNAME },
	{ "etc/hostname", MEMBER_HOST },
	{ "proc/sys/kernel/hostname", MEMBER_HOST },
	{ "proc/stat", MEMBER_BTIME },
	{ "sys/fs/pstore/*", MEMBER_LOG },
	{ "sos_strings/*", MEMBER_OTHER },
	{ "var/*", MEMBER_OTHER },
	{ "run/log/*", MEMBER_OTHER },
	{ "*", MEMBER_PASSED },
};

static struct str
without_root(struct str path)
{
	while (str_eat(&path, STR("./")) || str_eat_chr(&path, '/'))
		;
	return path;
}

struct str
member_report_of(struct str path)
{
	struct str top;

	path = without_root(path);
	if (!str_starts_z(path, "sosreport-") && !str_starts_z(path, "sos-"))
		return STR_NONE;
	return str_cut(&path, STR("/"), &top) ? top : STR_NONE;
}

enum member_kind
member_kind_of(struct str path)
{
	struct str top = member_report_of(path);
	char inside[PATH_LIMIT];

	if (top.p == NULL)
		return MEMBER_OTHER;
	path = str_from_at(without_root(path), top.n + 1);
	if (path.n >= sizeof(inside))
		return MEMBER_OTHER;
	memcpy(inside, path.p, path.n);
	inside[path.n] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
		if (fnmatch(layouts[i].pattern, inside, 0) == 0)
			return layouts[i].kind;
	}
	return MEMBER_OTHER;
}

/* Bytes that no log has, but for those of a hole, of colours, of UTF-16. */
enum member_content
member_content_of(struct str head)
{
	size_t nul = 0, control = 0;

	if (str_starts(head, STR("LPKSHHRH")))
		return CONTENT_JOURNAL;
	for (size_t i = 0; i < head.n; i++) {
		unsigned char c = (unsigned char)head.p[i];

		nul += c == '\0';
		control += (c < ' ' && c != '\0' && (c < '\b' || c > '\r') && c != '\033');
	}
	/* Records of wtmp and databases: numbers among NULs. */
	if (control > head.n / 16 || (control > 1 && nul > head.n / 4))
		return CONTENT_BINARY;
	return CONTENT_TEXT;
}

static void
learn_host(struct member_facts *f, struct str name)
{
	struct str label;

	name = str_trim(name);
	if (str_cut(&name, STR("."), &label))
		name = label;
	if (name.n == 0 || name.n >= sizeof(f->host))
		return;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !str_is_digit(c) &&
		    c != '-' && c != '_')
			return;
	}
	memcpy(f->host, name.p, name.n);
	f->host[name.n] = '\0';
}

/* "-0", "-20260101", "-AbCdEfG": the last part, and the hyphen before it.  STR_NONE: none. */
static struct str
cut_part(struct str *s)
{
	struct str part;
	size_t at;

	if (!str_rfind(*s, STR("-"), &at))
		return STR_NONE;
	part = str_from_at(*s, at + 1);
	*s = str_head(*s, at);
	return part;
}

static bool
is_digits(struct str s, size_t least, size_t most)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!str_is_digit(s.p[i]))
			return false;
	}
	return s.n >= least && s.n <= most;
}

/*
 * sos, policies/__init__.py, get_archive_name(): sosreport-HOST[-LABEL][-CASE]-2026-01-31-RANDOM,
 * or as it once was sosreport-HOST[.CASE]-20260131120000.  What is a label cannot be told from
 * what is a host; a case is a number, longer than those in the names of hosts.
 */
void
member_learn_report(struct member_facts *f, struct str top)
{
	struct str rest = top, before;

	if (!str_eat(&rest, STR("sosreport-")))
		return;
	if (!is_digits(cut_part(&rest), 14, 14)) {
		if (!is_digits(cut_part(&rest), 2, 2) || !is_digits(cut_part(&rest), 2, 2) ||
		    !is_digits(cut_part(&rest), 4, 4))
			return;
	}
	before = rest;
	if (!is_digits(cut_part(&before), 5, 20))
		before = rest;
	learn_host(f, before);
}

void
member_learn(struct member_facts *f, enum member_kind kind, struct str content)
{
	struct str line, name;
	int64_t s;

	while (str_cut_line(&content, &line)) {
		if (kind == MEMBER_HOST && line.n > 0 && *line.p != '#') {
			learn_host(f, line);
			return;
		}
		if (kind == MEMBER_UNAME && str_eat(&line, STR("Linux ")) &&
		    str_eat_word(&line, &name)) {
			learn_host(f, name);
			return;
		}
		if (kind == MEMBER_BTIME && str_eat(&line, STR("btime ")) &&
		    str_eat_i64(&line, &s) && s > 0 && s < INT64_C(1) << 40) {
			f->boot_us = s * 1000000;
			return;
		}
	}
}

void
member_complete(const struct member_facts *f, enum member_kind kind, struct record *r)
{
	if (r->host.p == NULL && f->host[0] != '\0')
		r->host = str_from(f->host);
	if (kind == MEMBER_DMESG && !known(r->real_us) && known(r->mono_us) && known(f->boot_us) &&
	    !__builtin_add_overflow(f->boot_us, r->mono_us, &r->real_us)) {
		r->real_source = TIME_BOOT_OFFSET;
		r->real_error_us = 1000000;
	}
}
