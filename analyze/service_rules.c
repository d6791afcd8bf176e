#include "analyze/service_rules.h"

#include "analyze/glob.h"
#include "analyze/service_internal.h"

static int
add_rule(struct service_rules *r, struct str name, struct str pattern)
{
	struct service_rule *v;

	v = arena_room(&r->mem, r->v, r->n, &r->cap, sizeof(*v));
	if (v == NULL)
		return -1;
	r->v = v;
	r->v[r->n++] = (struct service_rule){ name, pattern };
	return 0;
}

/* What is wrong with a line; NULL: nothing. */
static const char *
take_line(struct service_rules *r, struct str line)
{
	struct str name, one;
	bool more = true;

	line = str_trim(line);
	if (line.n == 0 || *line.p == '#')
		return NULL;
	if (!str_cut(&line, STR("="), &name))
		return "no '=' between a name and its patterns";
	name = str_trim(name);
	if (name.n == 0)
		return "no name in front of '='";
	while (more) {
		more = str_cut(&line, STR("|"), &one);
		one = str_trim(more ? one : line);
		if (one.n == 0)
			return "an empty pattern";
		if (r->n == SERVICE_RULES_MAX)
			return "too many patterns";
		if (add_rule(r, name, one) != 0)
			return "out of memory";
	}
	return NULL;
}

int
service_rules_parse(struct service_rules *ret, struct str text, const char *file, struct err *err)
{
	struct str line;

	text = arena_dup(&ret->mem, text);
	if (text.p == NULL)
		return err_no_memory(err);
	for (long n = 1; str_cut_line(&text, &line); n++) {
		const char *wrong = take_line(ret, line);

		if (wrong != NULL)
			return err_set(err, "%s:%ld: %s", file, n, wrong);
	}
	return 0;
}

struct str
service_rule_of(const struct service_rules *rules, struct str comm, struct str cgroup)
{
	for (size_t i = 0; rules != NULL && i < rules->n; i++) {
		struct str pattern = rules->v[i].pattern;

		if (*pattern.p == '/' ? cgroup.p != NULL && glob_match(pattern, cgroup)
				      : glob_match_comm(pattern, comm))
			return rules->v[i].name;
	}
	return STR_NONE;
}
