#include "cli/notify.h"

#include "base/mem.h"
#include "ingest/systemd.h"

#include <stdlib.h>

struct notify {
	struct systemd sd;
};

struct notify *
notify_open(void)
{
	struct notify *n = getenv("NOTIFY_SOCKET") == NULL ? NULL : mem_alloc(sizeof(*n));
	struct err err = { "" };

	if (n != NULL && systemd_load(&n->sd, &err) != 0) {
		mem_free(n);
		n = NULL;
	}
	return n;
}

void
notify_say(struct notify *n, const char *state)
{
	if (n != NULL)
		n->sd.sd_notify(0, state);
}

int64_t
notify_watchdog_us(struct notify *n)
{
	uint64_t us;

	return n != NULL && n->sd.sd_watchdog_enabled(0, &us) > 0 && us < INT64_MAX ? (int64_t)us
										    : 0;
}

void
notify_close(struct notify *n)
{
	if (n != NULL)
		systemd_unload(&n->sd);
	mem_free(n);
}
