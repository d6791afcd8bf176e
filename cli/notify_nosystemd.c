/* A build without libsystemd tells the service manager nothing. */
#include "cli/notify.h"

#include <stddef.h>

struct notify *
notify_open(void)
{
	return NULL;
}

void
notify_say(struct notify *n, const char *state)
{
	(void)n, (void)state;
}

int64_t
notify_watchdog_us(struct notify *n)
{
	(void)n;
	return 0;
}

void
notify_close(struct notify *n)
{
	(void)n;
}
