// SPDX-License-Identifier: GPL-2.0
// A cause in one ring and its effect in another.
#include "ring.bpf.h"

struct moment {
    boottime_ns time;
    u32 effect;
};

RING(effects, struct moment, 64 * 1024);
RING(causes, struct moment, 64 * 1024);

SEC("raw_tp/sys_enter")
int happen(void *ctx)
{
    struct moment *cause = RESERVE(causes);
    if (cause) {
        cause->time = bpf_ktime_get_boot_ns();
        cause->effect = 0;
        SUBMIT(causes, cause);
    }
    struct moment *effect = RESERVE(effects);
    if (effect) {
        effect->time = bpf_ktime_get_boot_ns();
        effect->effect = 1;
        SUBMIT(effects, effect);
    }
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
