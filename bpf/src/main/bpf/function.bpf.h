/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What user space changes in a copy of a program before it loads it for one function: instructions that it finds
 * by what they hold (dev.ringside.bpf.ProgramPattern). The pattern itself is loaded too and must pass, so it is made
 * for vfs_read, which has four arguments and a result. */
#include "types.bpf.h"

#define FUNCTIONS 4096 /* watched at a time, a power of two */
#define FUNCTION_NUMBER 0x46756e63
#define FUNCTION_RESULT 0x52657375

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
