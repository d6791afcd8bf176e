#include "analyze/place.h"

#include "analyze/glob.h"

enum { ID_SHOWN = 12, DEPTH_MAX = 64 };

/* What a part of a component has to be. */
enum shape {
	SHAPE_ANY, /* at least one byte */
	SHAPE_HEX, /* an id, perhaps cut: 12 hex digits or more */
	SHAPE_ID,  /* 64 hex digits */
	SHAPE_UUID,
	SHAPE_DIGITS,
	SHAPE_NONE, /* nothing stands there */
};

/* Where what was found goes. */
enum field { FIELD_NONE, FIELD_CONTAINER, FIELD_POD, FIELD_NAME, FIELD_UID, FIELD_QOS, FIELD_APP };

/*
 * rows: components of paths, from the outermost in.  A row is PREFIX part SUFFIX, below a
 * component that the pattern `below` fits (NULL: anywhere).  The first that fits is taken.
 */
/* clang-format off */
static const struct grammar {
	const char *below, *prefix;
	enum shape shape;
	const char *suffix;
	enum place_kind kind; /* PLACE_NONE: it only adds a fact */
	enum field field;
	const char *runtime;
} grammars[] = {
	/* Containers of systemd's driver, and their monitors, which are none. */
	{ NULL, "crio-conmon-", SHAPE_HEX, ".scope", PLACE_UNIT, FIELD_NONE, "cri-o" },
	{ NULL, "libpod-conmon-", SHAPE_HEX, ".scope", PLACE_UNIT, FIELD_NONE, "podman" },
	{ NULL, "docker-", SHAPE_HEX, ".scope", PLACE_CONTAINER, FIELD_CONTAINER, "docker" },
	{ NULL, "cri-containerd-", SHAPE_HEX, ".scope", PLACE_CONTAINER, FIELD_CONTAINER, "containerd" },
	{ NULL, "cri-containerd-", SHAPE_HEX, "", PLACE_CONTAINER, FIELD_CONTAINER, "containerd" },
	{ NULL, "crio-", SHAPE_HEX, ".scope", PLACE_CONTAINER, FIELD_CONTAINER, "cri-o" },
	{ NULL, "crio-", SHAPE_HEX, "", PLACE_CONTAINER, FIELD_CONTAINER, "cri-o" },
	{ NULL, "libpod-payload-", SHAPE_HEX, "", PLACE_CONTAINER, FIELD_CONTAINER, "podman" },
	{ NULL, "libpod-", SHAPE_HEX, ".scope", PLACE_CONTAINER, FIELD_CONTAINER, "podman" },
	{ NULL, "libpod-", SHAPE_HEX, "", PLACE_CONTAINER, FIELD_CONTAINER, "podman" },
	{ NULL, "nerdctl-", SHAPE_HEX, ".scope", PLACE_CONTAINER, FIELD_CONTAINER, "containerd" },
	{ NULL, "machine-libpod_pod_", SHAPE_HEX, ".slice", PLACE_POD, FIELD_POD, "podman" },
	{ NULL, "user-libpod_pod_", SHAPE_HEX, ".slice", PLACE_POD, FIELD_POD, "podman" },
	/* Kubernetes: the class, the pod, the container. */
	{ NULL, "kubepods-burstable-pod", SHAPE_ANY, ".slice", PLACE_POD, FIELD_POD, NULL },
	{ NULL, "kubepods-besteffort-pod", SHAPE_ANY, ".slice", PLACE_POD, FIELD_POD, NULL },
	{ NULL, "kubepods-pod", SHAPE_ANY, ".slice", PLACE_POD, FIELD_POD, NULL },
	{ NULL, "kubepods-", SHAPE_ANY, ".slice", PLACE_PODS, FIELD_QOS, NULL },
	{ NULL, "kubepods", SHAPE_NONE, ".slice", PLACE_PODS, FIELD_NONE, NULL },
	{ NULL, "kubepods", SHAPE_NONE, "", PLACE_PODS, FIELD_NONE, NULL },
	{ "kubepods", "burstable", SHAPE_NONE, "", PLACE_PODS, FIELD_NONE, NULL },
	{ "kubepods", "besteffort", SHAPE_NONE, "", PLACE_PODS, FIELD_NONE, NULL },
	{ "kubepods", "pod", SHAPE_ANY, "", PLACE_POD, FIELD_POD, NULL },
	{ "burstable", "pod", SHAPE_ANY, "", PLACE_POD, FIELD_POD, NULL },
	{ "besteffort", "pod", SHAPE_ANY, "", PLACE_POD, FIELD_POD, NULL },
	/* Containers of cgroupfs drivers. */
	{ "docker", "", SHAPE_HEX, "", PLACE_CONTAINER, FIELD_CONTAINER, "docker" },
	{ NULL, "", SHAPE_ID, "", PLACE_CONTAINER, FIELD_CONTAINER, NULL },
	{ NULL, "lxc.monitor.", SHAPE_ANY, "", PLACE_OTHER, FIELD_NONE, "lxc" },
	{ NULL, "lxc.payload.", SHAPE_ANY, "", PLACE_CONTAINER, FIELD_CONTAINER, "lxc" },
	{ "lxc.payload", "", SHAPE_ANY, "", PLACE_CONTAINER, FIELD_CONTAINER, "lxc" },
	{ "lxc", "", SHAPE_ANY, "", PLACE_CONTAINER, FIELD_CONTAINER, "lxc" },
	{ NULL, "systemd-nspawn@", SHAPE_ANY, ".service", PLACE_CONTAINER, FIELD_CONTAINER, "systemd-nspawn" },
	{ NULL, "lve", SHAPE_DIGITS, "", PLACE_CONTAINER, FIELD_CONTAINER, "lve" },
	{ "garden", "", SHAPE_ANY, "", PLACE_CONTAINER, FIELD_CONTAINER, "garden" },
	/* Virtual machines. */
	{ NULL, "machine-qemu-", SHAPE_ANY, ".scope", PLACE_VM, FIELD_NAME, "libvirt" },
	{ NULL, "machine-lxc-", SHAPE_ANY, ".scope", PLACE_CONTAINER, FIELD_CONTAINER, "lxc" },
	{ NULL, "machine-", SHAPE_ANY, ".scope", PLACE_CONTAINER, FIELD_CONTAINER, "systemd-nspawn" },
	{ NULL, "qemu-", SHAPE_ANY, ".libvirt-qemu", PLACE_VM, FIELD_NAME, "libvirt" },
	{ NULL, "", SHAPE_ANY, ".libvirt-qemu", PLACE_VM, FIELD_NAME, "libvirt" },
	{ "qemu.slice", "", SHAPE_DIGITS, ".scope", PLACE_VM, FIELD_NAME, "proxmox" },
	/* Batch systems. */
	{ NULL, "job_", SHAPE_DIGITS, "", PLACE_JOB, FIELD_NAME, "slurm" },
	{ "yarn", "container_", SHAPE_ANY, "", PLACE_JOB, FIELD_NAME, "yarn" },
	{ "mesos", "", SHAPE_UUID, "", PLACE_JOB, FIELD_NAME, "mesos" },
	{ "nomad*", "", SHAPE_ANY, ".scope", PLACE_JOB, FIELD_NAME, "nomad" },
	{ "share.slice", "", SHAPE_ANY, ".scope", PLACE_JOB, FIELD_NAME, "nomad" },
	{ "htcondor", "", SHAPE_ANY, "", PLACE_JOB, FIELD_NAME, "htcondor" },
	/* Users and their applications. */
	{ NULL, "user-", SHAPE_DIGITS, ".slice", PLACE_SLICE, FIELD_UID, NULL },
	{ NULL, "user@", SHAPE_DIGITS, ".service", PLACE_SESSION, FIELD_UID, NULL },
	{ NULL, "session-", SHAPE_ANY, ".scope", PLACE_SESSION, FIELD_NAME, NULL },
	{ NULL, "snap.", SHAPE_ANY, ".scope", PLACE_UNIT, FIELD_APP, "snap" },
	{ NULL, "snap.", SHAPE_ANY, ".service", PLACE_UNIT, FIELD_APP, "snap" },
	{ NULL, "app-flatpak-", SHAPE_ANY, ".scope", PLACE_UNIT, FIELD_APP, "flatpak" },
	{ NULL, "app-", SHAPE_ANY, ".scope", PLACE_UNIT, FIELD_APP, NULL },
	{ NULL, "app-", SHAPE_ANY, ".service", PLACE_UNIT, FIELD_APP, NULL },
	{ "user@*", "init", SHAPE_NONE, ".scope", PLACE_NONE, FIELD_NONE, NULL },
	/* Any unit. */
	{ NULL, "", SHAPE_ANY, ".service", PLACE_UNIT, FIELD_NONE, NULL },
	{ NULL, "", SHAPE_ANY, ".scope", PLACE_UNIT, FIELD_NONE, NULL },
	{ NULL, "", SHAPE_ANY, ".slice", PLACE_SLICE, FIELD_NONE, NULL },
	{ NULL, "", SHAPE_ANY, ".socket", PLACE_UNIT, FIELD_NONE, NULL },
	{ NULL, "", SHAPE_ANY, ".mount", PLACE_UNIT, FIELD_NONE, NULL },
};
/* clang-format on */

static bool
is_hex(char c)
{
	return str_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool
all_hex(struct str s, size_t least, size_t most)
{
	if (s.n < least || s.n > most)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!is_hex(s.p[i]))
			return false;
	}
	return true;
}

/* 8-4-4-4-12 hex digits, between '-' or '_'. */
static bool
is_uuid(struct str s)
{
	static const size_t bars[] = { 8, 13, 18, 23 };
	size_t at = 0;

	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool bar = at < ARRAY_LEN(bars) && i == bars[at];

		if (bar ? s.p[i] != '-' && s.p[i] != '_' : !is_hex(s.p[i]))
			return false;
		at += bar;
	}
	return true;
}

static bool
is_number(struct str s)
{
	int64_t v;

	return str_eat_i64(&s, &v) && s.n == 0 && v >= 0;
}

static bool
has_shape(struct str s, enum shape shape)
{
	switch (shape) {
	case SHAPE_ANY:
		return s.n > 0;
	case SHAPE_HEX:
		return all_hex(s, ID_SHOWN, 128);
	case SHAPE_ID:
		return all_hex(s, 64, 64);
	case SHAPE_UUID:
		return is_uuid(s);
	case SHAPE_DIGITS:
		return is_number(s);
	case SHAPE_NONE:
		return s.n == 0;
	}
	return false;
}

/* systemd-escape(1): "\x2d" is '-'; "/" stays '-' in names of slices. */
static struct str
unescape(struct arena *mem, struct str s)
{
	char *to = str_has(s, STR("\\x")) ? arena_raw(mem, s.n) : NULL;
	size_t n = 0;

	if (to == NULL)
		return s;
	while (s.n > 0) {
		struct str rest = s;
		uint64_t byte;

		if (s.n >= 4 && str_eat(&rest, STR("\\x")) && all_hex(str_head(rest, 2), 2, 2)) {
			rest = str_head(rest, 2);
			if (str_eat_hex(&rest, &byte) && byte >= 0x20 && byte < 0x7f) {
				to[n++] = (char)byte;
				s = str_from_at(s, 4);
				continue;
			}
		}
		to[n++] = *s.p;
		s = str_from_at(s, 1);
	}
	return (struct str){ to, n };
}

/* kubelet writes '-' as '_' in names of slices. */
static struct str
with_bars(struct arena *mem, struct str s)
{
	char *to = str_has(s, STR("_")) ? arena_raw(mem, s.n) : NULL;

	if (to == NULL)
		return s;
	for (size_t i = 0; i < s.n; i++)
		to[i] = (char)(s.p[i] == '_' ? '-' : s.p[i]);
	return (struct str){ to, s.n };
}

static bool
fits(const struct grammar *g, struct str below, struct str part, struct str *ret_middle)
{
	struct str suffix = str_from(g->suffix);

	if (g->below != NULL && !glob_match(str_from(g->below), below))
		return false;
	if (!str_eat(&part, str_from(g->prefix)) || !str_ends(part, suffix))
		return false;
	*ret_middle = str_head(part, part.n - suffix.n);
	return has_shape(*ret_middle, g->shape);
}

/* "PKG.APP-UUID", "gnome-org.x.Y-1234", "org.x.Y-1234": without what only this run has. */
static struct str
app_name(struct str s)
{
	size_t at;

	while (str_rfind(s, STR("-"), &at) && at > 0) {
		struct str tail = str_from_at(s, at + 1);

		if (!all_hex(tail, 1, 64) && !is_number(tail))
			break;
		s = str_head(s, at);
	}
	return s;
}

static void
take_field(struct arena *mem, struct place *p, enum field field, struct str part)
{
	struct str rest = part;
	int64_t v;

	switch (field) {
	case FIELD_CONTAINER:
		p->container_id = part;
		break;
	case FIELD_POD:
		p->pod_uid = with_bars(mem, part);
		break;
	case FIELD_NAME: /* libvirt numbers its machines: "4-db1" */
		if (p->runtime.p != NULL && str_eq(p->runtime, STR("libvirt")) &&
		    str_eat_i64(&rest, &v) && str_eat_chr(&rest, '-') && rest.n > 0)
			part = rest;
		p->name = part;
		break;
	case FIELD_APP:
		p->app = app_name(part);
		break;
	case FIELD_QOS:
		p->qos = part;
		break;
	case FIELD_UID:
		p->uid = str_eat_i64(&part, &v) ? v : UNKNOWN;
		break;
	case FIELD_NONE:
		break;
	}
}

static bool
is_unit(struct str part)
{
	return str_ends(part, STR(".service")) || str_ends(part, STR(".scope")) ||
	       str_ends(part, STR(".slice"));
}

/* A slice says little where something better was found around it. */
static bool
is_weak(enum place_kind kind)
{
	return kind == PLACE_NONE || kind == PLACE_SLICE || kind == PLACE_OTHER;
}

static void
take_part(struct arena *mem, struct place *p, struct str below, struct str raw)
{
	struct str part = unescape(mem, raw), middle;
	size_t at;

	/* kind(1) and others put a prefix of their own in front: "kubelet-kubepods-...". */
	if (str_find(part, STR("kubepods"), &at) && at > 0 && part.p[at - 1] == '-')
		part = str_from_at(part, at);
	for (size_t i = 0; i < ARRAY_LEN(grammars); i++) {
		const struct grammar *g = &grammars[i];

		if (!fits(g, below, part, &middle))
			continue;
		if (is_unit(part) && (!is_weak(g->kind) || is_weak(p->kind)))
			p->unit = part;
		if (str_has(part, STR("burstable")))
			p->qos = STR("burstable");
		else if (str_has(part, STR("besteffort")))
			p->qos = STR("besteffort");
		if (g->runtime != NULL)
			p->runtime = str_from(g->runtime);
		take_field(mem, p, g->field, middle);
		if (g->kind != PLACE_NONE && (!is_weak(g->kind) || is_weak(p->kind)))
			p->kind = g->kind;
		return;
	}
}

/* Those that only stand around others: "system.slice" says nothing of "x.service" in it. */
static struct str
people_name(struct arena *mem, const struct place *p)
{
	struct str id = str_head(p->container_id, ID_SHOWN);

	switch (p->kind) {
	case PLACE_ROOT:
		return STR("the root cgroup");
	case PLACE_CONTAINER:
		if (!all_hex(p->container_id, ID_SHOWN, 128))
			id = p->container_id;
		return arena_printf(mem, "%s%scontainer %.*s",
		    p->runtime.p == NULL ? "" : p->runtime.p, p->runtime.p == NULL ? "" : " ",
		    STR_ARG(id));
	case PLACE_POD:
		return arena_printf(mem, "pod %.*s", STR_ARG(p->pod_uid));
	case PLACE_PODS:
		return p->qos.p == NULL ? STR("all pods")
					: arena_printf(mem, "all %.*s pods", STR_ARG(p->qos));
	case PLACE_VM:
		return arena_printf(mem, "virtual machine %.*s", STR_ARG(p->name));
	case PLACE_JOB:
		return arena_printf(mem, "%.*s job %.*s", STR_ARG(p->runtime), STR_ARG(p->name));
	case PLACE_SESSION:
		if (p->name.p != NULL && known(p->uid))
			return arena_printf(
			    mem, "session %.*s of user %lld", STR_ARG(p->name), (long long)p->uid);
		if (p->name.p != NULL)
			return arena_printf(mem, "session %.*s", STR_ARG(p->name));
		return arena_printf(mem, "user %lld's services", (long long)p->uid);
	case PLACE_SLICE:
		if (known(p->uid))
			return arena_printf(mem, "all of user %lld", (long long)p->uid);
		return p->unit;
	case PLACE_UNIT:
		return p->app.p != NULL ? p->app : p->unit;
	case PLACE_NONE:
	case PLACE_OTHER:
		break;
	}
	return p->path;
}

struct place
place_of(struct arena *mem, struct str path)
{
	struct place p = { .kind = PLACE_NONE, .path = path, .uid = UNKNOWN };
	struct str rest = path, below = STR(""), part;
	int depth = 0;

	if (path.p == NULL)
		return p;
	p.kind = PLACE_OTHER;
	if (path.n == 0 || str_eq(path, STR("/")))
		p.kind = PLACE_ROOT;
	while (rest.n > 0 && depth < DEPTH_MAX) {
		if (!str_cut(&rest, STR("/"), &part)) {
			part = rest;
			rest.n = 0;
		}
		if (part.n == 0)
			continue;
		take_part(mem, &p, below, part);
		below = part;
		depth++;
	}
	if (p.kind == PLACE_POD || p.kind == PLACE_PODS || p.pod_uid.p != NULL) {
		if (p.qos.p == NULL && p.pod_uid.p != NULL && !str_eq(p.runtime, STR("podman")))
			p.qos = STR("guaranteed");
	}
	p.name = people_name(mem, &p);
	return p;
}

const char *
place_kind_name(enum place_kind kind)
{
	static const char *const names[] = { NULL, "root", "unit", "slice", "session", "container",
		"pod", "pods", "vm", "job", "other" };

	return names[kind];
}
