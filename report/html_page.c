/* The page around the parts: head, style, tables, and the escape of what they hold. */
#include "report/html.h"

#include "base/escape.h"

#include <string.h>
#include <sys/types.h>

/* Colours of a series differ in light and dark; text beside them says the same. */
/* clang-format off */
static const char style[] =
    ":root{color-scheme:light dark;--bg:#fff;--fg:#1a1c20;--dim:#545b66;--line:#d5d9e0;"
    "--soft:#f3f5f8;--bad:#a3161b;--mark:#fff3d6;"
    "--s0:#2f5fb3;--s1:#b4540a;--s2:#1d7a4c;--s3:#8a3ab0;--s4:#a32a52;--s5:#5d6b17;"
    "--s6:#0e7490;--s7:#6b5a4b;--s8:#8d93a0;--s9:#c9ced8}"
    "@media(prefers-color-scheme:dark){:root{--bg:#14161a;--fg:#e8eaee;--dim:#a4abb8;"
    "--line:#373c46;--soft:#1e2127;--bad:#ff8f8a;--mark:#40351a;"
    "--s0:#7ea8f0;--s1:#f0a05a;--s2:#63c795;--s3:#cf9be8;--s4:#ee8fb0;--s5:#b9c765;"
    "--s6:#62c4dc;--s7:#c3ae9a;--s8:#8b92a0;--s9:#4a505c}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:64rem;padding:1.5rem 1rem 4rem;background:var(--bg);"
    "color:var(--fg);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"
    "h1{font-size:1rem;margin:0;color:var(--dim);font-weight:600}"
    "h2{font-size:1.5rem;line-height:1.3;margin:1.5rem 0 .5rem}"
    "h3{font-size:1.1rem;margin:2rem 0 .5rem;padding-top:.75rem;border-top:1px solid var(--line)}"
    "h4{font-size:1rem;margin:1rem 0 .25rem}"
    "p{margin:.25rem 0 .75rem;max-width:46rem}"
    ".dim,caption,figcaption{color:var(--dim)}"
    ".warn{border-left:.3rem solid var(--bad);background:var(--soft);padding:.5rem .75rem}"
    ".wide{overflow-x:auto;margin:.5rem 0}"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%;"
    "overflow-wrap:break-word}th[scope=row]{min-width:7rem}"
    "caption{text-align:left;padding:.25rem 0}"
    "th,td{padding:.25rem .6rem;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--line)}"
    "th{font-weight:600}td.n,th.n{text-align:right;white-space:nowrap}"
    "td.w{overflow-wrap:normal;white-space:nowrap}"
    "tr.hit{background:var(--mark)}"
    "pre,code{font:.85rem/1.45 ui-monospace,monospace}"
    "pre{margin:.5rem 0;padding:.6rem .75rem;background:var(--soft);overflow-x:auto;"
    "overflow-wrap:normal}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.5rem 0}"
    "dt{color:var(--dim)}dd{margin:0}"
    "svg{display:block;width:100%;height:auto}"
    "svg text{fill:var(--fg);font:12px system-ui,sans-serif}"
    ".key{display:inline-block;width:.8em;height:.8em;margin-right:.4em;border-radius:2px}"
    ".c0{fill:var(--s0);background:var(--s0)}.c1{fill:var(--s1);background:var(--s1)}"
    ".c2{fill:var(--s2);background:var(--s2)}.c3{fill:var(--s3);background:var(--s3)}"
    ".c4{fill:var(--s4);background:var(--s4)}.c5{fill:var(--s5);background:var(--s5)}"
    ".c6{fill:var(--s6);background:var(--s6)}.c7{fill:var(--s7);background:var(--s7)}"
    ".c8{fill:var(--s8);background:var(--s8)}.c9{fill:var(--s9);background:var(--s9)}"
    ".axis{stroke:var(--dim);stroke-width:1}.mark{stroke:var(--bad);stroke-width:2}"
    ".back{fill:var(--soft)}"
    ".tag{border:1px solid currentColor;border-radius:3px;padding:0 .35em;font-size:.8rem;"
    "font-weight:400;color:var(--dim)}"
    "article+article{border-top:3px solid var(--line);margin-top:3rem;padding-top:1rem}"
    "@media(max-width:36rem){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}"
    "th,td{padding:.25rem .4rem}}"
    "@media print{body{max-width:none;padding:0;font-size:10pt}h3{break-after:avoid}"
    "tr,figure{break-inside:avoid}pre{white-space:pre-wrap}}";
/* clang-format on */

static ssize_t
escape_write(void *cookie, const char *p, size_t n)
{
	FILE *out = cookie;

	for (size_t i = 0; i < n; i++) {
		switch (p[i]) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			putc(p[i], out);
			break;
		}
	}
	return (ssize_t)n;
}

struct html
html_open(struct report *rep)
{
	struct html h = { .rep = rep, .out = rep->out, .n = (unsigned)rep->shown };

	h.text = fopencookie(rep->out, "w", (cookie_io_functions_t){ .write = escape_write });
	/* Markup and text take turns: neither may lag behind. */
	if (h.text != NULL)
		setvbuf(h.text, NULL, _IONBF, 0);
	else
		rep->failed = true;
	return h;
}

void
html_close(struct html *h)
{
	fclose(h->text);
}

void
html_page_begin(struct html *h, const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
	    h->out);
	html_z(h, title);
	fprintf(h->out, "</title>\n<style>%s</style>\n</head>\n<body>\n<header><h1>", style);
	html_z(h, title);
	fputs("</h1></header>\n<main>\n", h->out);
}

void
html_page_end(struct html *h)
{
	fputs("</main>\n</body>\n</html>\n", h->out);
}

void
html_str(struct html *h, struct str s)
{
	str_put_escaped(h->text, s);
}

void
html_z(struct html *h, const char *z)
{
	fputs(z, h->text);
}

void
html_section(struct html *h, const char *id, const char *title)
{
	fprintf(
	    h->out, "<section aria-labelledby=\"%s-%u\">\n<h3 id=\"%s-%u\">", id, h->n, id, h->n);
	html_z(h, title);
	fputs("</h3>\n", h->out);
}

void
html_section_end(struct html *h)
{
	fputs("</section>\n", h->out);
}

void
html_table(struct html *h, const char *caption, const char *columns)
{
	fputs("<div class=\"wide\"><table>\n", h->out);
	if (caption != NULL) {
		fputs("<caption>", h->out);
		html_z(h, caption);
		fputs("</caption>\n", h->out);
	}
	fputs("<thead><tr>", h->out);
	while (*columns != '\0') {
		size_t n = strcspn(columns, "|");
		bool number = *columns == '#';

		fprintf(h->out, "<th scope=\"col\"%s>%.*s</th>", number ? " class=\"n\"" : "",
		    (int)(n - number), columns + number);
		columns += n + (columns[n] == '|');
	}
	fputs("</tr></thead>\n<tbody>\n", h->out);
}

void
html_table_end(struct html *h)
{
	fputs("</tbody></table></div>\n", h->out);
}

void
html_cell(struct html *h, const char *words)
{
	fputs("<td class=\"n\">", h->out);
	html_z(h, words);
	fputs("</td>", h->out);
}
