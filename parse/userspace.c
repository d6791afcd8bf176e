#include "parse/userspace.h"

#include <string.h>

/*
 * Every line shape.  A shape is literals and {fields}: a field takes the text
 * up to the next literal (the last one, if nothing follows it), numbers take
 * digits.  `idents` are the names the program logs under, "|" between them; a
 * row with `alone` may also match where the log does not name the program.
 *
 * Sources: systemd src/oom/oomd-manager.c @247 .. 262; earlyoom main.c, kill.c @1.0 .. 1.8;
 * oomd plugins/BaseKillPlugin.cpp @0.1 .. 0.5; nohang src/nohang @0.1 .. 0.2; Android
 * system/memory/lmkd/lmkd.cpp, drivers/staging/android/lowmemorykiller.c @3.4 .. 4.9; kubernetes
 * pkg/kubelet/eviction/eviction_manager.go, pkg/kubelet/oom/oom_watcher_linux.go @1.10 .. 1.31.
 */
/* clang-format off */
static const struct userspace_row {
	const char *killer;
	const char *idents;
	bool alone;
	enum userspace_phase phase;
	const char *shape;
} rows[] = {
	{ "systemd-oomd", "systemd-oomd", true, USERSPACE_KILL, "Killed /{cgroup} due to {reason}" },
	{ "systemd-oomd", "systemd-oomd", true, USERSPACE_KILL, "Marked /{cgroup} for killing due to {reason}" },
	{ "systemd-oomd", "systemd-oomd", false, USERSPACE_CAUSE, "Memory pressure for {reason}" },
	{ "systemd-oomd", "systemd-oomd", false, USERSPACE_CAUSE, "Swap used ({reason}" },
	{ "systemd-oomd", "systemd-oomd", false, USERSPACE_CAUSE, "Rule '{reason}" },
	{ "systemd-oomd", "systemd", false, USERSPACE_AFTER, "{unit}: systemd-oomd killed {*}" },

	{ "earlyoom", "earlyoom", true, USERSPACE_CAUSE, "low memory! {reason}" },
	{ "earlyoom", "earlyoom", false, USERSPACE_CAUSE, "Low memory! {reason}" },
	{ "earlyoom", "earlyoom", false, USERSPACE_CAUSE, "Out of memory! {reason}" },
	{ "earlyoom", "earlyoom", true, USERSPACE_KILL,
	    "sending SIG{*} to process {pid} uid {uid} \"{comm}\": badness {score}, VmRSS {rss_mib} MiB{*}" },
	{ "earlyoom", "earlyoom", true, USERSPACE_KILL,
	    "sending SIG{*} to process {pid} uid {uid} \"{comm}\": oom_score {score}, VmRSS {rss_mib} MiB{*}" },
	{ "earlyoom", "earlyoom", true, USERSPACE_KILL,
	    "sending SIG{*} to process {pid} \"{comm}\": badness {score}, VmRSS {rss_mib} MiB{*}" },
	{ "earlyoom", "earlyoom", false, USERSPACE_KILL,
	    "Killing process: {comm}, pid: {pid}, badness: {score}, VmRSS: {rss_mib} MiB{*}" },
	{ "earlyoom", "earlyoom", false, USERSPACE_KILL, "Killing process {pid} {comm}" },
	{ "earlyoom", "earlyoom", false, USERSPACE_AFTER, "process exited after {*}" },
	{ "earlyoom", "earlyoom", false, USERSPACE_AFTER, "process {pid} exited after {*}" },
	{ "earlyoom", "earlyoom", false, USERSPACE_AFTER, "kill failed{*}" },

	{ "oomd", "oomd|oomd_bin|kernel", true, USERSPACE_KILL,
	    "oomd kill: {*} {*} {*} {cgroup} {*} ruleset:[{reason}] detectorgroup:[{*}" },

	{ "nohang", "nohang|nohang-desktop", false, USERSPACE_CAUSE, "MemAvailable [{reason}" },
	{ "nohang", "nohang|nohang-desktop", false, USERSPACE_CAUSE, "PSI avg value ({reason}" },
	{ "nohang", "nohang|nohang-desktop", false, USERSPACE_KILL, "PID: {pid}, Name: {comm}, badness: {score}{*}" },
	{ "nohang", "nohang|nohang-desktop", false, USERSPACE_AFTER, "Sending SIG{*} to the victim{*}" },
	{ "nohang", "nohang|nohang-desktop", false, USERSPACE_AFTER, "[ OK ] Sending SIG{*}" },

	{ "lmkd", "lmkd|lowmemorykiller", false, USERSPACE_KILL,
	    "Kill '{comm}' ({pid}), uid {uid}, oom_score_adj {adj} to free {rss_kb}kB rss, {*}; reason: {reason}" },
	{ "lmkd", "lmkd|lowmemorykiller", false, USERSPACE_KILL,
	    "Kill '{comm}' ({pid}), uid {uid}, oom_score_adj {adj} to free {rss_kb}kB{*}" },
	{ "lmkd", "lmkd|lowmemorykiller", false, USERSPACE_KILL,
	    "Killing '{comm}' ({pid}), uid {uid}, adj {adj}{*}" },
	{ "lmkd", "kernel", true, USERSPACE_KILL,
	    "lowmemorykiller: Kill '{comm}' ({pid}), uid {uid}, oom_score_adj {adj} to free {rss_kb}kB rss, {*}; reason: {reason}" },
	{ "lmkd", "kernel", true, USERSPACE_KILL,
	    "lowmemorykiller: Killing '{comm}' ({pid}){*}, adj {adj}{*}" },

	{ "kubelet", "kubelet", false, USERSPACE_CAUSE, "{*}\"Eviction manager: must evict pod(s) to reclaim\" {reason}" },
	{ "kubelet", "kubelet", false, USERSPACE_CAUSE, "{*}eviction manager: must evict pod(s) to reclaim {reason}" },
	{ "kubelet", "kubelet", false, USERSPACE_KILL, "{*}\"Eviction manager: pod is evicted successfully\" pod=\"{unit}\"{*}" },
	{ "kubelet", "kubelet", false, USERSPACE_KILL, "{*}eviction manager: pod {unit} is evicted successfully{*}" },
};

/* At least one stands in every line that a row can match. */
#define ANCHOR(lit) { lit, sizeof(lit) - 1 }
static const struct str anchors[] = {
	ANCHOR(" due to memory "),
	ANCHOR(" for killing due to "),
	ANCHOR("Memory pressure for "),
	ANCHOR("Swap used ("),
	ANCHOR("systemd-oomd"),
	ANCHOR("earlyoom"),
	ANCHOR("low memory! "),
	ANCHOR("sending SIG"),
	ANCHOR("oomd kill: "),
	ANCHOR("nohang"),
	ANCHOR("lowmemorykiller"),
	ANCHOR("lmkd"),
	ANCHOR("iction manager: "),
};
/* clang-format on */

const struct str *
userspace_anchors(size_t *ret_n)
{
	*ret_n = ARRAY_LEN(anchors);
	return anchors;
}

/* One of "a|b|c". */
static bool
is_one_of(const char *list, struct str name)
{
	while (*list != '\0') {
		size_t n = strcspn(list, "|");

		if (str_eq(name, (struct str){ list, n }))
			return true;
		list += n + (list[n] == '|' ? 1 : 0);
	}
	return false;
}

/* Rows: a field's name, where its text goes, or its number and by what it is scaled. */
#define TEXT(name, member)                                                                         \
	{                                                                                          \
		name, offsetof(struct userspace_kill, member), 0                                   \
	}
#define NUMBER(name, member, scale)                                                                \
	{                                                                                          \
		name, offsetof(struct userspace_kill, member), scale                               \
	}
static const struct field_name {
	const char *name;
	size_t off;
	int64_t scale; /* 0: text */
} field_names[] = {
	TEXT("comm", comm),
	TEXT("cgroup", cgroup),
	TEXT("unit", unit),
	TEXT("reason", reason),
	NUMBER("pid", pid, 1),
	NUMBER("uid", uid, 1),
	NUMBER("adj", oom_score_adj, 1),
	NUMBER("score", score, 1),
	NUMBER("rss_kb", rss_kb, 1),
	NUMBER("rss_mib", rss_kb, 1024),
};

static bool
set_field(struct userspace_kill *k, struct str name, struct str value)
{
	int64_t number;

	for (size_t i = 0; i < ARRAY_LEN(field_names); i++) {
		const struct field_name *f = &field_names[i];
		void *to = (char *)k + f->off;

		if (!str_eq_z(name, f->name))
			continue;
		if (f->scale == 0) {
			*(struct str *)to = value;
			return true;
		}
		if (!str_eat_i64(&value, &number) || value.n > 0 || number > INT64_MAX / 1024 ||
		    number < INT64_MIN / 1024)
			return false;
		*(int64_t *)to = number * f->scale;
		return true;
	}
	return str_eq(name, STR("*"));
}

static size_t
number_length(struct str text)
{
	size_t n = text.n > 0 && text.p[0] == '-' ? 1 : 0;

	while (n < text.n && str_is_digit(text.p[n]))
		n++;
	return n;
}

static bool
shape_match(const char *shape, struct str text, struct userspace_kill *k)
{
	for (;;) {
		size_t n = strcspn(shape, "{");
		struct str name, value, until;

		if (!str_eat(&text, (struct str){ shape, n }))
			return false;
		shape += n;
		if (*shape == '\0')
			return text.n == 0;
		shape++;
		name = (struct str){ shape, strcspn(shape, "}") };
		shape += name.n + 1;
		until = (struct str){ shape, strcspn(shape, "{") };
		if (until.n == 0 && *shape == '{') { /* a number, then anything */
			value = str_head(text, number_length(text));
			text = str_from_at(text, value.n);
		} else if (until.n == 0) {
			value = text;
			text = str_from_at(text, text.n);
		} else if (!str_cut(&text, until, &value)) {
			return false;
		} else {
			text = (struct str){ text.p - until.n, text.n + until.n };
		}
		if (!set_field(k, name, value))
			return false;
	}
}

static bool
may_have_written(const struct userspace_row *row, struct str ident)
{
	return ident.p == NULL ? row->alone : is_one_of(row->idents, ident);
}

/* "Killed /{cgroup}": the slash that told it from other lines belongs to the path. */
static void
whole_path(struct userspace_kill *k)
{
	if (k->cgroup.n > 0 && k->cgroup.p[0] != '/' && k->cgroup.p[-1] == '/')
		k->cgroup = (struct str){ k->cgroup.p - 1, k->cgroup.n + 1 };
}

bool
userspace_match(struct str ident, struct str text, struct userspace_kill *ret)
{
	text = str_trim(text);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct userspace_kill k = { .killer = rows[i].killer,
			.phase = rows[i].phase,
			.pid = UNKNOWN,
			.uid = UNKNOWN,
			.oom_score_adj = UNKNOWN,
			.score = UNKNOWN,
			.rss_kb = UNKNOWN,
			.swap_kb = UNKNOWN };

		if (!may_have_written(&rows[i], ident) || !shape_match(rows[i].shape, text, &k))
			continue;
		whole_path(&k);
		*ret = k;
		return true;
	}
	return false;
}
