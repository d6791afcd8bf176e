#include "fuzz/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct fuzz_file
fuzz_file_open(const uint8_t *data, size_t size)
{
	struct fuzz_file in = { .fd = memfd_create("fuzz", MFD_CLOEXEC) };

	while (in.fd != -1 && size > 0) {
		ssize_t n = write(in.fd, data, size);

		if (n <= 0)
			abort();
		data += n;
		size -= (size_t)n;
	}
	if (in.fd == -1)
		abort();
	snprintf(in.path, sizeof(in.path), "/proc/self/fd/%d", in.fd);
	return in;
}

void
fuzz_file_close(struct fuzz_file *in)
{
	close(in->fd);
}

struct source_opts
fuzz_source_opts(void)
{
	return (struct source_opts){
		.year = 2026, .now_us = 1795400000000000, .zone = "UTC", .kind = "text"
	};
}
