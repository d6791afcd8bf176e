/* Bytes of a journal file that nothing holds together. */
#include "fuzz/file.h"
#include "fuzz/fuzz.h"
#include "ingest/salvage.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_file f = fuzz_file_open(data, size);
	struct salvage_entry e, before = { .at = -1 };
	struct err err = { "" };
	struct salvage *s = salvage_open(f.path, &err);

	while (s != NULL && salvage_next(s, &e, &err) > 0) {
		struct str field;

		/* It goes forward, or it would never end. */
		if (e.at <= before.at)
			abort();
		for (uint32_t i = 0; i < e.items && i < 64; i++)
			salvage_field(s, &e, i, &field, &err);
		before = e;
	}
	salvage_close(s);
	fuzz_file_close(&f);
	return 0;
}
