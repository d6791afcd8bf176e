/*
 * rows: the names of processes that say what they are.  A comm is the first 15
 * bytes of the executable's name, or what the program gave itself by
 * prctl(PR_SET_NAME): package file lists of Debian 12 and RHEL 9, and captured
 * reports.  The first row that fits is taken.
 */
#include "analyze/glob.h"
#include "analyze/service_internal.h"

/* clang-format off */
static const struct service_name names[] = {
	/* Web servers: a parent of root, workers of another user. */
	{ "Apache", CLASS_WEB, ONE_POOL, "apache2|httpd|httpd.worker|httpd-prefork|httpd.itk|httpd2-prefork" },
	{ "nginx", CLASS_WEB, ONE_POOL, "nginx|openresty|angie" },
	{ "PHP-FPM", CLASS_WEB, BY_USER, "php-fpm*|php5-fpm|php7-fpm" },
	{ "PHP", CLASS_WEB, BY_USER, "php-cgi*|php|php5|php7*|php8*|lsphp*" },
	{ "LiteSpeed", CLASS_WEB, ONE_POOL, "lshttpd*|litespeed|openlitespeed" },
	{ "Puma", CLASS_WEB, BY_USER, "puma*" },
	{ "Unicorn", CLASS_WEB, BY_USER, "unicorn*" },
	{ "Passenger", CLASS_WEB, BY_USER, "passenger*|Passenger*" },
	{ "Gunicorn", CLASS_WEB, BY_USER, "gunicorn*|[gunicorn*" },
	{ "uWSGI", CLASS_WEB, BY_USER, "uwsgi*" },
	{ "HAProxy", CLASS_WEB, ONE_POOL, "haproxy*" },
	{ "Varnish", CLASS_CACHE, ONE_POOL, "varnishd|cache-main|vcache" },
	{ "Squid", CLASS_CACHE, ONE_POOL, "squid*|(squid*" },
	/* Databases. */
	{ "PostgreSQL", CLASS_SHARED_DATABASE, ONE_POOL, "postgres|postmaster" },
	{ "Oracle", CLASS_SHARED_DATABASE, ONE_POOL, "oracle|oracle_*|ora_*|oracle*" },
	{ "MySQL", CLASS_DATABASE, ONE_POOL, "mysqld|mysqld_safe|mariadbd|mariadbd-safe|mysqld-debug" },
	{ "MySQL Cluster", CLASS_DATABASE, ONE_POOL, "ndbd|ndbmtd" },
	{ "XtraBackup", CLASS_BACKUP, ONE_POOL, "xtrabackup|mariabackup|mariadb-backup" },
	{ "MongoDB", CLASS_DATABASE, ONE_POOL, "mongod|mongos" },
	{ "Redis", CLASS_CACHE, ONE_POOL, "redis-server|redis-rdb-bgsave|redis-aof-rewrite|redis-rdb-to-slv" },
	{ "Valkey", CLASS_CACHE, ONE_POOL, "valkey-server" },
	{ "Dragonfly", CLASS_CACHE, ONE_POOL, "dragonfly" },
	{ "Memcached", CLASS_CACHE, ONE_POOL, "memcached" },
	{ "ClickHouse", CLASS_DATABASE, ONE_POOL, "clickhouse|clickhouse-server|clickhouse-serv" },
	{ "InfluxDB", CLASS_DATABASE, ONE_POOL, "influxd" },
	{ "SQL Server", CLASS_DATABASE, ONE_POOL, "sqlservr" },
	{ "Db2", CLASS_SHARED_DATABASE, ONE_POOL, "db2sysc|db2*" },
	{ "ScyllaDB", CLASS_DATABASE, ONE_POOL, "scylla" },
	{ "TiDB", CLASS_DATABASE, ONE_POOL, "tidb-server" },
	{ "TiKV", CLASS_DATABASE, ONE_POOL, "tikv-server" },
	{ "CockroachDB", CLASS_DATABASE, ONE_POOL, "cockroach" },
	{ "PgBouncer", CLASS_OTHER, ONE_POOL, "pgbouncer" },
	{ "etcd", CLASS_DATABASE, ONE_POOL, "etcd" },
	{ "slapd", CLASS_DATABASE, ONE_POOL, "slapd|ns-slapd" },
	/* Interpreters and runtimes: what they run is not in the name. */
	{ "Java", CLASS_JVM, BY_USER, "java|jsvc" },
	{ "Node.js", CLASS_RUNTIME, BY_USER, "node|nodejs|npm*|MainThread|next-server*|tsserver*" },
	{ "PM2", CLASS_RUNTIME, BY_USER, "PM2 v*" },
	{ "Celery", CLASS_RUNTIME, BY_USER, "celery*|[celery*" },
	{ "Jupyter", CLASS_COMPUTE, BY_USER, "jupyter*" },
	{ "Ray", CLASS_COMPUTE, BY_USER, "ray::*|raylet|gcs_server" },
	{ "vLLM", CLASS_COMPUTE, BY_USER, "VLLM::*" },
	{ "PyTorch", CLASS_COMPUTE, BY_USER, "pt_main_thread|pt_data_worker" },
	{ "Airflow", CLASS_RUNTIME, BY_USER, "airflow*" },
	{ "Python", CLASS_RUNTIME, BY_USER, "python|python2*|python3*|uvicorn|ipython*" },
	{ "Sidekiq", CLASS_RUNTIME, BY_USER, "sidekiq*" },
	{ "Ruby", CLASS_RUNTIME, BY_USER, "ruby|ruby2*|ruby3*" },
	{ "Perl", CLASS_RUNTIME, BY_USER, "perl|perl5*" },
	{ "Erlang", CLASS_RUNTIME, BY_USER, "beam.smp|beam" },
	{ ".NET", CLASS_RUNTIME, BY_USER, "dotnet|mono|mono-sgen" },
	{ "R", CLASS_COMPUTE, BY_USER, "R|rsession|Rscript" },
	{ "MATLAB", CLASS_COMPUTE, BY_USER, "MATLAB" },
	/* Mail. */
	{ "ClamAV", CLASS_MAIL, ONE_POOL, "clamd|freshclam|clamscan|clamdscan" },
	{ "Amavis", CLASS_MAIL, ONE_POOL, "amavisd*|amavis*" },
	{ "SpamAssassin", CLASS_MAIL, ONE_POOL, "spamd*|spamassassin" },
	{ "Rspamd", CLASS_MAIL, ONE_POOL, "rspamd" },
	{ "Dovecot", CLASS_MAIL, ONE_POOL, "dovecot|imap|imap-login|pop3|pop3-login|lmtp" },
	{ "Exim", CLASS_MAIL, ONE_POOL, "exim|exim4" },
	{ "Postfix", CLASS_MAIL, ONE_POOL, "master|qmgr|pickup|smtpd|cleanup|trivial-rewrite|tlsmgr" },
	/* Search, logs, monitoring. */
	{ "Splunk", CLASS_LOG, ONE_POOL, "splunkd" },
	{ "Fluentd", CLASS_LOG, ONE_POOL, "fluentd" },
	{ "Fluent Bit", CLASS_LOG, ONE_POOL, "fluent-bit|flb-*" },
	{ "Beats", CLASS_LOG, ONE_POOL, "filebeat|metricbeat|auditbeat|packetbeat" },
	{ "Vector", CLASS_LOG, ONE_POOL, "vector" },
	{ "Prometheus", CLASS_LOG, ONE_POOL, "prometheus" },
	{ "VictoriaMetrics", CLASS_LOG, ONE_POOL, "victoria-metrics*|vmstorage|vminsert|vmselect|vmagent" },
	{ "Grafana", CLASS_LOG, ONE_POOL, "grafana|grafana-server" },
	{ "Loki", CLASS_LOG, ONE_POOL, "loki|promtail" },
	{ "Telegraf", CLASS_LOG, ONE_POOL, "telegraf" },
	{ "Zabbix", CLASS_LOG, ONE_POOL, "zabbix_*" },
	{ "collectd", CLASS_LOG, ONE_POOL, "collectd" },
	{ "rsyslog", CLASS_SYSTEM, ONE_POOL, "rsyslogd" },
	/* Copies and file systems. */
	{ "restic", CLASS_BACKUP, ONE_POOL, "restic" },
	{ "Borg", CLASS_BACKUP, ONE_POOL, "borg" },
	{ "rsync", CLASS_BACKUP, ONE_POOL, "rsync" },
	{ "rclone", CLASS_BACKUP, ONE_POOL, "rclone" },
	{ "duplicity", CLASS_BACKUP, ONE_POOL, "duplicity" },
	{ "file system check", CLASS_BACKUP, ONE_POOL, "e2fsck|fsck.*|xfs_repair|xfs_db|btrfs" },
	{ "locate", CLASS_BACKUP, ONE_POOL, "updatedb*" },
	/* Desktops: a browser is many processes of several oom_score_adj. */
	{ "Chrome", CLASS_DESKTOP, ONE_POOL, "chrome|chrome_crashpad*|google-chrome*|Chrome_*|chromium|chromium-browser" },
	{ "Firefox", CLASS_DESKTOP, ONE_POOL, "firefox*|Web Content|Isolated Web Co*|Isolated Servic*|WebExtensions|Privileged Cont*|RDD Process|Utility Process|file:// Content|Socket Process" },
	{ "VS Code", CLASS_DESKTOP, ONE_POOL, "code|code-server|code-tunnel" },
	{ "Electron", CLASS_DESKTOP, ONE_POOL, "electron" },
	{ "Slack", CLASS_DESKTOP, ONE_POOL, "slack" },
	{ "Discord", CLASS_DESKTOP, ONE_POOL, "Discord" },
	{ "GNOME Shell", CLASS_DESKTOP, ONE_POOL, "gnome-shell*" },
	{ "KDE Plasma", CLASS_DESKTOP, ONE_POOL, "plasmashell|kwin_*" },
	{ "X server", CLASS_DESKTOP, ONE_POOL, "Xorg|X|Xwayland" },
	{ "Tracker", CLASS_DESKTOP, ONE_POOL, "tracker-miner-*|tracker-extract*|localsearch*" },
	/* Virtual machines and containers. */
	{ "QEMU", CLASS_VM, BY_PROCESS, "qemu-system-*|qemu-kvm|kvm|CPU */KVM" },
	{ "Firecracker", CLASS_VM, BY_PROCESS, "firecracker" },
	{ "Cloud Hypervisor", CLASS_VM, BY_PROCESS, "cloud-hypervisor" },
	{ "libvirt", CLASS_SYSTEM, ONE_POOL, "libvirtd|virtqemud|virtlogd" },
	{ "Docker", CLASS_CONTAINER_RUNTIME, ONE_POOL, "dockerd|docker|docker-proxy|docker-containe*" },
	{ "containerd", CLASS_CONTAINER_RUNTIME, ONE_POOL, "containerd|containerd-shim*" },
	{ "CRI-O", CLASS_CONTAINER_RUNTIME, ONE_POOL, "crio|conmon|conmonrs" },
	{ "Podman", CLASS_CONTAINER_RUNTIME, ONE_POOL, "podman" },
	{ "runc", CLASS_CONTAINER_RUNTIME, ONE_POOL, "runc|runc:[*|crun" },
	{ "LXC", CLASS_CONTAINER_RUNTIME, ONE_POOL, "lxc-start|lxcfs|lxd|incusd" },
	{ "pause", CLASS_CONTAINER_RUNTIME, ONE_POOL, "pause" },
	{ "kubelet", CLASS_CONTAINER_RUNTIME, ONE_POOL, "kubelet" },
	{ "Kubernetes", CLASS_CONTAINER_RUNTIME, ONE_POOL, "kube-apiserver|kube-controller-manager|kube-scheduler|kube-proxy|k3s|k3s-server|k3s-agent" },
	{ "CoreDNS", CLASS_OTHER, ONE_POOL, "coredns" },
	{ "Calico", CLASS_OTHER, ONE_POOL, "calico-node" },
	{ "Cilium", CLASS_OTHER, ONE_POOL, "cilium-agent" },
	/* Compilers: as many as were asked for. */
	{ "GCC", CLASS_BUILD, ONE_POOL, "cc1|cc1plus|cc1obj|lto1*|lto-wrapper|collect2|gcc|g++" },
	{ "Clang", CLASS_BUILD, ONE_POOL, "clang|clang-*|clang++*" },
	{ "linker", CLASS_BUILD, ONE_POOL, "ld|ld.bfd|ld.gold|ld.lld*|lld|mold" },
	{ "Rust compiler", CLASS_BUILD, ONE_POOL, "rustc|cargo|rustdoc" },
	{ "Go compiler", CLASS_BUILD, ONE_POOL, "compile|link" },
	{ "make", CLASS_BUILD, ONE_POOL, "make|ninja|bazel|cmake" },
	/* Computing. */
	{ "MPI", CLASS_COMPUTE, BY_USER, "orted|mpirun|mpiexec*|hydra_pmi_proxy" },
	{ "Slurm", CLASS_SYSTEM, ONE_POOL, "slurmd|slurmstepd*|slurmctld|slurmdbd" },
	{ "Ollama", CLASS_COMPUTE, ONE_POOL, "ollama*" },
	{ "llama.cpp", CLASS_COMPUTE, ONE_POOL, "llama-*|llama_*" },
	/* The system's own. */
	{ "systemd", CLASS_SYSTEM, BY_USER, "systemd|(sd-pam)|init" },
	{ "systemd-journald", CLASS_SYSTEM, ONE_POOL, "systemd-journald|systemd-journal" },
	{ "systemd-udevd", CLASS_SYSTEM, ONE_POOL, "systemd-udevd|udevd|(udev-worker)" },
	{ "systemd-oomd", CLASS_SYSTEM, ONE_POOL, "systemd-oomd" },
	{ "D-Bus", CLASS_SYSTEM, BY_USER, "dbus-daemon|dbus-broker*" },
	{ "NetworkManager", CLASS_SYSTEM, ONE_POOL, "NetworkManager|nm-dispatcher" },
	{ "OpenSSH", CLASS_SYSTEM, ONE_POOL, "sshd|sshd-session|sshd-auth" },
	{ "snapd", CLASS_SYSTEM, ONE_POOL, "snapd" },
	{ "PackageKit", CLASS_SYSTEM, ONE_POOL, "packagekitd" },
	{ "unattended-upgrades", CLASS_SYSTEM, ONE_POOL, "unattended-upgrades|apt.systemd.daily" },
	{ "package manager", CLASS_SYSTEM, ONE_POOL, "dnf|yum|apt|apt-get|apt-check|dpkg|rpm|zypper" },
	{ "Puppet", CLASS_SYSTEM, ONE_POOL, "puppet*" },
	{ "Salt", CLASS_SYSTEM, ONE_POOL, "salt-minion|salt-master" },
	{ "Chef", CLASS_SYSTEM, ONE_POOL, "chef-client" },
	{ "auditd", CLASS_SYSTEM, ONE_POOL, "auditd" },
	{ "shells", CLASS_OTHER, BY_USER, "bash|sh|dash|zsh|fish" },
};
/* clang-format on */

/* The row, and the pattern of it that fits. */
static const struct service_name *
find(struct str comm, struct str *ret_glob)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str rest = str_from(names[i].globs);

		while (str_cut(&rest, STR("|"), ret_glob)) {
			if (glob_match_comm(*ret_glob, comm))
				return &names[i];
		}
		*ret_glob = rest;
		if (glob_match_comm(rest, comm))
			return &names[i];
	}
	return NULL;
}

const struct service_name *
service_name_of(struct str comm)
{
	struct str glob;

	return find(comm, &glob);
}

static bool
is_version(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!str_is_digit(s.p[i]) && s.p[i] != '.')
			return false;
	}
	return true;
}

struct str
service_program(struct str comm)
{
	struct str glob;
	size_t star;

	if (comm.n == 0 || find(comm, &glob) == NULL)
		return STR_NONE;
	if (!str_chr(glob, '*', &star) || star >= comm.n || is_version(str_from_at(comm, star)))
		return comm;
	return star > 0 ? str_head(comm, star) : STR_NONE;
}

const char *
service_known(struct str comm, enum service_class *ret)
{
	const struct service_name *s = comm.n == 0 ? NULL : service_name_of(comm);

	if (s == NULL)
		return NULL;
	if (ret != NULL)
		*ret = s->class;
	return s->name;
}

const char *service_class_name(enum service_class class)
{
	static const char *const text[] = { "other", "web", "database", "shared-memory-database",
		"cache", "runtime", "jvm", "mail", "log", "backup", "desktop", "vm",
		"container-runtime", "build", "compute", "system" };

	return text[class];
}

const char *
service_kind_name(enum service_kind kind)
{
	static const char *const text[] = { "process-name", "known", "cgroup", "rule" };

	return text[kind];
}
