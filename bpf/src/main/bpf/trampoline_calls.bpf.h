/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* The calls of watched functions that are under way, by their trampolines' stack frames: what the programs at an entry
 * and at its return get as a context lies at the same address, and nothing else does until the call is over.
 *
 * A frame has one place in a table that all share. Who finds it free takes it, in a sixth of the instructions that storage
 * of the task needs; who does not goes there (calls.bpf.h). So do all in a kernel without an atomic exchange (before 5.12):
 * the mark then stays as it is, and says of each place that it is taken.
 *
 * A call whose return was left out keeps its place until one at the same address begins, which counts it as missed. */
#include "kernel_frames.bpf.h"

#ifndef FRAMES_LOG2
#define FRAMES_LOG2 14 /* before including: another one */
#endif

struct frame {
    u64 call;
    monotonic_ns entered;
};

static struct frame frames[1 << FRAMES_LOG2];

/* An address of the kernel's stack as a number; negated, since the verifier would not have it computed with. Stacks are
 * aligned, so it is spread by Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4). */
static __always_inline u64 frame_number(void *ctx)
{
    u64 number;
    asm volatile("%0 = %1\n%0 = -%0" : "=r"(number) : "r"(ctx));
    return number;
}

static __always_inline struct frame *place_of(u64 number)
{
    return &frames[number * 0x9e3779b97f4a7c15ull >> (64 - FRAMES_LOG2)];
}

/* The lowest three bits of a number are 0 and the highest nine alike, so there is room for a function. */
static __always_inline u64 call_at(u64 number, u64 function)
{
    return number << 9 | function;
}

static __always_inline bool is_at_same_frame(u64 call, u64 other)
{
    return !((call ^ other) & ~(FUNCTIONS - 1ull));
}

/* What stood there: 0 if it was free, and is taken now. In a copy both instructions become one compare-and-exchange, or the
 * second is left out; an entry time in a place that nobody takes does no harm. */
static __always_inline u64 frame_take(struct frame *frame, u64 call)
{
    register u64 before asm("r0");
    asm volatile("r0 = %3\n*(u64 *)(%1 + 8) = %2" : "=&r"(before) : "r"(frame), "r"(call), "i"(FRAME_TAKE) : "memory");
    return before;
}

/* Not before the time was read, says a dependency: on some processors a store may overtake a load. */
static __always_inline void frame_leave(struct frame *frame, monotonic_ns entered)
{
    asm volatile("%0 ^= %0" : "+r"(entered));
    frame->call = entered;
}

static __noinline monotonic_ns call_begins_elsewhere(struct frame *frame, u64 before, u64 call)
{
    if (!is_at_same_frame(before, call)) {
        call_begins(call & (FUNCTIONS - 1));
        return last_entered();
    }
    calls_count(&calls_by_task_missed, &calls_by_thread_missed, 1);
    monotonic_ns now = frame->entered = bpf_ktime_get_ns();
    frame->call = call;
    return now;
}

static __noinline monotonic_ns call_ends_elsewhere(u64 function)
{
    monotonic_ns entered;
    return call_ends(function, CALL_NUMBER, &entered) ? entered : 0;
}

/* When it began; 0 if there was no room for it. */
static __always_inline monotonic_ns call_begins_at(void *ctx, u64 function)
{
    u64 number = frame_number(ctx);
    struct frame *frame = place_of(number);
    u64 call = call_at(number, function);
    u64 before = frame_take(frame, call);
    return before ? call_begins_elsewhere(frame, before, call) : (frame->entered = bpf_ktime_get_ns());
}

/* When the call began that returns; 0 if nobody saw it. It is forgotten thereby. */
static __always_inline monotonic_ns call_ends_at(void *ctx, u64 function)
{
    u64 number = frame_number(ctx);
    struct frame *frame = place_of(number);
    if (frame->call != call_at(number, function))
        return call_ends_elsewhere(function);
    monotonic_ns entered = frame->entered;
    frame_leave(frame, entered);
    return entered;
}
