/* SPDX-License-Identifier: GPL-2.0 */
/* Signals, and who sends them. */
#include "ring.bpf.h"
#include "count.bpf.h"
#include "filter.bpf.h"
#include "process.bpf.h"

char LICENSE[] SEC("license") = "GPL";

struct process_signal {
    boottime_ns time;
    struct process process; /* who sends */
    u32 signal;
    u32 target_pid;
};

struct signal_key {
    u32 signal;
};

RING(process_signals, struct process_signal, 256 * 1024);
COUNTS(signal_counts, struct signal_key, 64);

SEC("tp_btf/signal_generate")
int BPF_PROG(on_signal, int signal, void *info, struct task_struct *target)
{
    if (!is_observed())
        return 0;
    struct signal_key key = {signal};
    count(&signal_counts, &signal_counts_lost, &key);
    if (!events)
        return 0;

    struct process_signal e = {.time = bpf_ktime_get_boot_ns(), .signal = signal};
    fill_process(&e.process, current_task());
    e.target_pid = READ(target, tgid);
    OUTPUT(process_signals, &e, sizeof(e));
    return 0;
}
