/*
 * What a cgroup path says: the systemd unit, the container, the pod, the
 * virtual machine, the user.  Grammars: systemd.unit(7), systemd-escape(1),
 * kubelet's cgroup_manager_linux.go, runc's and crun's systemd drivers,
 * podman, LXC, libvirt, Slurm, Nomad.
 */
#ifndef OOMWHY_ANALYZE_PLACE_H
#define OOMWHY_ANALYZE_PLACE_H

#include "base/arena.h"
#include "base/str.h"

enum place_kind {
	PLACE_NONE, /* no path in the log */
	PLACE_ROOT, /* "/" */
	PLACE_UNIT, /* a service, or a scope that is nothing below */
	PLACE_SLICE,
	PLACE_SESSION, /* a login, or a user's own manager */
	PLACE_CONTAINER,
	PLACE_POD,
	PLACE_PODS, /* all pods of a machine, or of a class of them */
	PLACE_VM,
	PLACE_JOB,   /* of a batch system */
	PLACE_OTHER, /* a path of no known grammar */
};

struct place {
	enum place_kind kind;
	struct str path;
	struct str name;	 /* "nginx.service", "docker 0123456789ab": for people */
	struct str runtime;	 /* "docker", "containerd", "cri-o", "podman", "lxc", ... */
	struct str unit;	 /* the innermost systemd unit or, without one, the slice */
	struct str container_id; /* as printed: mostly 64 hex digits */
	struct str pod_uid;	 /* with '-' restored */
	struct str qos;		 /* "guaranteed", "burstable", "besteffort" */
	struct str app;		 /* a snap's, flatpak's or desktop application */
	int64_t uid;		 /* of a user's slice; UNKNOWN */
};

/* .name.p is NULL without memory, where the path is known. */
struct place place_of(struct arena *, struct str path);
const char *place_kind_name(enum place_kind); /* NULL for PLACE_NONE */

#endif
