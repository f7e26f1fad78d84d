// SPDX-License-Identifier: GPL-2.0
// Calls that begin and return when a test says so.
#include "start.bpf.h"

u64 returned;

SEC("raw_tp/sys_enter")
int begin(void *ctx)
{
    call_starts(0);
    return 0;
}

SEC("raw_tp/sys_exit")
int end(void *ctx)
{
    struct start start;
    if (call_returns(&start))
        returned++;
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
