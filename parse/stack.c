/*
 * Stack traces and register dumps: of no interest but for one question (was
 * the killer called from a page fault?), and different on every architecture.
 */
#include "parse/internal.h"

/* Rows: how a line of a trace starts, on the architectures seen. */
static const char *const starts[] = {
	"Call Trace:",
	"Call trace:",
	"Backtrace:",
	"Stack:",
	"Stack : ",
	"Workqueue: ",
	"Stopper: ",
	"Sched_ext: ",
	"Modules linked in:",
	"Code: ",
	"RIP: ",
	"RSP: ",
	"RAX: ",
	"RBX: ",
	"RCX: ",
	"RDX: ",
	"RSI: ",
	"RDI: ",
	"RBP: ",
	"R08: ",
	"R10: ",
	"R13: ",
	"EIP: ",
	"EAX: ",
	"ESI: ",
	"EBX: ",
	"EDX: ",
	"DS: ",
	"CS: ",
	"CR0: ",
	"CR2: ",
	"FS: ",
	"DR0: ",
	"DR3: ",
	"DR6: ",
	"PKRU: ",
	"ORIG_RAX: ",
	"NIP ",
	"NIP: ",
	"LR ",
	"LR: ",
	"MSR: ",
	"CFAR: ",
	"GPR0",
	"GPR1",
	"GPR2",
	"REGS: ",
	"--- interrupt",
	"---- interrupt", /* powerpc, 6.x and newer */
	"--- Exception",
	"--- end trace",
	"---[ end",
	"pstate: ",
	"pc : ",
	"lr : ",
	"sp : ",
	"Process ",
	"Call Trace",
	"irq event stamp",
	"hardirqs last",
	"softirqs last",
	"Instruction dump:",
	"Exception stack",
	"Last level",
	"PC is at ",
	"LR is at ",
	"Krnl ",
	"User ",
	"epc : ",
	"ra  :",
	"EFLAGS: ",
	"R09: ",
	"R11: ",
	"R12: ",
	"R14: ",
	"R15: ",
	"All code",
	"======",
	"RIP:",
	"Flags: ",
	"Rebooting in ",
	"Kernel Offset: ",
};

static bool
has_offset(struct str text)
{
	size_t at;

	/* "func+0x1a/0x30" */
	if (str_find(text, STR("+0x"), &at))
		return str_has(str_from_at(text, at), STR("/0x"));
	/* "func (mm/oom_kill.c:450)": through scripts/decode_stacktrace.sh */
	return str_find(text, STR(" ("), &at) && (str_has(str_from_at(text, at), STR(".c:")) ||
						     str_has(str_from_at(text, at), STR(".h:")) ||
						     str_has(str_from_at(text, at), STR(".S:")));
}

/* Words of 2, 8 or 16 hex digits, one of them perhaps in <>: "Code:" bytes, stack dumps. */
static bool
is_hex_dump(struct str text)
{
	struct str word;
	size_t at, width = str_trim(text).n;
	int words = 0;

	if (str_find(text, STR(": "), &at) && at <= 8) /* "dfa0:   a2000000" */
		text = str_from_at(text, at + 1);
	for (; str_eat_blanks(&text) && str_eat_word(&text, &word); words++) {
		uint64_t v;

		if (word.n > 2 && word.p[0] == '<' && word.p[word.n - 1] == '>')
			word = str_head(str_from_at(word, 1), word.n - 2);
		if ((word.n > 2 && word.n != 8 && word.n != 16) || !str_eat_hex(&word, &v) ||
		    word.n > 0)
			return false;
	}
	return words >= 2 || (words == 1 && text.n == 0 && width >= 8);
}

/* "r6:00000002 r5:00010df0", "x29: ffff800352797950 x28: 0" */
static bool
is_registers(struct str text)
{
	int64_t number;
	uint64_t value;

	if (text.n < 4 || (text.p[0] != 'r' && text.p[0] != 'x'))
		return false;
	text = str_from_at(text, 1);
	if (!str_eat_i64(&text, &number))
		return false;
	str_eat_blanks(&text);
	if (!str_eat_chr(&text, ':'))
		return false;
	str_eat_blanks(&text);
	return str_eat_hex(&text, &value);
}

bool
is_stack(struct str text)
{
	struct str t = str_trim(text);

	if (t.n == 0)
		return true;
	if (has_offset(t) || str_starts(t, STR("<")) || str_starts(t, STR("[<")) ||
	    str_starts(t, STR("? ")) || str_starts(t, STR("(")))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		if (str_starts_z(t, starts[i]))
			return true;
	}
	return is_registers(t) || is_hex_dump(t);
}

enum take
take_stack(struct context *c, struct str text)
{
	struct event *ev = c->stream->ev;

	if (c->stream->section != SECTION_HEAD)
		return TAKE_FOREIGN; /* of a warning that came in between */
	ev->stack_seen = true;
	/* pagefault_out_of_memory() asks with gfp_mask 0 (mm/oom_kill.c @2.6.29 - 5.15); a memcg
	 * charge may also be settled there, which the memcg lines tell apart later. */
	if (str_has(text, STR("pagefault_out_of_memory")) && ev->reason == REASON_UNKNOWN)
		ev->reason = REASON_PAGE_FAULT;
	return TAKE_NOISE;
}
