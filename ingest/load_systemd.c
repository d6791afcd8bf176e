#include "ingest/systemd.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

int
systemd_load(struct systemd *s, struct err *err)
{
	static const struct {
		const char *name;
		size_t at;
	} calls[] = {
#define SYSTEMD_ROW(name) { #name, offsetof(struct systemd, name) },
		SYSTEMD_CALLS(SYSTEMD_ROW)
#undef SYSTEMD_ROW
	};

	*s = (struct systemd){ .library = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL) };
	if (s->library == NULL)
		return err_set(err, "a journal needs libsystemd: %s", dlerror());
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		void *call = dlsym(s->library, calls[i].name);

		if (call == NULL) {
			err_set(err, "libsystemd is too old: it lacks %s", calls[i].name);
			systemd_unload(s);
			return -1;
		}
		memcpy((char *)s + calls[i].at, &call, sizeof(call)); /* POSIX: fits */
	}
	return 0;
}

void
systemd_unload(struct systemd *s)
{
	if (s->library != NULL)
		dlclose(s->library);
	s->library = NULL;
}
