/*
 * gen BYTES REPORTS TASKS: a syslog file of that size on standard output, ordinary lines
 * with so many OOM reports of so many tasks spread through it.  The same arguments give
 * the same bytes.
 */
#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct gen {
	FILE *out;
	uint64_t seed, bytes;
	uint64_t usec; /* since boot; the stamp of every line follows from it */
};

/* What an ordinary machine says.  '#' is a number, '@' a word of hex digits. */
/* clang-format off */
static const struct {
	const char *ident; /* NULL: the kernel */
	const char *text;
} quiet[] = {
	{ "sshd[#]", "Accepted publickey for deploy from 10.20.#.# port # ssh2: ED25519 SHA256:@@@" },
	{ "sshd[#]", "Connection closed by authenticating user root 192.0.2.# port # [preauth]" },
	{ "sshd[#]", "pam_unix(sshd:session): session opened for user deploy(uid=1001) by (uid=0)" },
	{ "systemd[1]", "Started Session # of User deploy." },
	{ "systemd[1]", "Starting Cleanup of Temporary Directories..." },
	{ "systemd[1]", "logrotate.service: Deactivated successfully." },
	{ "systemd[1]", "session-#.scope: Consumed 1.#s CPU time." },
	{ "systemd-logind[#]", "Removed session #." },
	{ "CRON[#]", "(root) CMD (test -x /usr/sbin/anacron || run-parts --report /etc/cron.hourly)" },
	{ "CRON[#]", "(www-data) CMD (/usr/bin/php /var/www/app/artisan schedule:run >> /dev/null 2>&1)" },
	{ "postfix/smtpd[#]", "connect from mail-#.example.net[198.51.100.#]" },
	{ "postfix/qmgr[#]", "@: from=<bounce-#.example.org>, size=#, nrcpt=1 (queue active)" },
	{ "postfix/smtp[#]", "@: to=<u#.example.com>, relay=mx.example.com[203.0.113.#]:25, delay=0.#, status=sent (250 2.0.0 Ok)" },
	{ "nginx", "10.0.#.# - - \"GET /api/v2/items/#?page=# HTTP/1.1\" 200 # \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\" rt=0.#" },
	{ "nginx", "10.0.#.# - - \"POST /login HTTP/2.0\" 302 # \"https://shop.example.org/\" \"curl/7.88.1\" rt=0.#" },
	{ "dockerd[#]", "time=\"2026-11-23T04:00:00.#Z\" level=info msg=\"ignoring event\" container=@@@@ module=libcontainerd topic=/tasks/delete" },
	{ "containerd[#]", "time=\"2026-11-23T04:00:00.#Z\" level=info msg=\"shim disconnected\" id=@@@@ namespace=moby" },
	{ "postgres[#]", "[#-1] LOG:  checkpoint complete: wrote # buffers (0.#%); 0 WAL file(s) added, 0 removed, 2 recycled" },
	{ "mysqld[#]", "[Note] Aborted connection # to db: 'shop' user: 'shop' host: '10.0.#.#' (Got timeout reading communication packets)" },
	{ "dhclient[#]", "DHCPREQUEST for 10.20.#.# on ens3 to 10.20.0.1 port 67" },
	{ "ntpd[#]", "Soliciting pool server 198.51.100.#" },
	{ "rsyslogd", "[origin software=\"rsyslogd\" swVersion=\"8.2302.0\" x-pid=\"#\"] rsyslogd was HUPed" },
	{ "prometheus[#]", "ts=2026-11-23T04:00:00.#Z caller=compact.go:519 level=info component=tsdb msg=\"write block\" mint=# maxt=# ulid=@@ duration=#ms" },
	{ "app[#]", "INFO  request id=@@ user=# method=GET path=/v1/orders/# status=200 took=#us" },
	{ "app[#]", "WARN  retrying upstream 10.0.#.#:8443 after timeout, attempt=2 id=@@" },
	{ "app[#]", "DEBUG cache miss key=session:@@:# shard=# ttl=#" },
	{ NULL, "[UFW BLOCK] IN=ens3 OUT= MAC=@@ SRC=198.51.100.# DST=10.20.0.# LEN=40 TOS=0x00 PREC=0x00 TTL=240 ID=# PROTO=TCP SPT=# DPT=# WINDOW=1024 RES=0x00 SYN URGP=0" },
	{ NULL, "audit: type=1400 audit(1763870000.#:#): apparmor=\"ALLOWED\" operation=\"open\" profile=\"/usr/sbin/sshd\" name=\"/proc/#/fd/\" pid=# comm=\"sshd\"" },
	{ NULL, "docker0: port #(veth@) entered forwarding state" },
	{ NULL, "eth0: renamed from veth@" },
	{ NULL, "TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies.  Check SNMP counters." },
	{ NULL, "usb 1-1: new high-speed USB device number # using xhci_hcd" },
};

/* One report of a 6.1 kernel up to its task table. */
static const char *const head[] = {
	"java invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0",
	"CPU: 3 PID: 4242 Comm: java Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2",
	"Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014",
	"Call Trace:",
	" <TASK>",
	" dump_stack_lvl+0x44/0x5c",
	" dump_header+0x4c/0x22b",
	" oom_kill_process.cold+0xb/0x10",
	" out_of_memory+0x1fd/0x4c0",
	" __alloc_pages_slowpath.constprop.0+0x67f/0xe70",
	" </TASK>",
	"Mem-Info:",
	"active_anon:635 inactive_anon:1973799 isolated_anon:0",
	" active_file:12 inactive_file:30 isolated_file:0",
	" unevictable:760 dirty:0 writeback:0",
	" slab_reclaimable:2382 slab_unreclaimable:1888",
	" mapped:804 shmem:1200 pagetables:322",
	" sec_pagetables:0 bounce:0",
	" kernel_misc_reclaimable:0",
	" free:9041 free_pcp:98 free_cma:0",
	"Node 0 active_anon:2540kB inactive_anon:7895196kB active_file:48kB inactive_file:120kB unevictable:3040kB isolated(anon):0kB isolated(file):0kB mapped:3216kB dirty:0kB writeback:0kB shmem:4800kB shmem_thp: 0kB shmem_pmdmapped: 0kB anon_thp: 0kB writeback_tmp:0kB kernel_stack:1264kB pagetables:1288kB sec_pagetables:0kB all_unreclaimable? yes",
	"Node 0 DMA free:15360kB boost:0kB min:108kB low:132kB high:156kB reserved_highatomic:0KB active_anon:0kB inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB writepending:0kB present:15992kB managed:15360kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB",
	"lowmem_reserve[]: 0 2991 7962 7962 7962",
	"Node 0 Normal free:20804kB boost:0kB min:21560kB low:26950kB high:32340kB reserved_highatomic:0KB active_anon:2540kB inactive_anon:7895196kB active_file:48kB inactive_file:120kB unevictable:3040kB writepending:0kB present:8388608kB managed:8153088kB mlocked:3040kB bounce:0kB free_pcp:380kB local_pcp:176kB free_cma:0kB",
	"lowmem_reserve[]: 0 0 0 0 0",
	"Node 0 DMA: 0*4kB 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 1*1024kB (U) 1*2048kB (M) 3*4096kB (M) = 15360kB",
	"Node 0 Normal: 1*4kB (U) 0*8kB 0*16kB 0*32kB 1*64kB (U) 2*128kB (U) 0*256kB 0*512kB 0*1024kB 0*2048kB 5*4096kB (M) = 20804kB",
	"Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB",
	"1242 total pagecache pages",
	"0 pages in swap cache",
	"Free swap  = 0kB",
	"Total swap = 0kB",
	"2101150 pages RAM",
	"0 pages HighMem/MovableOnly",
	"59038 pages reserved",
	"Tasks state (memory values in pages):",
	"[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
};
/* clang-format on */

static uint32_t
next_random(struct gen *g)
{
	g->seed = g->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(g->seed >> 33);
}

static void
put(struct gen *g, struct str s)
{
	fwrite(s.p, 1, s.n, g->out);
	g->bytes += s.n;
}

static void
put_number(struct gen *g, uint64_t v, unsigned width, char pad)
{
	char digits[24];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	while (sizeof(digits) - at < width && at > 0)
		digits[--at] = pad;
	put(g, (struct str){ digits + at, sizeof(digits) - at });
}

static void
put_hex_word(struct gen *g)
{
	uint32_t v = next_random(g);
	char word[8];

	for (size_t i = 0; i < sizeof(word); i++)
		word[i] = "0123456789abcdef"[v >> (4 * i) & 15];
	put(g, (struct str){ word, sizeof(word) });
}

static void
put_template(struct gen *g, const char *text)
{
	struct str s = str_from(text);

	while (s.n > 0) {
		size_t n = 0;

		while (n < s.n && s.p[n] != '#' && s.p[n] != '@')
			n++;
		put(g, str_head(s, n));
		s = str_from_at(s, n);
		if (s.n == 0)
			break;
		if (*s.p == '@')
			put_hex_word(g);
		else /* as in life, most numbers are short */
			put_number(g, next_random(g) >> (15 + next_random(g) % 16), 0, ' ');
		s = str_from_at(s, 1);
	}
}

static void
put_stamp(struct gen *g)
{
	uint64_t second = g->usec / 1000000;

	put(g, STR("Nov "));
	put_number(g, 1 + second / 86400 % 28, 2, ' ');
	put(g, STR(" "));
	put_number(g, second / 3600 % 24, 2, '0');
	put(g, STR(":"));
	put_number(g, second / 60 % 60, 2, '0');
	put(g, STR(":"));
	put_number(g, second % 60, 2, '0');
	put(g, STR(" web-1 "));
}

static void
put_kernel_stamp(struct gen *g)
{
	put_stamp(g);
	put(g, STR("kernel: ["));
	put_number(g, g->usec / 1000000, 5, ' ');
	put(g, STR("."));
	put_number(g, g->usec % 1000000, 6, '0');
	put(g, STR("] "));
}

static void
put_quiet_line(struct gen *g)
{
	size_t i = next_random(g) % ARRAY_LEN(quiet);

	g->usec += next_random(g) % 20000;
	if (quiet[i].ident == NULL) {
		put_kernel_stamp(g);
	} else {
		put_stamp(g);
		put_template(g, quiet[i].ident);
		put(g, STR(": "));
	}
	put_template(g, quiet[i].text);
	put(g, STR("\n"));
}

static void
put_task(struct gen *g, uint64_t pid)
{
	static const char *const names[] = { "java", "postgres", "nginx", "php-fpm8.2", "node",
		"systemd-journal", "sshd", "python3", "redis-server", "(sd-pam)" };
	uint64_t rss = pid == 4242 ? 1600000 : next_random(g) % 900;

	put_kernel_stamp(g);
	put(g, STR("["));
	put_number(g, pid, 7, ' ');
	put(g, STR("] "));
	put_number(g, next_random(g) % 4 == 0 ? 0 : 1001, 5, ' ');
	put(g, STR(" "));
	put_number(g, pid, 5, ' ');
	put(g, STR(" "));
	put_number(g, rss * 2 + 500, 8, ' ');
	put(g, STR(" "));
	put_number(g, rss, 8, ' ');
	put(g, STR(" "));
	put_number(g, (rss / 512 + 10) * 4096, 8, ' ');
	put(g, STR("        0             0 "));
	put(g, str_from(pid == 4242 ? "java" : names[next_random(g) % ARRAY_LEN(names)]));
	put(g, STR("\n"));
}

static void
put_report(struct gen *g, uint64_t tasks)
{
	static const char *const tail[] = {
		"oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,"
		"global_oom,task_memcg=/system.slice/app.service,task=java,pid=4242,uid=1001",
		"Out of memory: Killed process 4242 (java) total-vm:12802000kB, "
		"anon-rss:6400000kB, file-rss:0kB, shmem-rss:0kB, UID:1001 pgtables:12540kB "
		"oom_score_adj:0",
		"oom_reaper: reaped process 4242 (java), now anon-rss:0kB, file-rss:0kB, "
		"shmem-rss:0kB",
	};

	for (size_t i = 0; i < ARRAY_LEN(head); i++) {
		put_kernel_stamp(g);
		put(g, str_from(head[i]));
		put(g, STR("\n"));
		g->usec += 40;
	}
	for (uint64_t i = 0; i < tasks; i++, g->usec += 40)
		put_task(g, i == tasks / 2 ? 4242 : 5000 + i * 3);
	for (size_t i = 0; i < ARRAY_LEN(tail); i++, g->usec += 500) {
		put_kernel_stamp(g);
		put(g, str_from(tail[i]));
		put(g, STR("\n"));
	}
}

int
main(int argc, char **argv)
{
	struct gen g = { .out = stdout, .seed = 1, .usec = 4000000 };
	uint64_t arg[3], done = 0;

	for (int i = 0; i < 3; i++) {
		struct str s = str_from(argc == 4 ? argv[i + 1] : NULL);

		if (!str_eat_u64(&s, &arg[i]) || s.n > 0) {
			fprintf(stderr, "usage: gen BYTES REPORTS TASKS\n");
			return 2;
		}
	}
	/* Report number i begins where i + 1 of REPORTS + 1 equal parts of the file end. */
	while (g.bytes < arg[0] || done < arg[1]) {
		if (done < arg[1] && g.bytes / (done + 1) >= arg[0] / (arg[1] + 1)) {
			put_report(&g, arg[2]);
			done++;
		} else {
			put_quiet_line(&g);
		}
	}
	return fflush(stdout) != 0 || ferror(stdout) ? 1 : 0;
}
