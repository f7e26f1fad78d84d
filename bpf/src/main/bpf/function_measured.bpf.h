/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What is made of a call of a watched function, once it is known how long it took. */
#include "types.bpf.h"
#include "histogram.bpf.h"
#include "function.bpf.h"
#include "function_result.bpf.h"
#include "slow_call.bpf.h"
#include "by_whom.bpf.h"
#include "syscall.bpf.h"

struct function_failure {
    u32 function;
    u32 error;
};

const volatile duration_ns told_from_ns = ~0ull; /* of what is shorter, only the duration is asked for */

HISTOGRAM_ARRAY(function_durations, FUNCTIONS);
HISTOGRAM(function_failures, struct function_failure, 1024);

static __always_inline struct histogram *histogram_of_call(u64 function, errno_nr error)
{
    if (!error)
        return histogram_at(&function_durations, function);
    struct function_failure failure = {function, error};
    return histogram_of(&function_failures, &function_failures_lost, &failure);
}

/* A call with all that may be asked for besides its duration. */
static __noinline int told(void *ctx, monotonic_ns entered, duration_ns duration, u64 function, u64 returned)
{
    u32 kind = function_results[function & (FUNCTIONS - 1)];
    s64 result = kind == RESULT_32 ? (s32)returned : (s64)returned;
    errno_nr error = may_be_error(returned) ? error_in(kind, returned) : 0;
    struct histogram *h = by_whom ? histogram_by_whom(function, error) : 0;
    if (!h)
        h = histogram_of_call(function, error);
    if (h)
        histogram_add(h, duration);
    if (events && is_told(duration, function, result, error))
        report(ctx, entered, duration, function, result, error);
    if (keep_arguments)
        arguments_forget(function, entered);
    return 0;
}

/* Of a session, which is asked once more when the call began, so that nobody else has to keep it. */
static __noinline int told_of_session(void *ctx, duration_ns duration, u64 function, u64 returned)
{
    return told(ctx, *session_cookie(ctx), duration, function, returned);
}

/* A call whose result may be an error. */
static __noinline int measured_result(u64 function, duration_ns duration, u64 returned)
{
    u32 kind = function_results[function & (FUNCTIONS - 1)];
    struct histogram *h = histogram_of_call(function, error_in(kind, returned));
    if (h)
        histogram_add_last(h, duration);
    return 0;
}

/* False, and nothing done, of a call that is to be told. What happens to most calls is here, what happens to few in functions
 * of their own: a program saves each register that it uses anywhere. */
static __always_inline bool measured(duration_ns duration, u64 function, u64 returned)
{
    if (duration >= told_from_ns)
        return false;
    if (may_be_error(returned)) {
        measured_result(function, duration, returned);
        return true;
    }
    struct histogram *h = histogram_at(&function_durations, function);
    if (h)
        histogram_add_last(h, duration);
    return true;
}

static __always_inline int measured_or_told(void *ctx, monotonic_ns entered, duration_ns duration, u64 function, u64 returned)
{
    return measured(duration, function, returned) ? 0 : told(ctx, entered, duration, function, returned);
}
