/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What a watched function returned, and whether that says that it failed. */
#include "function.bpf.h"
#include "syscall.bpf.h"

#define MAX_ERRNO 4095 /* include/linux/err.h */

const volatile u8 function_results[FUNCTIONS]; /* enum function_result, by number */

static __always_inline bool may_be_error(s64 result)
{
    return (u64)result >= (u64)-MAX_ERRNO;
}

static __always_inline errno_nr error_in(u64 function, s64 result)
{
    return may_be_error(result) && function_results[function] != RESULT_NONE ? error_of(result) : 0;
}

/* Where a program finds what the function returned. */
enum result_place { AT_TRAMPOLINE, AT_TRAMPOLINE_OF_MANY, IN_REGISTER };

/* As 64 bits. */
static __always_inline s64 result_at(enum result_place place, u64 function, void *ctx)
{
    u64 result = 0;
    if (place == AT_TRAMPOLINE)
        return function_result(ctx);
    if (place == AT_TRAMPOLINE_OF_MANY)
        bpf_get_func_ret(ctx, &result);
    else
        result = PT_REGS_RC((struct pt_regs *)ctx);
    return function_results[function] == RESULT_32 ? (s32)result : (s64)result;
}
