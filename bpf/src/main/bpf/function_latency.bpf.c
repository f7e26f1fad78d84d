/* SPDX-License-Identifier: GPL-2.0 */
/* How long kernel functions take.
 *
 * Which functions is not known here. A program at a trampoline (fentry, fexit, fsession) or at a kprobe is a
 * pattern: user space loads a copy for each function, in which some instructions are changed, for the number of the
 * function and the place of its result. One at kprobe.multi or fsession.multi serves all its functions, and has the
 * number as its link's cookie. Sessions are patterns, too, since libbpf does not know them all: they are declared as
 * what comes nearest. When a call began, they keep in their own cookie, and need no map.
 *
 * At trampolines the context is needed after other calls, but mostly by what is seldom done: so it waits on the stack (volatile),
 * not in a register. */
#include "filter.bpf.h"
#include "trampoline_calls.bpf.h"
#include "function.bpf.h"
#include "function_measured.bpf.h"
#include "function_session.bpf.h"

char LICENSE[] SEC("license") = "GPL";

static __always_inline int enters(u64 function, struct pt_regs *ctx)
{
    if (!is_observed())
        return 0;
    frame_begins(function, frame_at(PT_REGS_SP(ctx)));
    if (keep_arguments)
        arguments_keep(function, last_entered(), ctx, false);
    return 0;
}

static __always_inline int returns(u64 function, struct pt_regs *ctx)
{
    monotonic_ns entered, now = bpf_ktime_get_ns();
    return call_ends(function, CALL_NUMBER, &entered) ? measured_or_told(ctx, entered, now - entered, function, PT_REGS_RC(ctx)) : 0;
}

/* A link's cookie. */
static __always_inline u64 linked_number(void *ctx)
{
    return bpf_get_attach_cookie(ctx);
}

static __noinline int arguments_keep_of_trampoline(u64 function, monotonic_ns entered, u64 *ctx)
{
    arguments_keep(function, entered, ctx, true);
    return 0;
}

SEC("fexit")
int on_session(u64 *at)
{
    u64 *volatile ctx = at;
    u64 *cookie = session_cookie(at);
    monotonic_ns entered = *cookie;
    if (entered) {
        duration_ns duration = duration_since(entered);
        u64 function = function_number(), returned = function_result(ctx);
        return measured(duration, function, returned) ? 0 : told_of_session(ctx, duration, function, returned);
    }
    if (entries_are_alike)
        return session_only_begins(cookie);
    entered = session_begins_if_entered(ctx);
    if (keep_arguments && entered)
        arguments_keep_of_trampoline(function_number(), entered, ctx);
    return 0;
}

SEC("fexit")
int on_session_of_many(u64 *at)
{
    u64 *volatile ctx = at;
    u64 *cookie = session_cookie(at);
    monotonic_ns entered = *cookie;
    if (entered) {
        duration_ns duration = duration_since(entered);
        u64 returned;
        bpf_get_func_ret(ctx, &returned);
        u64 function = linked_number(ctx); /* last, so that it need not be kept */
        return measured(duration, function, returned) ? 0 : told_of_session(ctx, duration, function, returned);
    }
    if (entries_are_alike)
        return session_only_begins(cookie);
    entered = session_begins_if_entered(ctx);
    if (keep_arguments && entered)
        arguments_keep_of_trampoline(linked_number(ctx), entered, ctx);
    return 0;
}

SEC("kprobe.multi")
int on_session_multi(struct pt_regs *ctx)
{
    if (session_is_return(ctx)) {
        monotonic_ns now = bpf_ktime_get_ns(), entered = *session_cookie(ctx);
        return measured_or_told(ctx, entered, now - entered, linked_number(ctx), PT_REGS_RC(ctx));
    }
    monotonic_ns entered = session_begins(session_cookie(ctx));
    if (keep_arguments && entered)
        arguments_keep(linked_number(ctx), entered, ctx, false);
    return !entered; /* 1: not at the return */
}

static __always_inline int call_only_begins(void *ctx, u64 function)
{
    call_begins_at(ctx, function);
    return 0;
}

SEC("fentry")
int on_enter_trampoline(u64 *at)
{
    u64 *volatile ctx = at;
    if (entries_are_alike)
        return call_only_begins(at, function_number());
    if (filtered && !is_observed_by_filter())
        return 0;
    monotonic_ns entered = call_begins_at(at, function_number());
    if (keep_arguments)
        arguments_keep_of_trampoline(function_number(), entered, ctx);
    return 0;
}

SEC("fexit")
int on_return_trampoline(u64 *at)
{
    u64 *volatile ctx = at;
    monotonic_ns now = bpf_ktime_get_ns(), entered = call_ends_at(ctx, function_number());
    if (!entered)
        return 0;
    duration_ns duration = now - entered;
    u64 function = function_number(), returned = function_result(ctx);
    return measured(duration, function, returned) ? 0 : told(ctx, entered, duration, function, returned);
}

SEC("kprobe.multi")
int on_enter_multi(struct pt_regs *ctx)
{
    return enters(linked_number(ctx), ctx);
}

SEC("kretprobe.multi")
int on_return_multi(struct pt_regs *ctx)
{
    return returns(linked_number(ctx), ctx);
}

SEC("kprobe")
int on_enter_kprobe(struct pt_regs *ctx)
{
    return enters(function_number(), ctx);
}

SEC("kretprobe")
int on_return_kprobe(struct pt_regs *ctx)
{
    return returns(function_number(), ctx);
}

SEC("raw_tp/sched_process_exit")
int on_exit(void *ctx)
{
    frames_end();
    if (!use_task_storage) {
        u64 key = calls_key();
        bpf_map_delete_elem(&calls_by_thread, &key);
    }
    return 0;
}
