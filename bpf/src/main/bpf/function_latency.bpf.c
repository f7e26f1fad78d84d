/* SPDX-License-Identifier: GPL-2.0 */
/* How long kernel functions take.
 *
 * Which functions is not known here. A program at a trampoline (fentry, fexit) or at a kprobe is a pattern: user
 * space loads a copy for each function, in which two instructions are changed, the number of the function and the
 * place of its result. A program at kprobe.multi serves all its functions, and has the number as its cookie. */
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

static __always_inline errno_nr error_in(u64 function, u64 result)
{
    u32 kind = function_results[function & (FUNCTIONS - 1)];
    s64 value = kind == RESULT_32 ? (s32)result : (s64)result;
    return kind != RESULT_NONE && value < 0 && value >= -MAX_ERRNO ? error_of(value) : 0;
}

/* Written in place: copies of this program, and interrupts, come upon each other on a processor, so there is no
 * place where one of them could build an event alone. */
static __always_inline void report(boottime_ns now, duration_ns duration, u64 function, u64 result, errno_nr error)
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

static __always_inline int returns(u64 function, u64 result)
{
    boottime_ns entered;
    if (!call_ends(function, &entered))
        return 0;
    boottime_ns now = bpf_ktime_get_boot_ns();
    duration_ns duration = now - entered;
    struct function_failure failure = {function, error_in(function, result)};
    if (failure.error)
        histogram_record(&function_failures, &function_failures_lost, &failure, duration);
    else
        histogram_record_at(&function_durations, function, duration);
    if (events && duration >= min_duration_ns)
        report(now, duration, function, result, failure.error);
    return 0;
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
    return enters(bpf_get_attach_cookie(ctx));
}

SEC("kretprobe.multi")
int on_return_multi(struct pt_regs *ctx)
{
    return returns(bpf_get_attach_cookie(ctx), PT_REGS_RC(ctx));
}

SEC("kprobe")
int on_enter_kprobe(struct pt_regs *ctx)
{
    return enters(function_number());
}

SEC("kretprobe")
int on_return_kprobe(struct pt_regs *ctx)
{
    return returns(function_number(), PT_REGS_RC(ctx));
}
