/*
 * Which zones a request may use, and what of their free pages.
 *
 * gfp_zone() and __zone_watermark_ok(), include/linux/gfp.h and mm/page_alloc.c:
 * the lowest four bits of a mask are __GFP_DMA, __GFP_HIGHMEM, __GFP_DMA32 and
 * (since 2.6.30) __GFP_MOVABLE in every release up to 7.3.
 */
#include "analyze/rule.h"

enum { GFP_DMA = 1, GFP_HIGHMEM = 2, GFP_DMA32 = 4, GFP_MOVABLE = 8 };

static const char *const class_names[] = { "DMA", "DMA32", "Normal", "HighMem", "Movable" };

const char *zone_class_name(enum zone_class class)
{
	return class_names[class];
}

bool
zone_class_of(struct str zone, enum zone_class *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(class_names); i++) {
		if (str_eq_z(zone, class_names[i])) {
			*ret = (enum zone_class)i;
			return true;
		}
	}
	return false;
}

void
facts_zones(struct facts *f)
{
	struct str mask = f->ev->trigger.gfp_mask;
	uint64_t bits;

	if (!str_eat_hex(&mask, &bits) || bits == 0)
		return; /* a mask of 0 is the page-fault path's: it allocated nothing */
	f->class_known = true;
	f->movable = (bits & GFP_HIGHMEM) != 0 && (bits & GFP_MOVABLE) != 0;
	if ((bits & GFP_DMA) != 0)
		f->class = ZONE_DMA;
	else if ((bits & GFP_DMA32) != 0)
		f->class = ZONE_DMA32;
	else if ((bits & GFP_HIGHMEM) == 0)
		f->class = ZONE_NORMAL;
	else
		f->class = f->movable ? ZONE_MOVABLE : ZONE_HIGHMEM;
}

bool
zone_allowed(const struct facts *f, const struct zone *z)
{
	enum zone_class class;

	return f->class_known && zone_class_of(z->name, &class) && class <= f->class;
}

/*
 * Where the reserve against the request's highest zone stands in lowmem_reserve[].
 * The array has one number for each kind of zone the kernel was built with: with
 * HighMem there is no DMA32.
 */
static int64_t
reserve_pages(const struct facts *f, const struct zone *z)
{
	size_t at = (size_t)f->class;
	enum zone_class own;

	if (z->nreserve == 0 || (zone_class_of(z->name, &own) && own == f->class))
		return 0;
	if (known(f->ev->memory.highmem_pages) && f->ev->memory.highmem_pages > 0) {
		if (at > ZONE_DMA)
			at--;
	} else if (at >= ZONE_HIGHMEM) {
		at = f->class == ZONE_HIGHMEM ? ZONE_NORMAL : ZONE_HIGHMEM;
	}
	return z->lowmem_reserve_pages[at < z->nreserve ? at : z->nreserve - 1];
}

int64_t
zone_usable_kb(const struct facts *f, const struct zone *z)
{
	int64_t kb = z->free_kb, cma = counter_get(&z->kb, "free_cma");
	int64_t atomic = counter_get(&z->kb, "reserved_highatomic");
	int64_t reserve = reserve_pages(f, z);

	if (known(cma) && !f->movable)
		kb = minus(kb, cma);
	if (known(atomic))
		kb = minus(kb, atomic);
	return reserve == 0 ? kb : minus(kb, times(reserve, f->page_kb));
}
