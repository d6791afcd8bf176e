/* What the service manager is told, where there is one. */
#ifndef OOMWHY_CLI_NOTIFY_H
#define OOMWHY_CLI_NOTIFY_H

#include <stdint.h>

struct notify; /* opaque */

struct notify *notify_open(void);		     /* NULL: nobody listens */
void notify_say(struct notify *, const char *state); /* as sd_notify(3); NULL is fine */
int64_t notify_watchdog_us(struct notify *);	     /* how often it wants to hear; 0: never */
void notify_close(struct notify *);

#endif
