/* No vector engine for this processor. */
#include "base/scan_impl.h"

scan_engine *
scan_vector(void)
{
	return NULL;
}
