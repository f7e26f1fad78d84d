/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Calls, each known by its number and by its frame: where the stack pointer stood when the function was entered, which is
 * where it stands again when it has returned.
 *
 * Stacks grow downwards: who is still being called has its frame above ours. What has not is over, and its return was not
 * told. */
#include "calls.bpf.h"
#include "function.bpf.h"

#define NUMBER_BITS 12
_Static_assert(1 << NUMBER_BITS == FUNCTIONS, "a number has to fit below a frame");
#define CALL_NUMBER (FUNCTIONS - 1ull)

/* The stack is aligned to 8 bytes at least, so three of an address's bits are free; and the highest ones, which are all
 * alike. */
#define FRAME_SHIFT (NUMBER_BITS - 3)

#ifndef STACK_LOG2
#define STACK_LOG2 (63 - FRAME_SHIFT) /* before including: what all stacks are aligned to, where a thread has several */
#endif

static __always_inline u64 frame_at(u64 stack_pointer)
{
    return stack_pointer << FRAME_SHIFT & ~(1ull << 63);
}

/* 1 if the call on top has been left without a return. A function that ends by jumping to another one leaves it its
 * frame and both return at once: so in the same frame, only the same function has been left.
 *
 * Arithmetic on signs, all numbers being below 2^63: branches would be followed both ways in each turn of a loop. */
static __always_inline u64 is_left(u64 top, u64 number, u64 frame)
{
    u64 below = ((top & ~CALL_NUMBER) - frame) >> 63;
    u64 same = ((top ^ (number | frame)) - 1) >> 63;
    u64 same_stack = (((top ^ frame) >> (STACK_LOG2 + FRAME_SHIFT)) - 1) >> 63;
    u64 left = (below | same) & same_stack;
    barrier_var(left);
    return left;
}

static __always_inline void frames_left(struct calls *calls, u64 number, u64 frame)
{
    u64 depth = calls->depth, left = 0;
    for (; left < CALLS_DEPTH && left < depth; left++)
        if (!is_left(calls->call[(depth - left - 1) & (CALLS_DEPTH - 1)].function, number, frame))
            break;
    if (!left)
        return;
    calls_count(&calls_by_task_missed, &calls_by_thread_missed, left);
    calls->depth = depth - left;
}
