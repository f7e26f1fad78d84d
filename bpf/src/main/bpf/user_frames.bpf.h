/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Calls of user functions by number and frame. A return finds its own entry, whatever was left in between by a longjmp or
 * an exception, and however often the function calls itself.
 *
 * The kernel forgets the returns it waits for by the same rule (cleanup_return_instances in kernel/events/uprobes.c), so a
 * thread that changes its stack in between is not measured, and may not survive it. */
#define CALLS_DEPTH 64 /* as many returns as the kernel waits for in a thread: MAX_URETPROBE_DEPTH */
#include "frames.bpf.h"

/* Of what begins and ends at two places, which need not be in one function. Above all others. */
#define NO_FRAME (1ull << 62)

static __always_inline u64 frame_of(struct pt_regs *ctx, bool returned)
{
    u64 stack = PT_REGS_SP(ctx);
#if defined(__TARGET_ARCH_x86)
    if (returned)
        stack -= 8; /* the return address is gone */
#endif
    return frame_at(stack);
}

static __always_inline void frame_begins(u64 number, u64 frame)
{
    struct calls *calls = calls_of_entering();
    if (!calls)
        return;
    frames_left(calls, number, frame);
    if (calls->depth >= CALLS_DEPTH) /* the kernel does not wait for its return either */
        calls_count(&calls_by_task_missed, &calls_by_thread_missed, 1);
    else
        calls_push(calls, number | frame);
}
