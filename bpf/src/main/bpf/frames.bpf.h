/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Calls of user functions, each known by its number and by its frame: where the stack pointer stood when the function
 * was entered, which is where it stands again when it has returned. So a return finds its own entry, whatever was
 * left in between by a longjmp or an exception, and however often the function calls itself.
 *
 * Stacks grow downwards: who is still being called has its frame above ours. What has not, was left without a return.
 * The kernel forgets the returns it waits for by the same rule (cleanup_return_instances in kernel/events/uprobes.c),
 * so a thread that changes its stack in between is not measured, and may not survive it. */
#define CALLS_DEPTH 64 /* as many returns as the kernel waits for in a thread: MAX_URETPROBE_DEPTH */
#include "calls.bpf.h"
#include "function.bpf.h"

#define NUMBER_BITS 12
_Static_assert(1 << NUMBER_BITS == FUNCTIONS, "a number has to fit below a frame");

/* Of what begins and ends at two places, which need not be in one function. Above all others. */
#define NO_FRAME (1ull << 62)

/* The stack is aligned to 8 bytes at least, so three of its bits are free; of 64, nine are enough for all of user
 * space. */
static __always_inline u64 frame_of(struct pt_regs *ctx, bool returned)
{
    u64 stack = PT_REGS_SP(ctx);
#if defined(__TARGET_ARCH_x86)
    if (returned)
        stack -= 8; /* the return address is gone */
#endif
    return stack << (NUMBER_BITS - 3);
}

/* 1 if the call on top has been left without a return. A function that ends by jumping to another one leaves it its
 * frame and both return at once: so in the same frame, only the same function has been left.
 *
 * Arithmetic on signs, all numbers being below 2^63: branches would be followed both ways in each turn of a loop. */
static __always_inline u64 is_left(u64 top, u64 number, u64 frame)
{
    u64 below = ((top & ~(u64)(FUNCTIONS - 1)) - frame) >> 63;
    u64 same = ((top ^ (number | frame)) - 1) >> 63;
    u64 left = below | same;
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

static __always_inline void frame_begins(u64 number, u64 frame)
{
    struct calls *calls = calls_of_entering();
    if (!calls) {
        calls_count(&calls_by_task_lost, &calls_by_thread_lost, 1);
        return;
    }
    frames_left(calls, number, frame);
    if (calls->depth >= CALLS_DEPTH) /* the kernel does not wait for its return either */
        calls_count(&calls_by_task_missed, &calls_by_thread_missed, 1);
    else
        calls_push(calls, number | frame);
}
