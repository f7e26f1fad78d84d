/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Where a session at a trampoline begins and ends. The kernel clears its cookie before a call is entered: one that is set says
 * when this was, and that the call returns. One that is not may also be that of a call that was not looked at, and returns.
 *
 * Instructions count here: a program saves each register that it uses anywhere, in each run. */
#include "filter.bpf.h"
#include "function.bpf.h"
#include "function_arguments.bpf.h"

/* 1: neither is a call left out, nor anything of it kept but its time. One question instead of several. */
const volatile u32 entries_are_alike;

static __noinline bool is_observed_by_filter(void)
{
    return is_observed();
}

/* 0 of a call that is not looked at. */
static __always_inline monotonic_ns session_begins(u64 *cookie)
{
    monotonic_ns entered = !filtered || is_observed_by_filter() ? bpf_ktime_get_ns() : 0;
    *cookie = entered;
    return entered;
}

static __noinline monotonic_ns session_begins_if_entered(u64 *ctx)
{
    return session_is_return(ctx) ? 0 : session_begins(session_cookie(ctx));
}

/* Of all calls. It does no harm where one returns. The cookie moves to a register that is saved only now, when that of its value
 * is free. */
static __always_inline int session_only_begins(u64 *cookie)
{
    u64 *kept;
    asm volatile("%0 = %1" : "=r"(kept) : "r"(cookie));
    *kept = bpf_ktime_get_ns();
    return 0;
}

/* In the same register. */
static __always_inline duration_ns duration_since(monotonic_ns entered)
{
    asm volatile("%0 = -%0\n%0 += %1" : "+r"(entered) : "r"(bpf_ktime_get_ns()));
    return entered;
}
