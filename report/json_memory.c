/* "memory": what the Mem-Info block said, in kB. */
#include "report/json.h"

#include "base/escape.h"

/* clang-format off */
static const struct json_field zone_fields[] = {
	{ "node",	offsetof(struct zone, node) },
	{ "free_kb",	offsetof(struct zone, free_kb) },
	{ "min_kb",	offsetof(struct zone, min_kb) },
	{ "low_kb",	offsetof(struct zone, low_kb) },
	{ "high_kb",	offsetof(struct zone, high_kb) },
	{ "present_kb",	offsetof(struct zone, present_kb) },
	{ "managed_kb",	offsetof(struct zone, managed_kb) },
	{ "buddy_total_kb", offsetof(struct zone, buddy_total_kb) },
	{ "line",	offsetof(struct zone, line) },
};

static const struct json_field huge_fields[] = {
	{ "node",	offsetof(struct hugepages, node) },
	{ "total",	offsetof(struct hugepages, total) },
	{ "free",	offsetof(struct hugepages, free) },
	{ "surplus",	offsetof(struct hugepages, surplus) },
	{ "size_kb",	offsetof(struct hugepages, size_kb) },
};
/* clang-format on */

json_t *
json_counters(const struct counters *c, struct arena *mem)
{
	struct json_object o = json_begin(mem);

	for (size_t i = 0; i < c->n; i++)
		json_put_int(&o, escape_dup(mem, c->v[i].name).p, c->v[i].value);
	return o.o;
}

/* The global counters are printed in pages; without a page size they stay so. */
static json_t *
counters_kb(const struct event *ev, struct arena *mem)
{
	const struct counters *c = &ev->memory.global_pages;
	struct json_object o;

	if (!known(ev->page_size))
		return json_null();
	o = json_begin(mem);
	for (size_t i = 0; i < c->n; i++)
		json_put_int(&o, escape_dup(mem, c->v[i].name).p, pages_kb(ev, c->v[i].value));
	return o.o;
}

static json_t *
nodes(const struct memory *m, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < m->nnodes; i++) {
		const struct node *n = &m->nodes[i];
		struct json_object o = json_begin(mem);

		json_put_int(&o, "node", n->id);
		json_put(&o, "kb", json_counters(&n->kb, mem));
		json_put_bool(&o, "all_unreclaimable", n->all_unreclaimable);
		json_put_int(&o, "line", n->line);
		all = json_add(all, o.o);
	}
	return all;
}

static json_t *
buddy(const struct zone *z, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < z->nbuddy; i++) {
		struct json_object o = json_begin(mem);

		json_put_int(&o, "count", z->buddy[i].count);
		json_put_int(&o, "size_kb", z->buddy[i].size_kb);
		json_put_str(&o, "types", z->buddy[i].types);
		all = json_add(all, o.o);
	}
	return all;
}

static json_t *
reserve(const struct zone *z)
{
	json_t *all = json_array();

	for (size_t i = 0; i < z->nreserve; i++)
		all = json_add(all, json_int(z->lowmem_reserve_pages[i]));
	return all;
}

static json_t *
zones(const struct memory *m, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < m->nzones; i++) {
		const struct zone *z = &m->zones[i];
		struct json_object o = json_begin(mem);

		json_put_str(&o, "name", z->name);
		json_put_fields(&o, z, zone_fields, ARRAY_LEN(zone_fields));
		json_put(&o, "kb", json_counters(&z->kb, mem));
		json_put(&o, "lowmem_reserve_pages", reserve(z));
		json_put(&o, "buddy", buddy(z, mem));
		json_put_bool(&o, "all_unreclaimable", z->all_unreclaimable);
		all = json_add(all, o.o);
	}
	return all;
}

static json_t *
hugepages(const struct memory *m, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < m->nhuge; i++) {
		struct json_object o = json_begin(mem);

		json_put_fields(&o, &m->huge[i], huge_fields, ARRAY_LEN(huge_fields));
		all = json_add(all, o.o);
	}
	return all;
}

static json_t *
slabs(const struct memory *m, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < m->nslabs; i++) {
		struct json_object o = json_begin(mem);

		json_put_str(&o, "name", m->slabs[i].name);
		json_put_int(&o, "used_kb", m->slabs[i].used_kb);
		json_put_int(&o, "total_kb", m->slabs[i].total_kb);
		all = json_add(all, o.o);
	}
	return all;
}

static json_t *
sites(const struct memory *m, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < m->nsites; i++) {
		struct json_object o = json_begin(mem);

		json_put_str(&o, "where", m->sites[i].where);
		json_put_int(&o, "bytes", m->sites[i].bytes);
		json_put_int(&o, "calls", m->sites[i].calls);
		all = json_add(all, o.o);
	}
	return all;
}

json_t *
json_memory(const struct event *ev, struct arena *mem)
{
	const struct memory *m = &ev->memory;
	struct json_object o;

	if (!m->seen)
		return json_null();
	o = json_begin(mem);
	json_put_int(&o, "ram_kb", pages_kb(ev, m->ram_pages));
	json_put_int(&o, "reserved_kb", pages_kb(ev, m->reserved_pages));
	json_put_int(&o, "highmem_kb", pages_kb(ev, m->highmem_pages));
	json_put_int(&o, "cma_reserved_kb", pages_kb(ev, m->cma_reserved_pages));
	json_put_int(&o, "hwpoisoned_kb", pages_kb(ev, m->hwpoisoned_pages));
	json_put_int(&o, "pagecache_kb", pages_kb(ev, m->pagecache_pages));
	json_put_int(&o, "swapcache_kb", pages_kb(ev, m->swapcache_pages));
	json_put_int(&o, "swap_total_kb", m->swap_total_kb);
	json_put_int(&o, "swap_free_kb", m->swap_free_kb);
	json_put(&o, "counters", counters_kb(ev, mem));
	json_put(&o, "counters_pages", json_counters(&m->global_pages, mem));
	json_put(&o, "nodes", nodes(m, mem));
	json_put(&o, "zones", zones(m, mem));
	json_put(&o, "hugepages", hugepages(m, mem));
	json_put(&o, "slabs", slabs(m, mem));
	json_put(&o, "allocation_sites", sites(m, mem));
	json_put_int(&o, "line", m->line);
	return o.o;
}
