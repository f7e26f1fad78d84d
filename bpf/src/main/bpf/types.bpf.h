/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Typedefs with meaning. They stay visible in the object's BTF, so user space knows a time from a count. */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;
typedef _Bool bool; /* not u8: a flag of a higher bit must not vanish */
#define true 1
#define false 0

typedef u64 boottime_ns; /* bpf_ktime_get_boot_ns(): goes on during suspend; user space turns it into wall time */
typedef u64 monotonic_ns; /* bpf_ktime_get_ns(): stands still during suspend; for durations, and quicker */
typedef u64 duration_ns;
typedef s32 errno_nr; /* 0 or a positive errno */

/* Bytes of variable length inside an event: where they begin, counted from the event's first byte, how many
 * they are, and whether there were more than fitted. Events end in a buffer that holds the bytes of all
 * their texts, and only the used part of that buffer travels. */
struct text {
    u32 at;
    u16 length;
    u16 cut;
};
