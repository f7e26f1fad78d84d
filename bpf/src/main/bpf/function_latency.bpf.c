/* SPDX-License-Identifier: GPL-2.0 */
/* How long kernel functions take.
 *
 * Which functions is not known here. A program at a trampoline (fentry, fexit, fsession) or at a kprobe is a
 * pattern: user space loads a copy for each function, in which some instructions are changed, for the number of the
 * function and the place of its result. One at kprobe.multi or fsession.multi serves all its functions, and has the
 * number as its link's cookie. Sessions are patterns, too, since libbpf does not know them all: they are declared as
 * what comes nearest. When a call began, they keep in their own cookie, and need no map. */
#include "types.bpf.h"
#include "histogram.bpf.h"
#include "filter.bpf.h"
#include "calls.bpf.h"
#include "function.bpf.h"
#include "function_result.bpf.h"
#include "slow_call.bpf.h"
#include "by_whom.bpf.h"
#include "syscall.bpf.h"

char LICENSE[] SEC("license") = "GPL";

struct function_failure {
    u32 function;
    u32 error;
};

const volatile u32 more_than_durations; /* 0: no events, and nobody is told apart; one question instead of several */

HISTOGRAM_ARRAY(function_durations, FUNCTIONS);
HISTOGRAM(function_failures, struct function_failure, 1024);

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
    if (!error)
        return histogram_at(&function_durations, function);
    barrier_var(function); /* or else the key is made for every call */
    struct function_failure failure = {function, error};
    return histogram_of(&function_failures, &function_failures_lost, &failure);
}

/* A call with all that may be asked for besides its duration. */
static __always_inline void told(void *ctx, boottime_ns entered, duration_ns duration, u64 function, enum result_place place)
{
    s64 result = result_at(place, function, ctx);
    errno_nr error = error_in(function, result);
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

/* What is not needed behind the clock is not known before it: it would have to be put aside. */
static __always_inline int measured(void *ctx, boottime_ns entered, u64 function, enum result_place place)
{
    duration_ns duration = bpf_ktime_get_boot_ns() - entered;
    if (more_than_durations) {
        told(ctx, entered, duration, function, place);
        return 0;
    }
    errno_nr error = error_in(function, result_at(place, function, ctx));
    struct histogram *h = histogram_of_call(function, error);
    if (h)
        histogram_add(h, duration);
    return 0;
}

static __always_inline int returns(u64 function, void *ctx, enum result_place place)
{
    boottime_ns entered;
    return call_ends(function, &entered) ? measured(ctx, entered, function, place) : 0;
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
        measured(ctx, *entered, function_number(), AT_TRAMPOLINE);
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
        measured(ctx, *entered, linked_number(ctx), AT_TRAMPOLINE_OF_MANY);
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
    return measured(ctx, *entered, linked_number(ctx), IN_REGISTER);
}

SEC("fentry")
int on_enter_trampoline(u64 *ctx)
{
    return enters(function_number(), ctx, true);
}

SEC("fexit")
int on_return_trampoline(u64 *ctx)
{
    return returns(function_number(), ctx, AT_TRAMPOLINE);
}

SEC("kprobe.multi")
int on_enter_multi(struct pt_regs *ctx)
{
    return enters(linked_number(ctx), ctx, false);
}

SEC("kretprobe.multi")
int on_return_multi(struct pt_regs *ctx)
{
    return returns(linked_number(ctx), ctx, IN_REGISTER);
}

SEC("kprobe")
int on_enter_kprobe(struct pt_regs *ctx)
{
    return enters(function_number(), ctx, false);
}

SEC("kretprobe")
int on_return_kprobe(struct pt_regs *ctx)
{
    return returns(function_number(), ctx, IN_REGISTER);
}
