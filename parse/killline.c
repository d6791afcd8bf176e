#include "parse/killline.h"

#include <string.h>

/*
 * What may stand before "Killed process": the oom-killer's messages (FORMATS:
 * mm/oom_kill.c @2.4 - 7.3, mm/memcontrol.c).  Anything else before it means
 * that another program is talking.
 */
static const char *const messages[] = {
	"Out of memory (oom_kill_allocating_task)",
	"Out of memory",
	"Out of Memory",
	"Memory cgroup out of memory",
	"No available memory (MPOL_BIND)",
	"No available memory in cpuset",
};

/* The message and ": " off the front; an empty one where the line has none. */
static struct str
eat_message(struct str *text)
{
	*text = str_trim(*text);
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		struct str rest = *text, m = str_from(messages[i]);

		if (str_eat(&rest, m) && str_eat(&rest, STR(":"))) {
			struct str got = str_head(*text, m.n);

			str_eat_blanks(&rest);
			*text = rest;
			return got;
		}
	}
	return (struct str){ text->p, 0 };
}

/* Rows: "key:N" behind the comm. */
static const struct size_key {
	const char *key;
	size_t off;
	bool in_kb;
} size_keys[] = {
	{ "total-vm", offsetof(struct kill_line, total_vm_kb), true },
	{ "vsz", offsetof(struct kill_line, total_vm_kb), true }, /* 2.6.33 - 2.6.35 */
	{ "vm", offsetof(struct kill_line, total_vm_kb), true },  /* OpenVZ 6 */
	{ "anon-rss", offsetof(struct kill_line, anon_rss_kb), true },
	{ "file-rss", offsetof(struct kill_line, file_rss_kb), true },
	{ "shmem-rss", offsetof(struct kill_line, shmem_rss_kb), true },
	{ "UID", offsetof(struct kill_line, uid), false },
	{ "pgtables", offsetof(struct kill_line, pgtables_kb), true },
	{ "oom_score_adj", offsetof(struct kill_line, oom_score_adj), false },
};

static void
take_sizes(struct str text, struct kill_line *ret)
{
	struct str word;

	while (str_eat_blanks(&text) && str_eat_word(&text, &word)) {
		size_t at;

		if (!str_chr(word, ':', &at))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(size_keys); i++) {
			struct str value = str_from_at(word, at + 1);
			int64_t n;

			if (!str_eq_z(str_head(word, at), size_keys[i].key) ||
			    !str_eat_i64(&value, &n))
				continue;
			/* A number without its unit was cut: "anon-rss:258" of 258377492kB. */
			if (!size_keys[i].in_kb || str_starts(value, STR("kB")))
				*(int64_t *)((char *)ret + size_keys[i].off) = n;
		}
	}
}

/*
 * Where the comm ends: at the last place that the rest of the format can
 * follow.  A process may be called ") total-vm:9"; what follows the comm is
 * made of numbers, so the rightmost fit is the kernel's.
 */
static bool
comm_end(struct str text, size_t *ret_at)
{
	static const char *const tails[] = { ") total-vm:", ") vsz:", "), UID ", ") score " };

	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		if (str_rfind(text, str_from(tails[i]), ret_at))
			return true;
	}
	return str_rfind(text, STR(")"), ret_at);
}

/* ", UID %d," on either side of the comm: RHEL 5 - 7. */
static void
eat_uid(struct str *text, int64_t *ret_uid)
{
	struct str rest = *text;
	int64_t uid;

	if (str_eat(&rest, STR(", UID ")) && str_eat_i64(&rest, &uid) && str_eat_chr(&rest, ',')) {
		*ret_uid = uid;
		*text = rest;
	}
}

/* "Killed process " everywhere; OpenVZ 6 has two more. */
static bool
eat_killed(struct str *text)
{
	return str_eat(text, STR("Killed process ")) || str_eat(text, STR("OOM killed process ")) ||
	       str_eat(text, STR("OOM kill in rage task "));
}

bool
kill_line_parse(struct str text, struct kill_line *ret)
{
	size_t at;
	uint64_t context;

	*ret = (struct kill_line){ .pid = UNKNOWN,
		.uid = UNKNOWN,
		.total_vm_kb = UNKNOWN,
		.anon_rss_kb = UNKNOWN,
		.file_rss_kb = UNKNOWN,
		.shmem_rss_kb = UNKNOWN,
		.pgtables_kb = UNKNOWN,
		.oom_score_adj = UNKNOWN,
		.score = UNKNOWN };
	ret->message = eat_message(&text);
	if (!eat_killed(&text) || !str_eat_i64(&text, &ret->pid) || ret->pid < 0)
		return false;
	if (str_eat(&text, STR(":#")) && !str_eat_u64(&text, &context)) /* vserver */
		return false;
	eat_uid(&text, &ret->uid);
	text = str_trim(text);
	if (!str_eat_chr(&text, '(')) {
		ret->open = text.n == 0;
		return ret->open;
	}
	if (!comm_end(text, &at)) {
		ret->comm = text;
		ret->open = true;
		return true;
	}
	ret->comm = str_head(text, at);
	text = str_from_at(text, at + 1);
	eat_uid(&text, &ret->uid);
	if (str_eat(&text, STR(" score ")))
		str_eat_i64(&text, &ret->score);
	take_sizes(text, ret);
	return true;
}

bool
kill_complete(struct str text)
{
	struct kill_line k;

	return kill_line_parse(text, &k) && !k.open;
}

bool
is_killed(struct str text)
{
	struct kill_line k;

	return kill_line_parse(text, &k);
}

/* "Out of memory: Killed" at the end of a line that a mailer broke. */
bool
is_broken_kill(struct str text)
{
	struct str rest = text, m = eat_message(&rest);

	rest = str_trim(rest);
	return m.n > 0 &&
	       (rest.n == 0 || str_eq(rest, STR("Killed")) || str_eq(rest, STR("Kill")) ||
		   str_eq(rest, STR("Killed process")) || str_eq(rest, STR("Kill process")));
}

/*
 * 2.6.18 "Out of Memory: Kill process %d (%s) score %li and children.",
 * 2.6.20 "%s: kill process %d (%s) score %li or a child",
 * 2.6.36 "%s: Kill process %d (%s) score %d or sacrifice child".
 */
bool
chosen_line_parse(struct str text, struct chosen_line *ret)
{
	size_t at;
	uint64_t context;

	ret->message = eat_message(&text);
	if (!str_eat(&text, STR("Kill process ")) && !str_eat(&text, STR("kill process ")) &&
	    !str_eat(&text, STR("Kill child of process "))) /* OpenVZ 6 */
		return false;
	if (!str_eat_i64(&text, &ret->pid) ||
	    (str_eat(&text, STR(":#")) && !str_eat_u64(&text, &context)))
		return false;
	str_eat_blanks(&text);
	if (!str_eat_chr(&text, '(') || !str_rfind(text, STR(") score "), &at))
		return false;
	ret->comm = str_head(text, at);
	text = str_from_at(text, at + strlen(") score "));
	return str_eat_i64(&text, &ret->score);
}

bool
is_chosen(struct str text)
{
	struct chosen_line c;

	return chosen_line_parse(text, &c);
}

bool
sharing_line_parse(struct str text, int64_t *ret_pid, struct str *ret_comm)
{
	size_t at;

	if (!str_eat(&text, STR("Kill process ")) || !str_eat_i64(&text, ret_pid) ||
	    !str_eat(&text, STR(" (")) || !str_rfind(text, STR(") sharing same memory"), &at))
		return false;
	*ret_comm = str_head(text, at);
	return true;
}

bool
is_sharing(struct str text)
{
	struct str comm;
	int64_t pid;

	return sharing_line_parse(text, &pid, &comm);
}

bool
exiting_line_parse(struct str text, int64_t *ret_pid, struct str *ret_comm)
{
	size_t at;

	eat_message(&text);
	if (!str_eat(&text, STR("OOM victim ")) || !str_eat_i64(&text, ret_pid) ||
	    !str_eat(&text, STR(" (")) || !str_rfind(text, STR(") is already exiting."), &at))
		return false;
	*ret_comm = str_head(text, at);
	return true;
}

bool
is_exiting(struct str text)
{
	struct str comm;
	int64_t pid;

	return exiting_line_parse(text, &pid, &comm);
}

bool
reaper_line_parse(struct str text, struct reaper_line *ret)
{
	struct kill_line sizes = {
		.anon_rss_kb = UNKNOWN, .file_rss_kb = UNKNOWN, .shmem_rss_kb = UNKNOWN
	};
	size_t at;

	*ret = (struct reaper_line){ .pid = UNKNOWN };
	if (!str_eat(&text, STR("oom_reaper: ")))
		return false;
	ret->failed = str_eat(&text, STR("unable to reap pid:")) ||
		      str_eat(&text, STR("giving up pid:")); /* 4.8 */
	if (!ret->failed && !str_eat(&text, STR("reaped process ")))
		return false;
	if (!str_eat_i64(&text, &ret->pid))
		return false;
	if (!ret->failed && str_rfind(text, STR("), now "), &at))
		take_sizes(str_from_at(text, at + strlen("), now ")), &sizes);
	ret->anon_rss_kb = sizes.anon_rss_kb;
	ret->file_rss_kb = sizes.file_rss_kb;
	ret->shmem_rss_kb = sizes.shmem_rss_kb;
	return true;
}
