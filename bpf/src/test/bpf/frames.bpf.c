// SPDX-License-Identifier: GPL-2.0
// Calls at trampolines, whose returns are left out where a call's third argument says so.
#include "types.bpf.h"
#include "count.bpf.h"
#include "filter.bpf.h"
#include "trampoline_calls.bpf.h"

#define LEFT_OUT 0x4c656674

enum frame_fate { AT_ITS_FRAME, ELSEWHERE, RETURNED };

struct frame_key {
    u32 function;
    u32 fate;
};

COUNTS(frame_counts, struct frame_key, 64);

static __always_inline void count_fate(u64 function, enum frame_fate fate)
{
    struct frame_key key = {function, fate};
    count(&frame_counts, &frame_counts_lost, &key);
}

SEC("fentry")
int on_enter(u64 *ctx)
{
    if (!is_observed())
        return 0;
    u64 function = function_number(), number = frame_number(ctx);
    call_begins_at(ctx, function);
    count_fate(function, place_of(number)->call == call_at(number, function) ? AT_ITS_FRAME : ELSEWHERE);
    return 0;
}

SEC("fexit")
int on_return(u64 *ctx)
{
    u64 function = function_number();
    if (ctx[2] != LEFT_OUT && call_ends_at(ctx, function))
        count_fate(function, RETURNED);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
