/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What user space changes in a copy of a program before it loads it for one function: instructions that it finds
 * by what they hold (dev.ringside.bpf.ProgramPattern). The pattern itself is loaded too and must pass, so it is made
 * for vfs_read, which has four arguments and a result. */
#include "types.bpf.h"

#define FUNCTIONS 4096 /* watched at a time, a power of two */
#define FUNCTION_NUMBER 0x46756e63
#define FUNCTION_RESULT 0x52657375
#define SESSION_IS_RETURN 0x53655265
#define SESSION_COOKIE 0x5365436f
#define FRAME_TAKE 0x46726154 /* trampoline_calls.bpf.h */

/* How a result says that the function failed: by a negated errno. */
enum function_result { RESULT_NONE, RESULT_32, RESULT_64 };

/* The number of the function that the copy is for, below FUNCTIONS as the verifier sees. In a copy it sees that
 * without the second instruction, which is taken out. */
static __always_inline u64 function_number(void)
{
    u64 number;
    asm volatile("%0 = %1\n%0 &= %2" : "=r"(number) : "i"(FUNCTION_NUMBER), "i"(FUNCTIONS - 1));
    return number;
}

/* What the function returned, as 64 bits: at a trampoline it stands behind the arguments. In a copy for a function
 * that returns nothing, it is 0. Of a pointer to a struct the verifier knows what it is, and would have nothing
 * computed with it; negated twice it is a number. In a copy for a function that returns 32 bits with a sign, these
 * are extended instead, and in any other one nothing is done. */
static __always_inline s64 function_result(u64 *ctx)
{
    u64 mark, result;
    asm volatile("%0 = %3\n%1 = *(u64 *)(%2 + 32)\n%1 = -%1\n%1 = -%1" : "=&r"(mark), "=r"(result) : "r"(ctx), "i"(FUNCTION_RESULT));
    return result;
}

/* A session is one program that runs at the entry of a function and at its return. Two functions of the kernel tell
 * it more (kfuncs: bpf_session_is_return and bpf_session_cookie, since 6.10 for kprobe.session and 7.0 for
 * fsession). Their numbers are different in each kernel, and so are their parameters, a context or none, which does
 * not matter to a register; so the call is what takes the place of the mark. The pattern, which is loaded where
 * there are no sessions, too, does without. */
#define SESSION_CALL_CLOBBERS "r2", "r3", "r4", "r5", "memory"

static __always_inline bool session_is_return(void *ctx)
{
    register void *of asm("r1") = ctx;
    register u64 is_return asm("r0");
    asm volatile("r0 = %2" : "=r"(is_return), "+r"(of) : "i"(SESSION_IS_RETURN) : SESSION_CALL_CLOBBERS);
    return is_return & 0xff; /* the kernel's bool */
}

static u64 session_cookie_of_pattern;

/* 8 bytes of the call that is entered or returns. */
static __always_inline u64 *session_cookie(void *ctx)
{
    register void *of asm("r1") = ctx;
    register u64 *cookie asm("r0");
    asm volatile("r0 = %2\nr0 = %3 ll" : "=r"(cookie), "+r"(of)
                 : "i"(SESSION_COOKIE), "i"(&session_cookie_of_pattern) : SESSION_CALL_CLOBBERS);
    return cookie;
}
