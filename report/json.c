#include "report/json.h"

#include "base/escape.h"
#include "report/instant.h"

struct json_object
json_begin(struct arena *mem)
{
	return (struct json_object){ json_object(), mem };
}

void
json_put(struct json_object *to, const char *key, json_t *value)
{
	if (to->o == NULL) {
		json_decref(value);
		return;
	}
	if (json_object_set_new(to->o, key, value) != 0) {
		json_decref(to->o);
		to->o = NULL;
	}
}

void
json_put_int(struct json_object *to, const char *key, int64_t v)
{
	json_put(to, key, json_int(v));
}

void
json_put_str(struct json_object *to, const char *key, struct str s)
{
	json_put(to, key, json_text(to->mem, s));
}

void
json_put_name(struct json_object *to, const char *key, const char *name)
{
	json_put(to, key, json_name(name));
}

void
json_put_bool(struct json_object *to, const char *key, bool v)
{
	json_put(to, key, json_boolean(v));
}

void
json_put_time(struct json_object *to, const char *key, int64_t us)
{
	json_put(to, key, json_time(us));
}

void
json_put_fields(struct json_object *to, const void *from, const struct json_field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++)
		json_put_int(to, fields[i].key,
		    *(const int64_t *)(const void *)((const char *)from + fields[i].at));
}

json_t *
json_int(int64_t v)
{
	return known(v) ? json_integer(v) : json_null();
}

json_t *
json_time(int64_t us)
{
	struct instant_text t;

	return instant_rfc3339(us, &t) ? json_string(t.s) : json_null();
}

json_t *
json_text(struct arena *mem, struct str s)
{
	if (s.p == NULL)
		return json_null();
	if (escape_plain(s) < s.n)
		s = escape_dup(mem, s);
	return s.p == NULL ? NULL : json_stringn(s.p, s.n);
}

json_t *
json_name(const char *name)
{
	return name == NULL ? json_null() : json_string(name);
}

json_t *
json_add(json_t *array, json_t *value)
{
	if (array == NULL) {
		json_decref(value);
		return NULL;
	}
	if (json_array_append_new(array, value) == 0)
		return array;
	json_decref(array);
	return NULL;
}
