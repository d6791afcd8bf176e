/* Names of members and of rotated logs, and the first bytes of anything. */
#include "fuzz/fuzz.h"
#include "ingest/member.h"
#include "ingest/order.h"
#include "ingest/unpack.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = { (const char *)data, size }, name = STR("");
	struct member_facts facts = { .boot_us = UNKNOWN };
	struct order_name before = order_name_of(name);

	unpack_sniff(all);
	member_content_of(all);
	member_learn(&facts, MEMBER_HOST, all);
	member_learn(&facts, MEMBER_UNAME, all);
	member_learn(&facts, MEMBER_BTIME, all);
	while (str_cut_line(&all, &name)) {
		struct order_name now = order_name_of(name);
		int there = order_compare(&before, &now), back = order_compare(&now, &before);

		member_kind_of(name);
		/* qsort() needs an order. */
		if ((there < 0) != (back > 0) || (there == 0) != (back == 0) ||
		    order_compare(&now, &now) != 0)
			abort();
		before = now;
	}
	return 0;
}
