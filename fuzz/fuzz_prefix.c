/* Any bytes as a source: read whole, and with lines passed over. */
#include "base/str.h"
#include "fuzz/file.h"
#include "fuzz/fuzz.h"
#include "ingest/source.h"

#include <stdlib.h>

/* Every byte a record points at is read: the address sanitizer knows what is not there. */
static unsigned
touch(struct str s)
{
	unsigned sum = 0;

	for (size_t i = 0; i < s.n; i++)
		sum += (unsigned char)s.p[i];
	return sum;
}

static struct source_stats
read_all(const char *path, const struct scan *wanted)
{
	struct source_opts opts = fuzz_source_opts();
	struct source_stats stats;
	struct record rec;
	struct err err;
	struct source *src = source_open(path, &opts, &err);
	volatile unsigned sum = 0;
	int64_t line = 0;

	if (src == NULL)
		return (struct source_stats){ 0 };
	while (source_next(src, wanted, &rec, &err) == SOURCE_RECORD) {
		sum += touch(rec.text) + touch(rec.raw) + touch(rec.host) + touch(rec.boot_id) +
		       touch(rec.ident) + touch(rec.caller);
		/* The parts of a pstore are given as they were written, newest last. */
		if (rec.line < line && !str_eq_z(str_from(source_stats(src).format), "pstore"))
			abort();
		line = rec.line;
	}
	(void)sum;
	stats = source_stats(src);
	source_close(src);
	return stats;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str literals[] = { STR("Out of memory"), STR("invoked oom-killer") };
	struct scan *wanted = scan_new(literals, ARRAY_LEN(literals));
	struct fuzz_file in = fuzz_file_open(data, size);
	struct source_stats all = read_all(in.path, NULL), some = read_all(in.path, wanted);

	/* Passing lines over changes neither what there is nor how it is counted. */
	if (all.bytes != some.bytes || all.lines != some.lines)
		abort();
	fuzz_file_close(&in);
	scan_free(wanted);
	return 0;
}
