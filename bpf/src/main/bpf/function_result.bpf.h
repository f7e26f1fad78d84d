/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What a watched function returned, and whether that says that it failed. */
#include "function.bpf.h"
#include "syscall.bpf.h"

#define MAX_ERRNO 4095 /* include/linux/err.h */

const volatile u8 function_results[FUNCTIONS]; /* enum function_result, by number */

/* What a function returned comes as 64 bits. If it returns 32, anything may stand in the others.
 *
 * For most calls one question is enough: whether it were an error as 32 bits. Only then is asked what the function
 * returns. */
static __always_inline bool may_be_error(u64 returned)
{
    return (u32)returned >= (u32)-MAX_ERRNO;
}

/* Of what may be one. */
static __always_inline errno_nr error_in(u32 kind, u64 returned)
{
    bool is_half = kind == RESULT_64 && returned < (u64)-MAX_ERRNO; /* of a greater number */
    return kind == RESULT_NONE || is_half ? 0 : error_seen(-(u32)returned);
}
