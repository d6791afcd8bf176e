#include "ingest/library.h"

#include "base/str.h"

#include <dlfcn.h>

int
library_load(const struct library *lib, void *ret_calls, struct err *err)
{
	void *handle = NULL, *at;
	const char *soname = NULL;

	for (size_t i = 0; i < ARRAY_LEN(lib->sonames) && handle == NULL; i++) {
		if (lib->sonames[i] == NULL)
			break;
		soname = lib->sonames[i];
		handle = dlopen(soname, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	}
	if (handle == NULL)
		return err_set(err, "%s needs %s: %s", lib->need, lib->sonames[0], dlerror());
	for (size_t i = 0; i < lib->ncalls; i++) {
		if ((at = dlsym(handle, lib->calls[i].name)) == NULL) {
			dlclose(handle);
			return err_set(err, "%s has no %s", soname, lib->calls[i].name);
		}
		/* POSIX: what dlsym() gives may be called; ISO C has no cast for it. */
		memcpy((char *)ret_calls + lib->calls[i].at, &at, sizeof(at));
	}
	return dlclose(handle) == 0 ? 0 : err_set(err, "%s: %s", soname, dlerror());
}
