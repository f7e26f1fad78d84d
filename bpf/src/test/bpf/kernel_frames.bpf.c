// SPDX-License-Identifier: GPL-2.0
// Functions that a thread enters and leaves when a test says so, at three places of its stack and on that of an interrupt.
#include "types.bpf.h"
#include "count.bpf.h"
#include "kernel_frames.bpf.h"

#define OWN_STACK 0xffffc90000124000ull
#define INTERRUPT_STACK 0xfffffe0000048000ull

enum { OUTER, INNER, JUMPED, INTERRUPT };

struct returned {
    u64 function;
};

COUNTS(returns, struct returned, 4);

static __always_inline int enter(u64 function, u64 stack_pointer)
{
    frame_begins(function, frame_at(stack_pointer));
    return 0;
}

static __always_inline int leave(u64 function)
{
    struct returned key = {function};
    monotonic_ns entered;
    if (call_ends(function, CALL_NUMBER, &entered))
        count(&returns, &returns_lost, &key);
    return 0;
}

SEC("raw_tp/sys_enter")
int enter_outer(void *ctx)
{
    return enter(OUTER, OWN_STACK + 0x3f80);
}

SEC("raw_tp/sys_enter")
int enter_inner(void *ctx)
{
    return enter(INNER, OWN_STACK + 0x3e00);
}

SEC("raw_tp/sys_enter")
int enter_jumped(void *ctx)
{
    return enter(JUMPED, OWN_STACK + 0x3f80);
}

/* At a trampoline. */
SEC("raw_tp/sys_enter")
int enter_plainly(void *ctx)
{
    call_begins(OUTER);
    return 0;
}

SEC("raw_tp/sys_enter")
int enter_interrupt(void *ctx)
{
    return enter(INTERRUPT, INTERRUPT_STACK + 0x3fc0);
}

SEC("raw_tp/sys_enter")
int leave_outer(void *ctx)
{
    return leave(OUTER);
}

SEC("raw_tp/sys_enter")
int leave_inner(void *ctx)
{
    return leave(INNER);
}

SEC("raw_tp/sys_enter")
int leave_jumped(void *ctx)
{
    return leave(JUMPED);
}

SEC("raw_tp/sys_enter")
int leave_interrupt(void *ctx)
{
    return leave(INTERRUPT);
}

SEC("raw_tp/sys_enter")
int thread_ends(void *ctx)
{
    frames_end();
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
