#include "ingest/order.h"

static bool
cut_packing(struct str *name)
{
	static const char *const endings[] = { ".gz", ".xz", ".zst", ".bz2", ".lz4" };

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		struct str ending = str_from(endings[i]);

		if (str_ends(*name, ending) && name->n > ending.n) {
			name->n -= ending.n;
			return true;
		}
	}
	return false;
}

static size_t
digits_before(struct str name, size_t end)
{
	size_t n = 0;

	while (n < end && str_is_digit(name.p[end - 1 - n]))
		n++;
	return n;
}

/* ".2": what logrotate does without dateext.  More than four digits are something else. */
static bool
cut_number(struct str *name, int64_t *ret_rank)
{
	size_t n = digits_before(*name, name->n);
	struct str digits = str_from_at(*name, name->n - n);
	int64_t v;

	if (n == 0 || n > 4 || name->n < n + 2 || name->p[name->n - n - 1] != '.' ||
	    !str_eat_i64(&digits, &v))
		return false;
	*ret_rank = -v;
	name->n -= n + 1;
	return true;
}

/* 20260131, with up to six more digits of the time; or seconds since 1970. */
static bool
is_date(struct str digits, int64_t *ret)
{
	struct str d = digits;
	int64_t year, month, day, time = 0;

	if (digits.n == 10 && str_eat_i64(&d, ret) && *ret >= 1000000000 && *ret < 1900000000)
		return true;
	d = digits;
	if (!str_eat_digits(&d, 4, &year) || !str_eat_digits(&d, 2, &month) ||
	    !str_eat_digits(&d, 2, &day) || year < 1990 || month < 1 || month > 12 || day < 1 ||
	    day > 31 || d.n > 6 || (d.n > 0 && !str_eat_i64(&d, &time)))
		return false;
	*ret = ((year * 100 + month) * 100 + day) * 1000000 + time;
	return true;
}

/* "-20260131", "-2026-01-31", "-20260131-06": dateformat is anything strftime() can write, and
 * these are what people write. */
static bool
cut_date(struct str *name, int64_t *ret_rank)
{
	char digits[24];
	size_t n = 0, at = name->n, dashes = 0;

	while (at > 0 && n < sizeof(digits) - 1 &&
	       (str_is_digit(name->p[at - 1]) || (name->p[at - 1] == '-' && dashes < 5))) {
		if (str_is_digit(name->p[at - 1]))
			n++;
		else
			dashes++;
		at--;
	}
	/* What was passed begins with the mark in front of the date, or that stands before it. */
	if (at < name->n && name->p[at] == '-')
		at++;
	if (n < 8 || at < 2 ||
	    (name->p[at - 1] != '-' && name->p[at - 1] != '.' && name->p[at - 1] != '_'))
		return false;
	n = 0;
	for (size_t i = at; i < name->n; i++) {
		if (name->p[i] != '-' && n < sizeof(digits))
			digits[n++] = name->p[i];
	}
	if (!is_date((struct str){ digits, n }, ret_rank))
		return false;
	name->n = at - 1;
	return true;
}

struct order_name
order_name_of(struct str path)
{
	struct order_name o = { .ext = STR(""), .suffix = SUFFIX_NONE };
	size_t slash;

	o.dir = STR("");
	o.stem = path;
	if (str_rfind(path, STR("/"), &slash)) {
		o.dir = str_head(path, slash + 1);
		o.stem = str_from_at(path, slash + 1);
	}
	cut_packing(&o.stem);
	if (cut_number(&o.stem, &o.rank)) {
		o.suffix = SUFFIX_NUMBER;
	} else if (cut_date(&o.stem, &o.rank)) {
		o.suffix = SUFFIX_DATE;
	} else if (str_ends(o.stem, STR(".log")) && o.stem.n > 4) {
		struct str whole = o.stem;

		o.stem.n -= 4;
		o.ext = STR(".log");
		if (cut_date(&o.stem, &o.rank))
			o.suffix = SUFFIX_DATE;
		else
			o.stem = whole, o.ext = STR("");
	}
	return o;
}

/* Without a copy: "kern" and ".log" are the same log as "kern.log". */
static int
compare_logs(const struct order_name *a, const struct order_name *b)
{
	size_t na = a->stem.n + a->ext.n, nb = b->stem.n + b->ext.n;

	for (size_t i = 0; i < na && i < nb; i++) {
		unsigned char x, y;

		x = (unsigned char)(i < a->stem.n ? a->stem.p[i] : a->ext.p[i - a->stem.n]);
		y = (unsigned char)(i < b->stem.n ? b->stem.p[i] : b->ext.p[i - b->stem.n]);
		if (x != y)
			return x < y ? -1 : 1;
	}
	return (na > nb) - (na < nb);
}

int
order_compare(const struct order_name *a, const struct order_name *b)
{
	int order = str_cmp(a->dir, b->dir);

	if (order == 0)
		order = compare_logs(a, b);
	if (order == 0)
		order = (int)a->suffix - (int)b->suffix;
	if (order == 0)
		order = (a->rank > b->rank) - (a->rank < b->rank);
	return order;
}

bool
order_same_log(const struct order_name *a, const struct order_name *b)
{
	return str_eq(a->dir, b->dir) && compare_logs(a, b) == 0;
}
