/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Calls of kernel functions by number and frame, of those that are entered at a kprobe. The kernel has room for so many
 * returns and leaves out the others; before 6.7 it does not say how many. Whose frame is over when its thread enters the
 * next function, or ends, was one of them. What returns is known by its number alone: where the stack pointer stands then
 * is not the same in all kernels.
 *
 * A thread is on several stacks: its own and, in interrupts, the processor's. Frames of two stacks say nothing of each
 * other. Stacks are larger on some machines; there the frames of two parts of one say nothing either. */
#define STACK_LOG2 14
#include "frames.bpf.h"

static __always_inline void frame_begins(u64 number, u64 frame)
{
    struct calls *calls = calls_of_entering();
    if (!calls)
        return;
    frames_left(calls, number, frame);
    calls_push(calls, number | frame);
}

/* What its thread ends in, never returns either. Not so a call without a frame: it was entered at a trampoline, which leaves
 * out none for want of room. */
static __always_inline void frames_end(void)
{
    struct calls *calls = calls_of_returning();
    if (!calls)
        return;
    u64 left = 0;
    for (u32 i = 0; i < CALLS_DEPTH && i < calls->depth; i++)
        if (calls->call[i & (CALLS_DEPTH - 1)].function > CALL_NUMBER)
            left++;
    calls->depth = 0;
    if (left)
        calls_count(&calls_by_task_missed, &calls_by_thread_missed, left);
}
