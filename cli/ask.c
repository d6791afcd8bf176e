#include "cli/ask.h"

#include "cli/options_take.h"

#include <string.h>

struct ask
ask_nothing(void)
{
	return (struct ask){ .limit_kb = UNKNOWN, .ram_kb = UNKNOWN, .swap_kb = UNKNOWN };
}

struct whatif_ask
ask_get(const struct ask *a)
{
	return (struct whatif_ask){ .adj = a->adj,
		.nadj = a->nadj,
		.gone = a->gone,
		.ngone = a->ngone,
		.why_not = a->why_not,
		.nwhy_not = a->nwhy_not,
		.limit_kb = a->limit_kb,
		.ram_kb = a->ram_kb,
		.swap_kb = a->swap_kb };
}

static bool
rename_one(struct redactor *r, struct whatif_who *who)
{
	return known(who->pid) || redact_in_place(r, redact_comm, &who->name);
}

int
ask_redact(struct ask *a, struct redactor *r)
{
	bool done = true;

	for (size_t i = 0; i < a->nadj; i++)
		done = done && rename_one(r, &a->adj[i].who);
	for (size_t i = 0; i < a->ngone; i++)
		done = done && rename_one(r, &a->gone[i]);
	for (size_t i = 0; i < a->nwhy_not; i++)
		done = done && rename_one(r, &a->why_not[i]);
	return done ? 0 : -1;
}

/* Digits only are a pid. */
static int
take_who(struct str s, struct whatif_who *ret, struct err *err)
{
	struct str digits = s;

	*ret = (struct whatif_who){ UNKNOWN, s };
	if (s.n == 0)
		return err_set(err, "a NAME or PID is missing");
	if (str_is_digit(*s.p) && str_eat_i64(&digits, &ret->pid) && digits.n == 0)
		return 0;
	ret->pid = UNKNOWN;
	return 0;
}

static int
add_who(struct whatif_who *v, size_t *n, const char *arg, struct err *err)
{
	if (*n == ASK_MAX)
		return err_set(err, "one question has room for %d processes", ASK_MAX);
	return take_who(str_from(arg), &v[(*n)++], err);
}

int
option_take_gone(struct options *o, const char *arg, struct err *err)
{
	return add_who(o->ask.gone, &o->ask.ngone, arg, err);
}

int
option_take_why_not(struct options *o, const char *arg, struct err *err)
{
	return add_who(o->ask.why_not, &o->ask.nwhy_not, arg, err);
}

/* "mysqld=-500", "106=0"; a name may hold a '=' itself. */
int
option_take_adj(struct options *o, const char *arg, struct err *err)
{
	struct str s = str_from(arg), number;
	struct whatif_adj *to = &o->ask.adj[o->ask.nadj];
	size_t at;

	if (o->ask.nadj == ASK_MAX)
		return err_set(err, "one question has room for %d processes", ASK_MAX);
	if (!str_rfind(s, STR("="), &at))
		return err_set(err, "--adj is such as mysqld=-500, not '%s'", arg);
	number = str_from_at(s, at + 1);
	if (!str_eat_i64(&number, &to->adj) || number.n > 0 || to->adj < -1000 || to->adj > 1000)
		return err_set(
		    err, "an oom_score_adj is from -1000 to 1000, not '%s'", arg + at + 1);
	if (take_who(str_head(s, at), &to->who, err) != 0)
		return -1;
	o->ask.nadj++;
	return 0;
}

/* "512M", "1.5G", "4GiB", "0"; a bare number is bytes, as in memory.max. */
static bool
parse_size(const char *arg, int64_t *ret_kb)
{
	static const char units[] = "KMGTP";
	struct str s = str_from(arg);
	int64_t whole, part = 0, kb = 1;
	const char *unit;

	if (s.n == 0 || !str_is_digit(*s.p) || !str_eat_i64(&s, &whole))
		return false;
	if (s.n == 0) {
		*ret_kb = whole / 1024;
		return true;
	}
	if (str_eat_chr(&s, '.') && !str_eat_digits(&s, 1, &part))
		return false;
	if (s.n == 0 || (unit = strchr(units, s.p[0] & ~0x20)) == NULL)
		return false;
	s = str_from_at(s, 1);
	if (s.n > 0 && !str_eq_z(s, "iB") && !str_eq_z(s, "B"))
		return false;
	for (; unit > units; unit--)
		kb *= 1024;
	if (whole > (INT64_MAX / 1024 - kb) / kb)
		return false;
	*ret_kb = whole * kb + part * kb / 10;
	return true;
}

static int
take_size(const char *name, const char *arg, int64_t *ret_kb, struct err *err)
{
	if (parse_size(arg, ret_kb))
		return 0;
	return err_set(err, "--%s is a size such as 512M or 1.5G, not '%s'", name, arg);
}

int
option_take_limit(struct options *o, const char *arg, struct err *err)
{
	if (strcmp(arg, "max") != 0)
		return take_size("limit", arg, &o->ask.limit_kb, err);
	o->ask.limit_kb = INT64_MAX;
	return 0;
}

int
option_take_ram(struct options *o, const char *arg, struct err *err)
{
	return take_size("ram", arg, &o->ask.ram_kb, err);
}

int
option_take_swap(struct options *o, const char *arg, struct err *err)
{
	return take_size("swap", arg, &o->ask.swap_kb, err);
}
