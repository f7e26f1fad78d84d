// SPDX-License-Identifier: GPL-2.0
// Fills a ring as fast as it can be filled, when one thread calls sched_yield: for who measures how fast it is read.
#include "ring.bpf.h"
#include <bpf/bpf_tracing.h>

#if defined(__TARGET_ARCH_x86)
#define NR_sched_yield 24
#else
#define NR_sched_yield 124
#endif

#define EVENTS_PER_CALL 1024
#define PATH "/usr/lib/some-package/share/a-file-of-it"

struct reading {
    boottime_ns time;
    u64 cgroup_id;
    u64 flags;
    u32 pid;
    u32 tid;
    u32 user_id;
    errno_nr error;
    u32 mode;
    struct text path;
    char texts[sizeof(PATH) - 1];
};

const volatile u32 only_tid;
const volatile u32 with_path;

RING(readings, struct reading, 4 * 1024 * 1024);
SCRATCH(scratch, struct reading);

SEC("tp_btf/sys_enter")
int fill(u64 *ctx)
{
    if ((u32)bpf_get_current_pid_tgid() != only_tid || ctx[1] != NR_sched_yield)
        return 0;
    struct reading *e = SCRATCH_OF(scratch);
    if (!e)
        return 0;
    e->time = bpf_ktime_get_boot_ns();
    e->tid = only_tid;
    e->path = (struct text){.at = __builtin_offsetof(struct reading, texts), .length = with_path ? sizeof(e->texts) : 0};
    __builtin_memcpy(e->texts, PATH, sizeof(e->texts));
    for (int i = 0; i < EVENTS_PER_CALL; i++) {
        e->flags = i;
        e->pid = i + 1;
        if (with_path)
            OUTPUT(readings, e, sizeof(*e));
        else
            OUTPUT(readings, e, __builtin_offsetof(struct reading, texts));
    }
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
