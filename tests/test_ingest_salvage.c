/* Journal files that are damaged, made by hand: both layouts, and what is none. */
#include "tests/journal_image.h"

#include <zstd.h>

static void
no_journal(void **state)
{
	static struct image m;
	char got[128];
	struct err err = { "" };

	(void)state;
	assert_null(salvage_open("/nonexistent/x", &err));
	assert_null(salvage_open("/dev/null", &err));
	assert_null(salvage_open("/", &err));
	memset(&m, 0, sizeof(m));
	assert_string_equal(found(&m, 0, got), "");
	assert_string_equal(found(&m, ROOM, got), "");
	memset(&m, 0xff, sizeof(m.bytes));
	assert_string_equal(found(&m, ROOM, got), "");
	memset(&m, 3, sizeof(m.bytes));
	assert_string_equal(found(&m, ROOM, got), "");
	begin(&m, false, 0);
	put_le(m.bytes + 12, 0x20, 4);
	assert_null(open_image(&m, m.n));
	/* So many flags are none: damage. */
	put_le(m.bytes + 12, 0x8020, 4);
	assert_string_equal(found(&m, m.n, got), "");
}

static void
whole_and_cut(void **state)
{
	static struct image m;
	char got[128];

	(void)state;
	for (int compact = 0; compact < 2; compact++) {
		size_t field, other, second;

		begin(&m, compact == 1, 3);
		field = data(&m, "MESSAGE=one");
		other = data(&m, "_HOSTNAME=web1");
		entry(&m, 1, field, other);
		second = entry(&m, 2, data(&m, "MESSAGE=two"), other);
		entry(&m, 3, field, other);
		assert_string_equal(found(&m, m.n, got), "1 2 3 ");
		assert_string_equal(found(&m, ROOM, got), "1 2 3 "); /* the rest is zeros */
		assert_string_equal(found(&m, m.n - 1, got), "1 2 ");
		assert_string_equal(found(&m, second, got), "1 ");
		assert_string_equal(found(&m, HEADER, got), "");
		/* Without its header the first entry shows the layout. */
		memset(m.bytes, 0, HEADER);
		assert_string_equal(found(&m, m.n, got), "?1 ?2 ?3 ");
	}
}

/* Sizes that lead nowhere, backwards, or over what is good. */
static void
broken_sizes(void **state)
{
	static const uint64_t sizes[] = { 0, 1, 15, 16, 17, 63, 64, 100, 4096, ROOM, UINT64_MAX,
		UINT64_MAX - 7, INT64_MAX, (uint64_t)1 << 63 };
	static struct image m;
	char got[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		size_t field, other, broken;

		begin(&m, false, 3);
		field = data(&m, "MESSAGE=one");
		other = data(&m, "_HOSTNAME=web1");
		entry(&m, 1, field, other);
		broken = data(&m, "MESSAGE=this one breaks, and it is long enough to be skipped");
		entry(&m, 2, field, other);
		entry(&m, 3, field, other);
		put_le(m.bytes + broken + 8, sizes[i], 8);
		found(&m, m.n, got);
		assert_true(strcmp(got, "1 ?2 ?3 ") == 0 || strcmp(got, "1 2 3 ") == 0);
	}
}

static void
broken_items(void **state)
{
	static struct image m;
	struct salvage_entry e;
	struct salvage *s;
	struct str field;
	struct err err;
	size_t at;

	(void)state;
	begin(&m, false, 1);
	at = entry(&m, 1, data(&m, "MESSAGE=one"), 0);
	s = open_image(&m, m.n);
	assert_int_equal(salvage_next(s, &e, &err), 1);
	assert_int_equal(e.items, 2);
	assert_int_equal(salvage_field(s, &e, 0, &field, &err), 1);
	assert_str(field, "MESSAGE=one");
	assert_int_equal(salvage_field(s, &e, 1, &field, &err), 0);
	assert_int_equal(salvage_counted(s), 1);
	assert_int_equal(salvage_broken(s), 0);
	salvage_close(s);
	/* Its first field is the entry itself. */
	put_le(m.bytes + at + 64, at, 8);
	s = open_image(&m, m.n);
	assert_int_equal(salvage_next(s, &e, &err), 1);
	assert_int_equal(salvage_field(s, &e, 0, &field, &err), 0);
	salvage_close(s);
	/* With nothing behind it none of it is to be believed. */
	s = open_image(&m, m.n + 8);
	assert_int_equal(salvage_next(s, &e, &err), 0);
	salvage_close(s);
}

/* What a message holds is no object, as long as the objects follow each other. */
static void
forged(void **state)
{
	static struct image m, inner;
	size_t field, other, at;
	char got[128];

	(void)state;
	begin(&m, false, 2);
	field = data(&m, "MESSAGE=one");
	other = data(&m, "_HOSTNAME=web1");
	entry(&m, 1, field, other);
	begin(&inner, false, 0);
	at = entry(&inner, 66, field, other);
	data_of(&m, 0, inner.bytes + at, inner.n - at);
	entry(&m, 2, field, other);
	assert_string_equal(found(&m, m.n, got), "1 2 ");
	/* Behind damage it may be taken for one, and is not believed to be the kernel's. */
	m.bytes[field] = 99;
	field = data(&m, "MESSAGE=two");
	entry(&m, 3, field, other);
	found(&m, m.n, got);
	assert_null(strstr(got, " 66 "));
}

/* A table that leads to the fields: sixteen buckets, in front of all. */
static size_t
table_of(struct image *m)
{
	return object(m, 4, 0, 16 + 16 * BUCKETS);
}

static void
link_field(struct image *m, size_t table, size_t field, uint64_t hash, bool last)
{
	put_le(m->bytes + field + 16, hash, 8);
	put_le(m->bytes + table + 16 + 16 * (hash % BUCKETS) + (last ? 8 : 0), field, 8);
}

/* Behind damage entries are proven again by a field that the table of the file leads to. */
static void
proven_again(void **state)
{
	static struct image m;
	char got[128];

	(void)state;
	for (int last = 0; last < 2; last++) {
		size_t table, field, other, broken;

		begin(&m, last == 1, 4);
		table = table_of(&m);
		field = data(&m, "MESSAGE=one");
		other = data(&m, "_HOSTNAME=web1");
		entry(&m, 1, field, other);
		broken = data(&m, "MESSAGE=two");
		entry(&m, 2, field, other);
		field = data(&m, "MESSAGE=three");
		entry(&m, 3, field, other);
		field = data(&m, "MESSAGE=four");
		link_field(&m, table, field, UINT64_MAX - 2, last == 1);
		entry(&m, 4, field, other);
		assert_string_equal(found(&m, m.n, got), "1 2 3 4 ");
		m.bytes[broken] = 99;
		assert_string_equal(found(&m, m.n, got), "1 ?2 ?3 4 ");
		/* One that stands where a message may is nobody's proof. */
		put_le(m.bytes + table, 9, 1);
		assert_string_equal(found(&m, m.n, got), "?1 ?2 ?3 ?4 ");
	}
}

/* What a message holds may bring a table of its own. */
static void
forged_table(void **state)
{
	static struct image m, inner;
	size_t field, other, table, fake;
	char got[128];

	(void)state;
	begin(&inner, false, 0);
	table = table_of(&inner);
	fake = data(&inner, "_TRANSPORT=kernel");
	begin(&m, false, 2);
	data(&m, "MESSAGE=a place behind all that only the file itself writes");
	memset(m.bytes + m.n, 0, FORGED_AT - m.n);
	put_le(m.bytes + HEADER + 8, FORGED_AT - HEADER, 8);
	m.n = FORGED_AT;
	/* Where the fields of the message will stand in the file: its own head is 64 bytes. */
	link_field(&inner, table, fake, 3, false);
	put_le(inner.bytes + table + 16 + 16 * 3, FORGED_AT + 64 + fake - HEADER, 8);
	entry(&inner, 66, FORGED_AT + 64 + fake - HEADER, FORGED_AT + 64 + fake - HEADER);
	data_of(&m, 0, inner.bytes + HEADER, inner.n - HEADER);
	field = data(&m, "MESSAGE=one");
	other = data(&m, "_HOSTNAME=web1");
	entry(&m, 2, field, other);
	assert_string_equal(found(&m, m.n, got), "2 ");
	m.bytes[FORGED_AT] = 99;
	assert_string_equal(found(&m, m.n, got), "?66 ?2 ");
}

static void
boot_of_entry(void **state)
{
	static struct image m;
	struct salvage_entry e;
	struct salvage *s;
	struct err err;
	size_t at;

	(void)state;
	begin(&m, false, 1);
	at = entry(&m, 1, data(&m, "MESSAGE=one"), 0);
	for (unsigned char i = 0; i < 16; i++)
		m.bytes[at + 40 + i] = i;
	s = open_image(&m, m.n);
	assert_int_equal(salvage_next(s, &e, &err), 1);
	for (unsigned char i = 0; i < 16; i++)
		assert_int_equal(e.boot_id[i], i);
	salvage_close(s);
}

static void
packed(void **state)
{
	static const char text[] = "MESSAGE=a message that is long enough to be worth the packing, "
				   "a message that is long enough to be worth the packing";
	static struct image m;
	struct salvage_entry e;
	struct salvage *s;
	struct str field;
	struct err err;
	char z[512];
	size_t nz, lz4, zstd;

	(void)state;
	begin(&m, true, 2);
	_Static_assert(sizeof(text) - 1 - 15 < 128, "one byte holds it");
	put_le((unsigned char *)z, sizeof(text) - 1, 8);
	/* lz4_Block_format.md: nothing but literals, whose number is 15 and what follows. */
	z[8] = (char)0xf0;
	z[9] = sizeof(text) - 1 - 15;
	memcpy(z + 10, text, sizeof(text) - 1);
	nz = 10 + sizeof(text) - 1;
	lz4 = data_of(&m, 2, z, nz);
	nz = ZSTD_compress(z, sizeof(z), text, sizeof(text) - 1, 3);
	zstd = data_of(&m, 4, z, nz);
	entry(&m, 1, lz4, zstd);
	s = open_image(&m, m.n);
	assert_int_equal(salvage_next(s, &e, &err), 1);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(salvage_field(s, &e, i, &field, &err), 1);
		assert_str(field, text);
	}
	salvage_close(s);
	memset(m.bytes + lz4 + 72, 0xff, 16);
	memset(m.bytes + zstd + 72, 0xff, 16);
	s = open_image(&m, m.n);
	assert_int_equal(salvage_next(s, &e, &err), 1);
	/* A block of lz4 has no sum: it may decode to something. */
	assert_true(salvage_field(s, &e, 0, &field, &err) == 0 || !str_starts_z(field, "MESSAGE="));
	assert_int_equal(salvage_field(s, &e, 1, &field, &err), 0);
	salvage_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_journal),
		cmocka_unit_test(whole_and_cut),
		cmocka_unit_test(broken_sizes),
		cmocka_unit_test(broken_items),
		cmocka_unit_test(forged),
		cmocka_unit_test(proven_again),
		cmocka_unit_test(forged_table),
		cmocka_unit_test(boot_of_entry),
		cmocka_unit_test(packed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
