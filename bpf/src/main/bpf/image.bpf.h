/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Which executable a process runs, remembered for when it ends: until 6.15 its memory is gone by the time
 * sched_process_exit is reached. Since then it is still there, and nothing is remembered. */
#include "process.bpf.h"

struct image {
    u32 length;
    char name[NAME_MAX + 1];
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, 32768);
    __type(key, u32); /* pid */
    __type(value, struct image);
} images SEC(".maps");

u64 images_lost;

/* 6.16 moved the tracepoint before the memory is let go, and gave it an argument: this is the last thread. */
#define exit_comes_early() bpf_core_field_exists(((struct trace_event_raw_sched_process_exit *)0)->group_dead)

static __always_inline void remember(u32 pid, const struct image *image, u64 flags)
{
    int error = bpf_map_update_elem(&images, &pid, image, flags);
    if (error && error != -EEXIST)
        __sync_fetch_and_add(&images_lost, 1);
}

static __always_inline void remember_executable(struct task_struct *task, u64 flags)
{
    struct image image;
    struct file *file = BPF_CORE_READ(task, mm, exe_file);
    if (!file)
        return;
    struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
    image.length = BPF_CORE_READ(dentry, d_name.len) & NAME_MAX;
    __builtin_memset(image.name, 0, sizeof(image.name));
    bpf_probe_read_kernel(image.name, image.length, BPF_CORE_READ(dentry, d_name.name));
    remember(BPF_CORE_READ(task, tgid), &image, flags);
}
