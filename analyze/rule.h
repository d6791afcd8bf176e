/*
 * How diagnoses are made: a rule is a row, its predicate is pure and sees facts
 * that were computed once, and what it says goes into a brief.  No rule sees
 * what another one found.
 */
#ifndef OOMWHY_ANALYZE_RULE_H
#define OOMWHY_ANALYZE_RULE_H

#include "analyze/arith.h"
#include "analyze/diagnosis.h"

enum zone_class { ZONE_DMA, ZONE_DMA32, ZONE_NORMAL, ZONE_HIGHMEM, ZONE_MOVABLE };

/* Processes of one name: together they may be what no single one of them is. */
struct crowd {
	struct str comm;
	enum service_class class;
	size_t n;
	const struct task *largest;
	int64_t need_kb;       /* resident, swapped, page tables: sums over its rows */
	int64_t rss_kb;	       /* counts a shared page once in each process */
	int64_t private_kb;    /* an upper bound before 6.8, which prints what is shared */
	int64_t largest_kb;    /* the largest member's own resident memory */
	int64_t shared_kb;     /* of the largest member; UNKNOWN before 6.8 */
	int64_t pgtables_kb;   /* UNKNOWN: not printed */
	int64_t swap_kb;       /* the same */
	bool private_is_known; /* not a bound */
};

/*
 * All that rules look at.  Sizes are in kB and UNKNOWN where the log does not
 * have them; those of `ram` and `limit` are of what ran out.
 */
struct facts {
	struct event *ev;
	const struct verdict *verdict;			       /* NULL: a user-space kill */
	const struct ledger *machine, *scope;		       /* NULL: no figures */
	const struct victim *victim;			       /* NULL: nobody was killed */
	const struct task *victim_row, *trigger_row, *largest; /* NULL: not in the table */
	bool memcg;					       /* a cgroup's limit was hit */
	bool global;	       /* the machine or some of its nodes or zones were full */
	enum zone_class class; /* the highest zone that the request may use */
	bool class_known;
	bool movable; /* the request may use pages of CMA */
	int64_t page_kb;
	bool page_assumed; /* 4 KiB, as on most machines */
	int64_t machine_line;
	/* Of the machine. */
	int64_t listed; /* what all classes add up to, where the total was not printed */
	int64_t managed, anon, shmem, file, unevictable, mlocked, slab_reclaimable;
	int64_t slab_unreclaimable, pagetables, stacks, hugetlb, huge_free, free, unaccounted;
	int64_t dirty, writeback, swap_total, swap_free, swapcache;
	/* Of the cgroup. */
	int64_t usage, limit, cg_anon, cg_file, cg_shmem, cg_dirty, cg_writeback, cg_kernel;
	int64_t cg_swapcached, cg_anon_lists;
	int64_t anonymous; /* all anonymous memory and tmpfs of what ran out */
	int64_t ran_out;   /* RAM or limit: what shares are shares of */
	int64_t order;
	/* Of the task table. */
	int64_t tasks_need; /* the sum */
	int64_t victim_need, largest_need, trigger_need;
	int64_t eligible;	    /* how many could be killed */
	const struct crowd *crowds; /* the one with the most first */
	size_t ncrowds;
};

struct brief {
	const struct facts *f;
	struct arena *mem;
	struct diagnosis *d;
	struct evidence evidence[8];
	struct str against[4];
	struct advice advice[6];
	int64_t weight; /* thousandths of what ran out that this explains */
	bool failed;	/* no memory */
};

/* What is asked first.  Within a band the weightiest comes first, then the table's order. */
enum band {
	BAND_REAL,   /* was memory out at all, and who says so? */
	BAND_LIMIT,  /* which limit, node, zone or order was it? */
	BAND_HOLDER, /* who held the memory? */
	BAND_CHOICE, /* why that process? */
	BAND_BESIDE,
};

enum { NEEDS_MAX = 4 };

struct diagnosis_rule {
	const char *id, *title;
	enum band band;
	enum confidence confidence; /* unless the brief lowers it */
	bool last_resort;	    /* only if no rule of the bands before BAND_CHOICE fired */
	size_t needs[NEEDS_MAX];    /* FACT()s: if one is unknown, the rule does not fire */
	bool (*fires)(const struct facts *);
	void (*tell)(struct brief *);
	const struct wrong_advice *wrong;
	size_t nwrong;
};

#define FACT(member) (offsetof(struct facts, member) + 1) /* never 0, which is "no more" */
#define WRONG(table) .wrong = (table), .nwrong = ARRAY_LEN(table)

/* rule_facts.c, rule_cgroup.c, rule_crowd.c: -1: no memory. */
int facts_of(struct facts *, struct event *, const struct verdict *, const struct ledgers *);
void facts_cgroup(struct facts *);
int64_t stat_line(const struct facts *); /* of the cgroup's statistics; UNKNOWN */
int facts_crowds(struct facts *);
/* Those who map one shared memory of a size that counts; NULL: none. */
const struct crowd *sharers_of(const struct facts *);
int64_t task_need_kb(const struct facts *, const struct task *);

/* rule_text.c: what a rule says.  Formats are ours, names in them are the log's. */
void says(struct brief *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void proof(struct brief *, int64_t line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void but(struct brief *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A new item of advice, and its parts. */
void advise(struct brief *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void by_command(struct brief *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void by_lines(struct brief *, const char *file, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void at_price(struct brief *, const char *price);
void unsure(struct brief *, enum confidence at_most);
/* NUL-terminated, in the arena: "90.8 MiB", "12 %", a name. */
const char *size(struct brief *, int64_t kb);
const char *percent(struct brief *, int64_t part, int64_t whole);
const char *name(struct brief *, struct str);
/* The name if a shell takes it as one plain word, else `instead`. */
const char *shell_word(struct brief *, struct str, const char *instead);

/* Thousandths; UNKNOWN if either is, or the whole is not positive. */
static inline int64_t
permille(int64_t part, int64_t whole)
{
	return known(part) && known(whole) && whole > 0 ? scaled(part, 1000, whole) : UNKNOWN;
}

/* Whether part is at least so many thousandths of whole; false if either is unknown. */
static inline bool
share_is(int64_t part, int64_t whole, int64_t at_least)
{
	int64_t share = permille(part, whole);

	return known(share) && share >= at_least;
}

/* rule_process.c: the largest process as a proof; what is left for one that needs so much, in
 * kB, with a tenth kept free. */
void prove_largest(struct brief *);
int64_t left_for(const struct facts *, int64_t own_kb);

/* The first kept line that has the text; NULL: none. */
const struct event_line *line_with(const struct facts *, const char *text);

/* rule_zone_facts.c */
const char *zone_class_name(enum zone_class);
bool zone_class_of(struct str zone, enum zone_class *ret);
bool zone_allowed(const struct facts *, const struct zone *);
int64_t zone_usable_kb(const struct facts *, const struct zone *); /* free for this request */
void facts_zones(struct facts *);

/* The tables, in the order of decision. */
extern const struct diagnosis_rule rules_real[], rules_node[], rules_order[], rules_dirty[],
    rules_zone[], rules_slab[], rules_pool[], rules_memcg[], rules_kernel[], rules_shared[],
    rules_process[], rules_choice[], rules_swap[], rules_log[];

#endif
