/* What the fuzz targets share with the program that replays their findings. */
#ifndef OOMWHY_FUZZ_FUZZ_H
#define OOMWHY_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's entry: one input; 0, and any finding is an abort. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
