/*
 * What a log tells beside its OOM events and is of interest around them: an
 * allocation that failed without a kill, a boot, records that were lost.
 */
#ifndef OOMWHY_MODEL_NOTE_H
#define OOMWHY_MODEL_NOTE_H

#include "base/str.h"

enum note_type { NOTE_ALLOC_FAILURE, NOTE_BOOT, NOTE_LOST };

/* Slices live until the function that is given the note returns. */
struct note {
	enum note_type type;
	struct str host, boot_id;
	unsigned boot;
	struct str comm; /* of an allocation failure */
	struct str text; /* of a boot: the kernel's release; of a failure: "order:3, mode:..." */
	int64_t count;	 /* of lost records */
	int64_t real_us, mono_us, line;
};

#endif
