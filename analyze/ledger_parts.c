/* The ledgers of memory nodes and zones, in kB as their lines are. */
#include "analyze/arith.h"
#include "analyze/ledger_internal.h"

static void
add_zone(const struct zone *z, struct books *b, struct ledger *l)
{
	books_counters(b, &z->kb, 1);
	books_add(b, LEDGER_FREE, z->free_kb);
	ledger_note(&l->total_kb, known(z->managed_kb) ? z->managed_kb : z->present_kb);
	l->total_is_present |= !known(z->managed_kb);
	ledger_note(&l->mlocked_kb, counter_get(&z->kb, "mlocked"));
	ledger_note(&l->free_cma_kb, counter_get(&z->kb, "free_cma"));
}

/* The lists stand in the zone lines up to 4.7, then in both: a node's is their sum. */
static struct ledger
ledger_node(const struct memory *m, int64_t id)
{
	struct ledger l = ledger_blank(LEDGER_NODE);
	const struct node *own = NULL;
	int64_t shmem = UNKNOWN;
	struct books b, printed;

	books_open(&b);
	books_open(&printed);
	l.node = id;
	for (size_t i = 0; i < m->nzones; i++) {
		if (m->zones[i].node != id)
			continue;
		add_zone(&m->zones[i], &b, &l);
		ledger_note(&shmem, counter_get(&m->zones[i].kb, "shmem"));
		if (!known(l.line))
			l.line = m->zones[i].line;
	}
	for (size_t i = 0; i < m->nnodes && own == NULL; i++)
		own = m->nodes[i].id == id ? &m->nodes[i] : NULL;
	if (own != NULL) {
		books_counters(&printed, &own->kb, 1);
		for (size_t i = 0; i < LEDGER_NAMES; i++)
			b.kb[i] = known(printed.kb[i]) ? printed.kb[i] : b.kb[i];
		shmem = counter_get(&own->kb, "shmem");
		l.mapped_kb = counter_get(&own->kb, "mapped");
		l.line = own->line;
	}
	books_stacks(&b, m, id);
	books_hugetlb(&b, m, id, &l);
	l.shmem_kb = shmem;
	books_part_shmem(&b, shmem);
	l.partial = books_partial(&b);
	books_close(&b, &l);
	return l;
}

static struct ledger
ledger_zone(const struct zone *z)
{
	struct ledger l = ledger_blank(LEDGER_ZONE);
	struct books b;

	books_open(&b);
	l.of = z->name;
	l.node = z->node;
	l.line = z->line;
	add_zone(z, &b, &l);
	books_add(&b, LEDGER_KERNEL_STACK, counter_get(&z->kb, "kernel_stack"));
	l.shmem_kb = counter_get(&z->kb, "shmem");
	books_part_shmem(&b, l.shmem_kb);
	l.mapped_kb = counter_get(&z->kb, "mapped");
	l.partial = books_partial(&b);
	books_close(&b, &l);
	return l;
}

static bool
has_node(const struct ledger *v, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].node == id)
			return true;
	}
	return false;
}

/* No machine has more: a log that does is not believed to its end. */
enum { NODES_MAX = 1024, ZONES_MAX = 4 * NODES_MAX };

int
ledger_parts(struct event *ev, struct ledgers *all)
{
	const struct memory *m = &ev->memory;
	size_t nzones = m->nzones < ZONES_MAX ? m->nzones : ZONES_MAX;
	struct ledger *zones = arena_alloc(&ev->mem, nzones * sizeof(*zones) + 1);
	struct ledger *nodes = NULL;
	size_t n = 0, cap = 0;

	if (zones == NULL)
		return -1;
	for (size_t i = 0; i < nzones; i++) {
		int64_t id = m->zones[i].node;

		zones[i] = ledger_zone(&m->zones[i]);
		if (!known(id) || n == NODES_MAX || has_node(nodes, n, id))
			continue;
		nodes = arena_room(&ev->mem, nodes, n, &cap, sizeof(*nodes));
		if (nodes == NULL)
			return -1;
		nodes[n++] = ledger_node(m, id);
	}
	all->zones = zones;
	all->nzones = nzones;
	all->nodes = nodes;
	all->nnodes = n;
	return 0;
}
