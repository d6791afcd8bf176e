#include "parse/tokens.h"

bool
token_next(struct str *text, struct token *ret)
{
	struct str word;
	size_t at;

	*ret = (struct token){ .value = UNKNOWN };
	str_eat_blanks(text);
	if (!str_eat_word(text, &word))
		return false;
	if (word.n > 1 && word.p[word.n - 1] == '?') {
		str_eat_blanks(text);
		ret->key = str_head(word, word.n - 1);
		ret->yes = str_starts(*text, STR("yes"));
		str_eat_word(text, &word);
		return true;
	}
	if (!str_chr(word, ':', &at) || at == 0)
		return true;
	ret->key = str_head(word, at);
	word = str_from_at(word, at + 1);
	if (word.n == 0) { /* "shmem_thp: 0kB", 4.8 - 6.5 */
		str_eat_blanks(text);
		if (!str_eat_word(text, &word))
			return true;
	}
	ret->has_value = str_eat_i64(&word, &ret->value);
	ret->kb = ret->has_value && (str_eat(&word, STR("kB")) || str_eat(&word, STR("KB")));
	return true;
}

int64_t
counter_get_str(const struct counters *c, struct str name)
{
	for (size_t i = 0; i < c->n; i++) {
		if (str_eq(c->v[i].name, name))
			return c->v[i].value;
	}
	return UNKNOWN;
}
