/* SPDX-License-Identifier: GPL-2.0 */
/* How long kernel functions take.
 *
 * Which functions is not known here. A program at a trampoline (fentry, fexit, fsession) or at a kprobe is a
 * pattern: user space loads a copy for each function, in which some instructions are changed, for the number of the
 * function and the place of its result. One at kprobe.multi or fsession.multi serves all its functions, and has the
 * number as its link's cookie. Sessions are patterns, too, since libbpf does not know them all: they are declared as
 * what comes nearest. When a call began, they keep in their own cookie, and need no map. */
#include "types.bpf.h"
#include "ring.bpf.h"
#include "histogram.bpf.h"
#include "filter.bpf.h"
#include "process.bpf.h"
#include "cgroup_names.bpf.h"
#include "calls.bpf.h"
#include "function.bpf.h"
#include "syscall.bpf.h"

#define MAX_ERRNO 4095 /* include/linux/err.h */

char LICENSE[] SEC("license") = "GPL";

struct function_failure {
    u32 function;
    u32 error;
};

/* A call that took at least min_duration_ns. */
struct slow_call {
    boottime_ns time; /* when it returned */
    duration_ns duration;
    struct process process; /* whose thread made it, or was interrupted by it */
    s64 result;
    u32 function;
    errno_nr error;
    char executable_name[NAME_MAX + 1];
    struct cgroup_names cgroup;
};

const volatile u64 min_duration_ns;
const volatile u8 function_results[FUNCTIONS]; /* enum function_result, by number */

HISTOGRAM_ARRAY(function_durations, FUNCTIONS);
HISTOGRAM(function_failures, struct function_failure, 1024);
RING(slow_calls, struct slow_call, 1024 * 1024);

static __always_inline errno_nr error_in(u64 function, s64 result)
{
    return function_results[function] != RESULT_NONE && result < 0 && result >= -MAX_ERRNO ? error_of(result) : 0;
}

/* What a register holds, as 64 bits. */
static __always_inline s64 result_in(u64 function, u64 result)
{
    return function_results[function] == RESULT_32 ? (s32)result : (s64)result;
}

/* Written in place: copies of this program, and interrupts, come upon each other on a processor, so there is no
 * place where one of them could build an event alone. */
static __always_inline void report(boottime_ns now, duration_ns duration, u64 function, s64 result, errno_nr error)
{
    struct slow_call *e = RESERVE(slow_calls);
    if (!e)
        return;
    e->time = now;
    e->duration = duration;
    e->result = result;
    e->function = function;
    e->error = error;
    struct task_struct *task = current_task();
    fill_process(&e->process, task);
    fill_executable_name(e->executable_name, task);
    fill_cgroup_names(&e->cgroup, task);
    SUBMIT(slow_calls, e);
}

static __always_inline int enters(u64 function)
{
    if (is_observed())
        call_begins(function);
    return 0;
}

static __always_inline struct histogram *histogram_of_failure(u64 function, errno_nr error)
{
    struct function_failure failure = {function, error};
    return histogram_of(&function_failures, &function_failures_lost, &failure);
}

static __always_inline int measured(boottime_ns entered, u64 function, s64 result)
{
    errno_nr error = error_in(function, result);
    duration_ns duration = bpf_ktime_get_boot_ns() - entered;
    struct histogram *h = error ? histogram_of_failure(function, error) : histogram_at(&function_durations, function);
    if (h)
        histogram_add(h, duration);
    if (events && duration >= min_duration_ns)
        report(entered + duration, duration, function, result, error);
    return 0;
}

static __always_inline int returns(u64 function, s64 result)
{
    boottime_ns entered;
    return call_ends(function, &entered) ? measured(entered, function, result) : 0;
}

/* A link's cookie, as a number that the verifier sees to be in bounds. */
static __always_inline u64 linked_number(void *ctx)
{
    return bpf_get_attach_cookie(ctx) & (FUNCTIONS - 1);
}

static __always_inline bool session_begins(boottime_ns *entered)
{
    bool observed = is_observed();
    *entered = observed ? bpf_ktime_get_boot_ns() : 0;
    return observed;
}

SEC("fexit")
int on_session(u64 *ctx)
{
    boottime_ns *entered = session_cookie(ctx);
    if (!session_is_return(ctx))
        session_begins(entered);
    else if (*entered)
        measured(*entered, function_number(), function_result(ctx));
    return 0;
}

SEC("fexit")
int on_session_of_many(u64 *ctx)
{
    boottime_ns *entered = session_cookie(ctx);
    if (!session_is_return(ctx)) {
        session_begins(entered);
    } else if (*entered) {
        u64 function = linked_number(ctx), result = 0;
        bpf_get_func_ret(ctx, &result);
        measured(*entered, function, result_in(function, result));
    }
    return 0;
}

SEC("kprobe.multi")
int on_session_multi(struct pt_regs *ctx)
{
    boottime_ns *entered = session_cookie(ctx);
    if (!session_is_return(ctx))
        return !session_begins(entered); /* 1: not at the return */
    u64 function = linked_number(ctx);
    return measured(*entered, function, result_in(function, PT_REGS_RC(ctx)));
}

SEC("fentry")
int on_enter_trampoline(u64 *ctx)
{
    return enters(function_number());
}

SEC("fexit")
int on_return_trampoline(u64 *ctx)
{
    return returns(function_number(), function_result(ctx));
}

SEC("kprobe.multi")
int on_enter_multi(struct pt_regs *ctx)
{
    return enters(linked_number(ctx));
}

SEC("kretprobe.multi")
int on_return_multi(struct pt_regs *ctx)
{
    u64 function = linked_number(ctx);
    return returns(function, result_in(function, PT_REGS_RC(ctx)));
}

SEC("kprobe")
int on_enter_kprobe(struct pt_regs *ctx)
{
    return enters(function_number());
}

SEC("kretprobe")
int on_return_kprobe(struct pt_regs *ctx)
{
    u64 function = function_number();
    return returns(function, result_in(function, PT_REGS_RC(ctx)));
}
