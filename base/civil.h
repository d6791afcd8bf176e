/*
 * Calendar arithmetic without libc's state: dates and days, and the pieces
 * that time stamps in logs are made of.  The calendar is the Gregorian one,
 * reckoned backwards where need be.
 */
#ifndef OOMWHY_BASE_CIVIL_H
#define OOMWHY_BASE_CIVIL_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct civil {
	int year, month, day; /* month and day from 1 */
	int hour, minute, second;
};

/* "2026-11-22T22:46:58,221621+00:00" and its relatives, taken apart. */
struct civil_stamp {
	struct civil at;
	int us;		 /* the fraction */
	int digits;	 /* of the fraction, as printed; 0: none */
	int offset_s;	 /* east of Greenwich */
	bool has_offset; /* "Z" is one */
	bool comma;	 /* the mark before the fraction, which only dmesg writes */
};

bool civil_is_leap(int year);
bool civil_valid(const struct civil *); /* second 60 is valid; so are the years 1 to 9999 */
int64_t civil_days(int year, int month, int day); /* since 1970-01-01 */
int64_t civil_seconds(const struct civil *);	  /* since 1970, the fields taken as UTC */
struct civil civil_of(int64_t seconds);

/* "Nov", and what common languages write there.  0: not a month's name. */
int civil_month(struct str name);

/* str_eat*: consume and return true, or change nothing. */
bool civil_eat_time(struct str *, struct civil *ret); /* "22:46:58": sets the time of day */
bool civil_eat_fraction(struct str *, char mark, int *ret_us, int *ret_digits); /* ".137965" */
bool civil_eat_offset(struct str *, int *ret_s); /* "Z", "+00:00", "+0000", "-08" */
/* A date, 'T' or a blank, a time; fraction and offset where they stand. */
bool civil_eat_rfc3339(struct str *, struct civil_stamp *ret);

#endif
