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
#include "function_arguments.bpf.h"
#include "by_whom.bpf.h"
#include "syscall.bpf.h"

#define MAX_ERRNO 4095 /* include/linux/err.h */

char LICENSE[] SEC("license") = "GPL";

struct function_failure {
    u32 function;
    u32 error;
};

#define KERNEL_FRAMES 64
#define USER_FRAMES 32

/* What is asked for of a slow call, and travels only then. */
struct call_details {
    struct argument arguments[ARGUMENTS];
    u64 kernel_frames[KERNEL_FRAMES];
    u64 user_frames[USER_FRAMES];
    struct bpf_stack_build_id user_files[USER_FRAMES];
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
    struct text arguments;     /* struct argument, as many as the function has paths */
    struct text kernel_frames; /* addresses, the innermost first */
    struct text user_frames;
    struct text user_files; /* where each is in a file that is known by its build id: struct bpf_stack_build_id */
    struct call_details texts;
};

const volatile u32 more_than_durations; /* 0: no events, and nobody is told apart; one question instead of several */
const volatile u64 min_duration_ns;
const volatile u32 kernel_stacks;
const volatile u32 user_stacks;
const volatile u32 filter_result; /* 1: results from least_result to most_result; 2: all others */
const volatile s64 least_result;
const volatile s64 most_result;
const volatile u32 only_failed;
const volatile u8 result_numbers[FUNCTIONS]; /* enum result_number, by number; for filters */
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

/* What a result is as a number. */
enum result_number { NO_NUMBER, NUMBER_S32, NUMBER_U32, NUMBER_64, NUMBER_BOOL };

static __always_inline bool is_wanted_result(u64 function, u64 result)
{
    if (!filter_result)
        return true;
    u32 kind = result_numbers[function & (FUNCTIONS - 1)];
    if (kind == NO_NUMBER)
        return false;
    s64 value = kind == NUMBER_S32 ? (s32)result : kind == NUMBER_U32 ? (u32)result : kind == NUMBER_BOOL ? (result & 1) : (s64)result;
    bool within = value >= least_result && value <= most_result;
    return within == (filter_result == 1);
}

#define PUT_FRAMES(e, field, ctx, flags) ({                                                       \
    s64 _bytes = bpf_get_stack(ctx, (e)->texts.field, sizeof((e)->texts.field), flags);          \
    (e)->field.at = offsetof(struct slow_call, texts.field);                                     \
    (e)->field.length = _bytes > 0 ? _bytes : 0; })

static __always_inline void put_arguments(struct slow_call *e, u64 function, boottime_ns entered)
{
    if (!has_arguments(function))
        return;
    struct call_arguments *kept = arguments_kept(function, entered);
    if (!kept) {
        __sync_fetch_and_add(&arguments_by_call_lost, 1);
        return;
    }
    e->arguments.at = offsetof(struct slow_call, texts.arguments);
    e->arguments.length = argument_count[function & (FUNCTIONS - 1)] * sizeof(struct argument);
    bpf_probe_read_kernel(e->texts.arguments, sizeof(e->texts.arguments), kept->argument);
}

static __always_inline bool is_told(duration_ns duration, u64 function, u64 result, errno_nr error)
{
    return duration >= min_duration_ns && (!only_failed || error) && is_wanted_result(function, result);
}

/* Written in place: copies of this program, and interrupts, come upon each other on a processor, so there is no
 * place where one of them could build an event alone. */
static __always_inline void report(void *ctx, boottime_ns entered, boottime_ns now, u64 function, s64 result, errno_nr error)
{
    bool detailed = keep_arguments || kernel_stacks || user_stacks;
    u64 bytes = detailed ? sizeof(struct slow_call) : offsetof(struct slow_call, texts);
    struct slow_call *e = RESERVE_BYTES(slow_calls, bytes);
    if (!e)
        return;
    e->time = now;
    e->duration = now - entered;
    e->result = result;
    e->function = function;
    e->error = error;
    struct task_struct *task = current_task();
    fill_process(&e->process, task);
    fill_executable_name(e->executable_name, task);
    fill_cgroup_names(&e->cgroup, task);
    e->arguments = e->kernel_frames = e->user_frames = e->user_files = (struct text){};
    if (keep_arguments)
        put_arguments(e, function, entered);
    if (kernel_stacks)
        PUT_FRAMES(e, kernel_frames, ctx, 0);
    if (user_stacks) {
        PUT_FRAMES(e, user_frames, ctx, BPF_F_USER_STACK);
        PUT_FRAMES(e, user_files, ctx, BPF_F_USER_STACK | BPF_F_USER_BUILD_ID);
    }
    SUBMIT_BYTES(slow_calls, e, bytes);
}

/* Of the call that has just begun. */
static __always_inline boottime_ns last_entered(void)
{
    struct calls *calls = calls_of_returning();
    return calls ? calls->call[(calls->depth - 1) & (CALLS_DEPTH - 1)].entered : 0;
}

static __always_inline int enters(u64 function, void *ctx, bool at_trampoline)
{
    if (!is_observed())
        return 0;
    call_begins(function);
    if (keep_arguments)
        arguments_keep(function, last_entered(), ctx, at_trampoline);
    return 0;
}

static __always_inline struct histogram *histogram_of_call(u64 function, errno_nr error)
{
    struct function_failure failure = {function, error};
    return error ? histogram_of(&function_failures, &function_failures_lost, &failure)
                 : histogram_at(&function_durations, function);
}

/* A call with all that may be asked for besides its duration. */
static __always_inline void told(void *ctx, boottime_ns entered, duration_ns duration, u64 function, s64 result, errno_nr error)
{
    struct histogram *h = by_whom ? histogram_by_whom(function, error) : 0;
    if (!h)
        h = histogram_of_call(function, error);
    if (h)
        histogram_add(h, duration);
    if (events && is_told(duration, function, result, error))
        report(ctx, entered, entered + duration, function, result, error);
    if (keep_arguments)
        arguments_forget(function, entered);
}

static __always_inline int measured(void *ctx, boottime_ns entered, u64 function, s64 result)
{
    errno_nr error = error_in(function, result);
    duration_ns duration = bpf_ktime_get_boot_ns() - entered;
    if (more_than_durations) {
        told(ctx, entered, duration, function, result, error);
        return 0;
    }
    struct histogram *h = histogram_of_call(function, error);
    if (h)
        histogram_add(h, duration);
    return 0;
}

static __always_inline int returns(u64 function, s64 result, void *ctx)
{
    boottime_ns entered;
    return call_ends(function, &entered) ? measured(ctx, entered, function, result) : 0;
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
    if (!session_is_return(ctx)) {
        if (session_begins(entered) && keep_arguments)
            arguments_keep(function_number(), *entered, ctx, true);
    } else if (*entered) {
        measured(ctx, *entered, function_number(), function_result(ctx));
    }
    return 0;
}

SEC("fexit")
int on_session_of_many(u64 *ctx)
{
    boottime_ns *entered = session_cookie(ctx);
    if (!session_is_return(ctx)) {
        if (session_begins(entered) && keep_arguments)
            arguments_keep(linked_number(ctx), *entered, ctx, true);
    } else if (*entered) {
        u64 function = linked_number(ctx), result = 0;
        bpf_get_func_ret(ctx, &result);
        measured(ctx, *entered, function, result_in(function, result));
    }
    return 0;
}

SEC("kprobe.multi")
int on_session_multi(struct pt_regs *ctx)
{
    boottime_ns *entered = session_cookie(ctx);
    if (!session_is_return(ctx)) {
        bool observed = session_begins(entered);
        if (observed && keep_arguments)
            arguments_keep(linked_number(ctx), *entered, ctx, false);
        return !observed; /* 1: not at the return */
    }
    u64 function = linked_number(ctx);
    return measured(ctx, *entered, function, result_in(function, PT_REGS_RC(ctx)));
}

SEC("fentry")
int on_enter_trampoline(u64 *ctx)
{
    return enters(function_number(), ctx, true);
}

SEC("fexit")
int on_return_trampoline(u64 *ctx)
{
    return returns(function_number(), function_result(ctx), ctx);
}

SEC("kprobe.multi")
int on_enter_multi(struct pt_regs *ctx)
{
    return enters(linked_number(ctx), ctx, false);
}

SEC("kretprobe.multi")
int on_return_multi(struct pt_regs *ctx)
{
    u64 function = linked_number(ctx);
    return returns(function, result_in(function, PT_REGS_RC(ctx)), ctx);
}

SEC("kprobe")
int on_enter_kprobe(struct pt_regs *ctx)
{
    return enters(function_number(), ctx, false);
}

SEC("kretprobe")
int on_return_kprobe(struct pt_regs *ctx)
{
    u64 function = function_number();
    return returns(function, result_in(function, PT_REGS_RC(ctx)), ctx);
}
