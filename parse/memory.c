/*
 * The Mem-Info block: machine-wide numbers (show_mem, lib/show_mem.c and
 * mm/show_mem.c; show_free_areas, mm/page_alloc.c, @2.4 - 7.3).
 *
 * Keys come and go with every kernel, so lines are read as "key:value" tokens
 * and never by position.
 */
#include "parse/tokens.h"

#include <string.h>

static struct memory *
memory_of(struct context *c)
{
	struct memory *m = &c->stream->ev->memory;

	if (!m->seen) {
		m->seen = true;
		m->line = c->rec->line;
	}
	if (c->stream->section != SECTION_END)
		c->stream->section = SECTION_MEMORY;
	return m;
}

enum take
take_meminfo(struct context *c, struct str text)
{
	struct stream *s = c->stream;

	if (str_trim(text).n != strlen("Mem-Info:"))
		return TAKE_NOT;
	if (s->foreign_memory)
		return TAKE_FOREIGN;
	/* Mem-Info alone is no OOM (sysrq-m prints it too): it becomes one only if a table
	 * or a kill follows, and then the report has lost its head. */
	if (s->ev == NULL || s->section == SECTION_END || s->ev->memory.seen) {
		if (stream_open(c, SECTION_MEMORY) == NULL)
			return TAKE_ERROR;
		s->tentative = true;
	}
	memory_of(c);
	return TAKE_USED;
}

/* "Node 0 DMA free:13840kB min:..." or a line of global counters, by its first name. */
bool
is_memory_rest(struct str text)
{
	static const char *const first[] = { "active_anon:", "active_file:", "Active:", "free:",
		"mapped:", "slab_reclaimable:", "unevictable:" };
	int64_t node;

	text = str_trim(text);
	if (str_eat(&text, STR("Node ")) &&
	    (!str_eat_i64(&text, &node) || !str_eat_chr(&text, ' ')))
		return false;
	if (is_zone(text))
		return str_has(str_head(text, 64), STR("kB min:"));
	for (size_t i = 0; i < ARRAY_LEN(first); i++) {
		if (str_starts_z(text, first[i]))
			return str_has(text, STR(" "));
	}
	return false;
}

/*
 * A log may begin, or go on after a loss, in the middle of these numbers: a ring that has gone
 * round, a file that was rotated, a tail.  As with Mem-Info alone a table or a kill must follow.
 */
enum take
take_memory_rest(struct context *c, struct str text)
{
	struct stream *s = c->stream;

	if (c->parser->warm_up == 0 || s->foreign_memory)
		return TAKE_NOT;
	if (stream_open(c, SECTION_MEMORY) == NULL)
		return TAKE_ERROR;
	s->tentative = true;
	memory_of(c);
	text = str_trim(c->text); /* the one that the event keeps */
	return str_starts_z(text, "Node ") ? take_node(c, text)
	       : is_zone(text)		   ? take_zone(c, text)
					   : take_counters(c, text);
}

bool
is_counters(struct str text)
{
	struct token t;

	text = str_trim(text);
	return token_next(&text, &t) && t.has_value && t.key.n >= 3;
}

enum take
take_counters(struct context *c, struct str text)
{
	struct stream *s = c->stream;
	struct memory *m;
	struct token t;

	if (s->section != SECTION_MEMORY && s->section != SECTION_HEAD)
		return TAKE_NOT;
	if (s->foreign_memory)
		return TAKE_FOREIGN;
	if (s->section == SECTION_HEAD && !str_has(str_head(text, 16), STR("ctive")))
		return TAKE_NOT; /* only 2.6.9 - 2.6.12 print no heading: "Active:..." */
	m = memory_of(c);
	while (token_next(&text, &t)) {
		/* The rest of a zone line that a mailer wrapped has kB behind its numbers. */
		struct counters *to = t.kb ? s->kb : &m->global_pages;

		if (!t.has_value || to == NULL || known(counter_get_str(to, t.key)))
			continue;
		if (event_add_counter(s->ev, to, t.key, t.value) != 0)
			return err_no_memory(c->err), TAKE_ERROR;
	}
	return TAKE_USED;
}

/* Rows: what stands after the number, and where the number goes; offset 0: known, not kept. */
static const struct number_line {
	const char *text;
	size_t off, line_off;
} number_lines[] = {
	{ "total pagecache pages", offsetof(struct memory, pagecache_pages), 0 },
	{ "pagecache pages", offsetof(struct memory, pagecache_pages), 0 },
	{ "pages in swap cache", offsetof(struct memory, swapcache_pages), 0 },
	{ "pages swap cached", offsetof(struct memory, swapcache_pages), 0 },
	{ "pages RAM", offsetof(struct memory, ram_pages), offsetof(struct memory, ram_line) },
	{ "pages of RAM", offsetof(struct memory, ram_pages), offsetof(struct memory, ram_line) },
	{ "pages HighMem/MovableOnly", offsetof(struct memory, highmem_pages), 0 },
	{ "pages HighMem", offsetof(struct memory, highmem_pages), 0 },
	{ "pages of HIGHMEM", offsetof(struct memory, highmem_pages), 0 },
	{ "pages reserved", offsetof(struct memory, reserved_pages),
	    offsetof(struct memory, reserved_line) },
	{ "reserved pages", offsetof(struct memory, reserved_pages),
	    offsetof(struct memory, reserved_line) },
	{ "pages cma reserved", offsetof(struct memory, cma_reserved_pages), 0 },
	{ "pages hwpoisoned", offsetof(struct memory, hwpoisoned_pages), 0 },
	{ "pages shared", 0, 0 },
	{ "pages non-shared", 0, 0 },
	{ "pages in pagetable cache", 0, 0 },
	{ "pages in page table cache", 0, 0 },
	{ "pages dirty", 0, 0 },
	{ "pages writeback", 0, 0 },
	{ "pages mapped", 0, 0 },
	{ "pages slab", 0, 0 },
	{ "pages pagetables", 0, 0 },
	{ "free pages", 0, 0 },
	{ "slab pages", 0, 0 },
};

static const struct number_line *
number_line_find(struct str text, int64_t *ret_value)
{
	text = str_trim(text);
	if (!str_eat_i64(&text, ret_value) || !str_eat_chr(&text, ' '))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(number_lines); i++) {
		if (str_eq_z(text, number_lines[i].text))
			return &number_lines[i];
	}
	return NULL;
}

bool
is_number_line(struct str text)
{
	int64_t v;

	return number_line_find(text, &v) != NULL;
}

enum take
take_number_line(struct context *c, struct str text)
{
	int64_t value;
	const struct number_line *row = number_line_find(text, &value);
	struct memory *m;
	int64_t *to;

	if (row == NULL)
		return TAKE_NOT;
	if (c->stream->foreign_memory)
		return TAKE_FOREIGN;
	m = memory_of(c);
	if (row->off == 0)
		return TAKE_NOISE;
	to = (int64_t *)((char *)m + row->off);
	if (known(*to))
		return TAKE_FOREIGN; /* another block's: the first is ours */
	*to = value;
	if (row->line_off != 0)
		*(int64_t *)((char *)m + row->line_off) = c->rec->line;
	return TAKE_USED;
}

/* "Free swap  = 0kB" (2.6.11 and newer), "Free swap:        0kB" (before). */
static bool
swap_kb(struct str text, struct str name, int64_t *ret)
{
	if (!str_eat(&text, name))
		return false;
	str_eat_blanks(&text);
	if (!str_eat_chr(&text, '=') && !str_eat_chr(&text, ':'))
		return false;
	str_eat_blanks(&text);
	return str_eat_i64(&text, ret) && str_eat(&text, STR("kB"));
}

enum take
take_free_swap(struct context *c, struct str text)
{
	int64_t kb;

	if (!swap_kb(text, STR("Free swap"), &kb))
		return TAKE_NOT;
	if (c->stream->foreign_memory)
		return TAKE_FOREIGN;
	memory_of(c)->swap_free_kb = kb;
	return TAKE_USED;
}

enum take
take_total_swap(struct context *c, struct str text)
{
	struct boot_facts *facts = context_facts(c);
	struct memory *m;
	int64_t kb;

	if (!swap_kb(text, STR("Total swap"), &kb))
		return TAKE_NOT;
	if (facts != NULL)
		facts->swap_total_kb = kb;
	if (c->stream->foreign_memory)
		return TAKE_FOREIGN;
	m = memory_of(c);
	m->swap_total_kb = kb;
	m->swap_total_line = c->rec->line;
	return TAKE_USED;
}

/* "Unreclaimable slab info:", 4.15 and newer (dump_unreclaimable_slab, mm/slab_common.c). */
enum take
take_slab_head(struct context *c, struct str text)
{
	(void)text;
	if (c->stream->foreign_memory)
		return TAKE_FOREIGN;
	memory_of(c);
	c->stream->section = SECTION_SLAB;
	return TAKE_USED;
}

/* "%-17s %10luKB %10luKB"; a cache's name holds no blank. */
static bool
slab_parse(struct str text, struct slab_cache *ret)
{
	struct str rest = str_trim(text);

	if (!str_eat_word(&rest, &ret->name))
		return false;
	str_eat_blanks(&rest);
	if (str_eq(ret->name, STR("Name")) && str_starts(rest, STR("Used")))
		return true;
	return str_eat_i64(&rest, &ret->used_kb) && str_eat(&rest, STR("KB")) &&
	       str_eat_blanks(&rest) && str_eat_i64(&rest, &ret->total_kb) &&
	       str_eat(&rest, STR("KB")) && rest.n == 0;
}

bool
is_slab(struct str text)
{
	struct slab_cache s;

	return slab_parse(text, &s);
}

enum take
take_slab(struct context *c, struct str text)
{
	struct memory *m = &c->stream->ev->memory;
	struct slab_cache one = { .used_kb = UNKNOWN, .total_kb = UNKNOWN, .line = c->rec->line };
	struct slab_cache *more;

	if (!slab_parse(text, &one))
		return TAKE_NOT;
	if (!known(one.total_kb))
		return TAKE_NOISE; /* the heading */
	more = arena_room(&c->stream->ev->mem, m->slabs, m->nslabs, &m->slabs_cap, sizeof(*more));
	if (more == NULL)
		return err_no_memory(c->err), TAKE_ERROR;
	m->slabs = more;
	more[m->nslabs++] = one;
	return TAKE_USED;
}

/* "Memory allocations:", 6.10 and newer, with CONFIG_MEM_ALLOC_PROFILING. */
enum take
take_sites_head(struct context *c, struct str text)
{
	(void)text;
	if (c->stream->foreign_memory)
		return TAKE_FOREIGN;
	memory_of(c);
	c->stream->section = SECTION_SITES;
	return TAKE_USED;
}

/* Sizes of the profile: "1.50 GiB" from 6.12 on (string_get_size, STRING_UNITS_2), bytes before. */
static bool
size_parse(struct str *text, int64_t *ret_bytes)
{
	static const char *const units[] = { "B ", "KiB ", "MiB ", "GiB ", "TiB " };
	int64_t whole, fraction = 0, scale = 1, unit = 1;

	if (!str_eat_i64(text, &whole) || whole < 0 || whole > INT64_MAX / 2)
		return false;
	if (str_eat_chr(text, '.')) {
		struct str digits = *text;

		if (!str_eat_i64(text, &fraction) || fraction < 0 || fraction > 999999)
			return false;
		for (size_t i = 0; i < digits.n - text->n; i++)
			scale *= 10;
	}
	str_eat_blanks(text);
	*ret_bytes = whole;
	for (size_t i = 0; i < ARRAY_LEN(units); i++, unit *= 1024) {
		if (!str_eat(text, str_from(units[i])))
			continue;
		if (whole > INT64_MAX / unit / 2)
			return false;
		*ret_bytes = whole * unit + fraction * unit / scale;
		break;
	}
	return true;
}

static bool
site_parse(struct str text, struct alloc_site *ret)
{
	text = str_trim(text);
	if (!size_parse(&text, &ret->bytes))
		return false;
	str_eat_blanks(&text);
	if (!str_eat_i64(&text, &ret->calls) || !str_eat_blanks(&text))
		return false;
	ret->where = text;
	return str_has(text, STR("func:"));
}

bool
is_site(struct str text)
{
	struct alloc_site s;

	return site_parse(text, &s);
}

enum take
take_site(struct context *c, struct str text)
{
	struct memory *m = &c->stream->ev->memory;
	struct alloc_site one = { .line = c->rec->line }, *more;

	if (!site_parse(text, &one))
		return TAKE_NOT;
	more = arena_room(&c->stream->ev->mem, m->sites, m->nsites, &m->sites_cap, sizeof(*more));
	if (more == NULL)
		return err_no_memory(c->err), TAKE_ERROR;
	m->sites = more;
	more[m->nsites++] = one;
	return TAKE_USED;
}
