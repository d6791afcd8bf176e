/*
 * Nodes, zones, buddy lists and huge pages of the Mem-Info block
 * (show_free_areas, mm/page_alloc.c and mm/show_mem.c).
 */
#include "parse/tokens.h"

#include <string.h>

enum { MAX_ZONES = 4096, MAX_ORDERS = 64 };

/* zone_names[], mm/page_alloc.c. */
static bool
eat_zone_name(struct str *text, struct str *ret)
{
	static const char *const names[] = { "DMA32", "DMA", "Normal", "HighMem", "Movable",
		"Device" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str rest = *text, name = str_from(names[i]);

		if (str_eat(&rest, name) && rest.n > 0 && (*rest.p == ' ' || *rest.p == ':')) {
			*ret = str_head(*text, name.n);
			*text = rest;
			return true;
		}
	}
	return false;
}

bool
is_zone(struct str text)
{
	struct str name;

	text = str_trim(text);
	return eat_zone_name(&text, &name) &&
	       (str_starts(text, STR(" free:")) || str_starts(text, STR(": ")) ||
		   str_starts(text, STR(" per-cpu:")));
}

/* "CPU    0: hi:   90, btch:  15 usd:   0", "cpu 0 hot: low 2, high 6, batch 1" (up to 4.0). */
bool
is_per_cpu(struct str text)
{
	int64_t cpu;

	if (!str_eat(&text, STR("CPU")) && !str_eat(&text, STR("cpu")))
		return false;
	return str_eat_blanks(&text) && str_eat_i64(&text, &cpu) &&
	       (str_has(text, STR("hi:")) || str_has(text, STR("high ")) ||
		   str_has(text, STR("Hot:")));
}

static struct zone *
zone_get(struct context *c, int64_t node, struct str name)
{
	struct memory *m = &c->stream->ev->memory;
	struct zone *z;

	for (size_t i = m->nzones; i-- > 0;) {
		if (m->zones[i].node == node && str_eq(m->zones[i].name, name))
			return &m->zones[i];
	}
	if ((z = event_add_zone(c->stream->ev)) == NULL)
		return NULL;
	z->node = node;
	z->name = name;
	return z;
}

/* Rows: the keys every user of a zone asks for. */
static const struct zone_key {
	const char *key;
	size_t off;
} zone_keys[] = {
	{ "free", offsetof(struct zone, free_kb) },
	{ "min", offsetof(struct zone, min_kb) },
	{ "low", offsetof(struct zone, low_kb) },
	{ "high", offsetof(struct zone, high_kb) },
	{ "present", offsetof(struct zone, present_kb) },
	{ "managed", offsetof(struct zone, managed_kb) },
};

static bool
zone_set(struct zone *z, const struct token *t)
{
	for (size_t i = 0; i < ARRAY_LEN(zone_keys); i++) {
		if (str_eq_z(t->key, zone_keys[i].key)) {
			*(int64_t *)((char *)z + zone_keys[i].off) = t->value;
			return true;
		}
	}
	return false;
}

static enum take
zone_line(struct context *c, int64_t node, struct str name, struct str text)
{
	struct zone *z = zone_get(c, node, name);
	struct token t;

	if (z == NULL)
		return err_no_memory(c->err), TAKE_ERROR;
	if (known(z->free_kb))
		return TAKE_FOREIGN; /* a second Mem-Info inside ours: the first is ours */
	z->line = c->rec->line;
	while (token_next(&text, &t)) {
		if (str_eq(t.key, STR("all_unreclaimable")))
			z->all_unreclaimable = t.yes;
		else if (t.has_value && !zone_set(z, &t) &&
			 event_add_counter(c->stream->ev, &z->kb, t.key, t.value) != 0)
			return err_no_memory(c->err), TAKE_ERROR;
	}
	c->stream->kb = &z->kb;
	return TAKE_USED;
}

/* "1*4kB (U) 0*8kB ... = 1780kB": the size of order 0 is the page size. */
static enum take
buddy_line(struct context *c, int64_t node, struct str name, struct str text)
{
	struct zone *z = zone_get(c, node, name);
	struct event *ev = c->stream->ev;
	struct buddy_order orders[MAX_ORDERS];
	size_t n = 0, at;

	if (z == NULL)
		return err_no_memory(c->err), TAKE_ERROR;
	if (z->buddy != NULL)
		return TAKE_FOREIGN;
	for (struct buddy_order o; n < MAX_ORDERS; orders[n++] = o) {
		o.types = STR_NONE;
		str_eat_blanks(&text);
		if (!str_eat_i64(&text, &o.count) || !str_eat_chr(&text, '*') ||
		    !str_eat_i64(&text, &o.size_kb) || !str_eat(&text, STR("kB")))
			break;
		if (str_eat(&text, STR(" (")) && str_chr(text, ')', &at)) {
			o.types = str_head(text, at);
			text = str_from_at(text, at + 1);
		}
	}
	if (n == 0)
		return TAKE_NOT;
	if ((z->buddy = arena_raw(&ev->mem, n * sizeof(*z->buddy))) == NULL)
		return err_no_memory(c->err), TAKE_ERROR;
	memcpy(z->buddy, orders, n * sizeof(*z->buddy));
	z->nbuddy = n;
	z->buddy_line = c->rec->line;
	if (str_eat(&text, STR("= ")))
		str_eat_i64(&text, &z->buddy_total_kb);
	if (orders[0].size_kb >= 4 && orders[0].size_kb <= 1024) {
		ev->page_size = orders[0].size_kb * 1024;
		if (context_facts(c) != NULL)
			context_facts(c)->page_size = ev->page_size;
	}
	return TAKE_USED;
}

static enum take
zone_or_buddy(struct context *c, int64_t node, struct str text)
{
	struct str name;

	c->stream->section = SECTION_MEMORY;
	c->stream->ev->memory.seen = true;
	if (c->stream->ev->memory.nzones >= MAX_ZONES)
		return TAKE_FOREIGN;
	if (!eat_zone_name(&text, &name))
		return TAKE_NOT;
	if (str_starts(text, STR(" free:")))
		return zone_line(c, node, name, text);
	if (str_starts(text, STR(" per-cpu:")))
		return TAKE_NOISE;
	return str_eat(&text, STR(": ")) ? buddy_line(c, node, name, text) : TAKE_NOT;
}

enum take
take_zone(struct context *c, struct str text)
{
	int64_t node = c->stream->node;

	if (c->stream->foreign_memory)
		return TAKE_FOREIGN;
	c->stream->node = UNKNOWN;
	return zone_or_buddy(c, node, str_trim(text));
}

/* "hugepages_total=%u hugepages_free=%u hugepages_surp=%u hugepages_size=%lukB", 3.10 and newer. */
static enum take
huge_line(struct context *c, int64_t node, struct str text)
{
	struct memory *m = &c->stream->ev->memory;
	struct hugepages h = { .node = node, .line = c->rec->line }, *more;

	if (!str_eat(&text, STR("hugepages_total=")) || !str_eat_i64(&text, &h.total) ||
	    !str_eat(&text, STR(" hugepages_free=")) || !str_eat_i64(&text, &h.free) ||
	    !str_eat(&text, STR(" hugepages_surp=")) || !str_eat_i64(&text, &h.surplus) ||
	    !str_eat(&text, STR(" hugepages_size=")) || !str_eat_i64(&text, &h.size_kb))
		return TAKE_NOT;
	if (m->nhuge >= MAX_ZONES)
		return TAKE_FOREIGN;
	more = arena_room(&c->stream->ev->mem, m->huge, m->nhuge, &m->huge_cap, sizeof(*more));
	if (more == NULL)
		return err_no_memory(c->err), TAKE_ERROR;
	m->huge = more;
	more[m->nhuge++] = h;
	return TAKE_USED;
}

/* 4.8 and newer: "Node 0 active_anon:2536kB ...". */
static enum take
node_line(struct context *c, int64_t id, struct str text)
{
	struct event *ev = c->stream->ev;
	struct node *node;
	struct token t;

	for (size_t i = 0; i < ev->memory.nnodes; i++) {
		if (ev->memory.nodes[i].id == id)
			return TAKE_FOREIGN;
	}
	if (ev->memory.nnodes >= MAX_ZONES)
		return TAKE_FOREIGN;
	if ((node = event_add_node(ev)) == NULL)
		return err_no_memory(c->err), TAKE_ERROR;
	node->id = id;
	node->line = c->rec->line;
	while (token_next(&text, &t)) {
		if (str_eq(t.key, STR("all_unreclaimable")))
			node->all_unreclaimable = t.yes;
		else if (t.has_value && event_add_counter(ev, &node->kb, t.key, t.value) != 0)
			return err_no_memory(c->err), TAKE_ERROR;
	}
	c->stream->kb = &node->kb;
	return TAKE_USED;
}

enum take
take_node(struct context *c, struct str text)
{
	struct token t;
	struct str probe;
	int64_t id;

	if (!str_eat(&text, STR("Node ")) || !str_eat_i64(&text, &id))
		return TAKE_NOT;
	if (c->stream->foreign_memory)
		return TAKE_FOREIGN;
	str_eat_blanks(&text);
	probe = text;
	if (text.n == 0) {
		c->stream->node = id; /* its rest comes as a record of its own */
		return TAKE_USED;
	}
	if (str_starts(text, STR("hugepages_total=")))
		return huge_line(c, id, text);
	if (is_zone(text))
		return zone_or_buddy(c, id, text);
	if (!token_next(&probe, &t) || !t.has_value || !t.kb)
		return TAKE_NOT;
	c->stream->section = SECTION_MEMORY;
	c->stream->ev->memory.seen = true;
	return node_line(c, id, text);
}

/* "lowmem_reserve[]: 0 425 425 425", in pages, of the zone line just before. */
enum take
take_reserve(struct context *c, struct str text)
{
	struct memory *m = &c->stream->ev->memory;
	int64_t values[16];
	struct zone *z;
	size_t n = 0;

	if (c->stream->foreign_memory || m->nzones == 0)
		return TAKE_FOREIGN;
	z = &m->zones[m->nzones - 1];
	if (!str_eat(&text, STR("lowmem_reserve[]:")) && !str_eat(&text, STR("protections[]:")))
		return TAKE_NOT;
	while (n < ARRAY_LEN(values) && str_eat_blanks(&text) && str_eat_i64(&text, &values[n]))
		n++;
	if (n == 0 || z->lowmem_reserve_pages != NULL)
		return TAKE_NOISE;
	z->lowmem_reserve_pages = arena_raw(&c->stream->ev->mem, n * sizeof(values[0]));
	if (z->lowmem_reserve_pages == NULL)
		return err_no_memory(c->err), TAKE_ERROR;
	memcpy(z->lowmem_reserve_pages, values, n * sizeof(values[0]));
	z->nreserve = n;
	return TAKE_USED;
}
