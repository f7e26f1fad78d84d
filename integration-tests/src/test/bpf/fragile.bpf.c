/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel side of a third party's receiver: when programs started. */
#include "filter.bpf.h"
#include "ring.bpf.h"

char LICENSE[] SEC("license") = "GPL";

struct fragile_start {
    boottime_ns time;
};

RING(fragile_starts, struct fragile_start, 65536);

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task)
{
    struct fragile_start *e;
    if (is_observed() && (e = RESERVE(fragile_starts))) {
        e->time = bpf_ktime_get_boot_ns();
        SUBMIT(fragile_starts, e);
    }
    return 0;
}
