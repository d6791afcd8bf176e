/*
 * Bytes of other encodings as UTF-8.  PowerShell's `>` writes UTF-16, with or
 * without a mark, and people attach what it wrote.
 */
#ifndef OOMWHY_INGEST_DECODE_H
#define OOMWHY_INGEST_DECODE_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum encoding { ENCODING_UTF8, ENCODING_UTF16LE, ENCODING_UTF16BE };

struct decoder {
	enum encoding encoding;
	unsigned char odd; /* first byte of a unit that was cut */
	bool has_odd;
	unsigned high; /* surrogate waiting for its other half; 0: none */
};

/* What the text that begins with `head` is written in, and how long its mark is. */
enum encoding decode_sniff(struct str head, size_t *ret_mark);

/* UTF-16 in, UTF-8 out; `to` has room for 3 * (n + 3) / 2 bytes.  What is cut waits for
 * the next call, or, at the end, becomes U+FFFD.  Returns the length. */
size_t decode_utf16(struct decoder *, struct str raw, bool end, char *to);

/* Copy s without the sequences that colour it or move the cursor; `to` has room for s.n
 * bytes and may be where s stands. */
size_t decode_without_csi(struct str s, char *to);

/* rsyslog writes a control byte as #ooo.  Copy s with them undone, as above. */
size_t decode_octal(struct str s, char *to);

#endif
