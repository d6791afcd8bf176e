/* "diagnoses": the rules that fired, the answer first. */
#include "report/json.h"

static json_t *
evidence(const struct diagnosis *d, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < d->nevidence; i++) {
		struct json_object o = json_begin(mem);

		json_put_int(&o, "line", d->evidence[i].line);
		json_put_str(&o, "text", d->evidence[i].text);
		all = json_add(all, o.o);
	}
	return all;
}

static json_t *
against(const struct diagnosis *d, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < d->nagainst; i++)
		all = json_add(all, json_text(mem, d->against[i]));
	return all;
}

/* The lines of a command or a configuration: a newline in one text would be escaped. */
static json_t *
lines(struct str text, struct arena *mem)
{
	json_t *all = json_array();
	struct str line;

	while (str_cut_line(&text, &line))
		all = json_add(all, json_text(mem, line));
	return all;
}

static json_t *
advice(const struct diagnosis *d, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < d->nadvice; i++) {
		struct json_object o = json_begin(mem);

		json_put_str(&o, "text", d->advice[i].text);
		json_put_str(&o, "file", d->advice[i].file);
		json_put(&o, "lines", lines(d->advice[i].command, mem));
		json_put_str(&o, "price", d->advice[i].price);
		all = json_add(all, o.o);
	}
	return all;
}

static json_t *
wrong(const struct diagnosis *d, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < d->nwrong; i++) {
		struct json_object o = json_begin(mem);

		json_put_name(&o, "claim", d->wrong[i].claim);
		json_put_name(&o, "why", d->wrong[i].why);
		all = json_add(all, o.o);
	}
	return all;
}

json_t *
json_diagnoses(const struct diagnoses *d, struct arena *mem)
{
	json_t *all;

	if (d == NULL)
		return json_null();
	all = json_array();
	for (size_t i = 0; i < d->n; i++) {
		struct json_object o = json_begin(mem);

		json_put_name(&o, "id", d->v[i].id);
		json_put_name(&o, "title", d->v[i].title);
		json_put_name(&o, "topic", topic_name(d->v[i].topic));
		json_put_name(&o, "confidence", confidence_name(d->v[i].confidence));
		json_put_str(&o, "says", d->v[i].says);
		json_put(&o, "evidence", evidence(&d->v[i], mem));
		json_put(&o, "against", against(&d->v[i], mem));
		json_put(&o, "advice", advice(&d->v[i], mem));
		json_put(&o, "wrong_advice", wrong(&d->v[i], mem));
		all = json_add(all, o.o);
	}
	return all;
}
