/* The services of two events, by name. */
#include "analyze/compare_internal.h"

#include "analyze/arith.h"

#include <stdlib.h>

/* A service of one side; those of one name are one. */
struct holding {
	struct str name;
	int64_t kb, processes;
	int64_t adj; /* UNKNOWN: several, or not printed */
};

static int
holding_cmp(const void *va, const void *vb)
{
	const struct holding *a = va, *b = vb;

	return str_cmp(a->name, b->name);
}

/* By name, each once.  NULL: no memory. */
static struct holding *
holdings_of(struct pair *p, const struct services *s, size_t *ret_n)
{
	size_t n = s == NULL ? 0 : s->n, m = 0;
	struct holding *v = arena_raw(&p->c->mem, (n + 1) * sizeof(*v));

	if (v == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		v[i] = (struct holding){ s->v[i].name, s->v[i].private_kb, (int64_t)s->v[i].ntasks,
			s->v[i].adj };
	qsort(v, n, sizeof(*v), holding_cmp);
	for (size_t i = 0; i < n; i++) {
		if (m == 0 || !str_eq(v[m - 1].name, v[i].name)) {
			v[m++] = v[i];
			continue;
		}
		v[m - 1].kb = plus(v[m - 1].kb, v[i].kb);
		v[m - 1].processes += v[i].processes;
		if (v[m - 1].adj != v[i].adj)
			v[m - 1].adj = UNKNOWN;
	}
	*ret_n = m;
	return v;
}

/* Who is not in a whole list had no process; of one with holes nobody knows. */
static struct holding
missing_from(const struct event *ev)
{
	bool whole = ev->tasks.bad_rows == 0 && ev->completeness != COMPLETE_TABLE_PARTIAL;

	return whole ? (struct holding){ STR_NONE, 0, 0, UNKNOWN }
		     : (struct holding){ STR_NONE, UNKNOWN, UNKNOWN, UNKNOWN };
}

/* A service that was given another oom_score_adj. */
static int
add_adj(struct pair *p, struct str name, const struct holding *a, const struct holding *b)
{
	struct str what;

	if (!known(a->adj) || !known(b->adj) || a->adj == b->adj)
		return 0;
	what = arena_printf(&p->c->mem, "oom_score_adj of %.*s", STR_ARG(name));
	return compare_numbers(p, COMPARE_EVENT, COMPARE_NUMBER, what, a->adj, b->adj);
}

/* NULL: it is not in that list. */
static int
add_service(struct pair *p, struct str name, const struct holding *a, const struct holding *b)
{
	struct holding none[2] = { missing_from(p->side[0]->ev), missing_from(p->side[1]->ev) };
	struct compare_row *row;

	a = a == NULL ? &none[0] : a;
	b = b == NULL ? &none[1] : b;
	row = compare_add(p, COMPARE_SERVICES, COMPARE_KB, name.p == NULL ? STR("") : name);
	if (row == NULL)
		return -1;
	row->number[0] = a->kb;
	row->number[1] = b->kb;
	row->processes[0] = a->processes;
	row->processes[1] = b->processes;
	row->delta = minus(b->kb, a->kb);
	row->differs = known(row->delta) && row->delta != 0;
	return add_adj(p, name, a, b);
}

/* Two sorted lists. */
int
compare_services(struct pair *p)
{
	size_t n[2], i = 0, k = 0;
	struct holding *v[2];
	int rc = 0;

	if (!p->side[0]->ev->tasks.seen || !p->side[1]->ev->tasks.seen)
		return 0;
	for (int s = 0; s < 2; s++) {
		v[s] = holdings_of(p, p->side[s]->services, &n[s]);
		if (v[s] == NULL)
			return -1;
	}
	while (rc == 0 && (i < n[0] || k < n[1])) {
		int cmp = i == n[0] ? 1 : k == n[1] ? -1 : str_cmp(v[0][i].name, v[1][k].name);

		if (cmp < 0) {
			rc = add_service(p, v[0][i].name, &v[0][i], NULL);
			i++;
		} else if (cmp > 0) {
			rc = add_service(p, v[1][k].name, NULL, &v[1][k]);
			k++;
		} else {
			rc = add_service(p, v[0][i].name, &v[0][i], &v[1][k]);
			i++;
			k++;
		}
	}
	return rc;
}
