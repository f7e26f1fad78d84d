/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* When the call began that a thread is in, and what it was called with: kept from its entry to its return, in
 * task storage (since 5.12, less than half the instructions) or in a hash. The map that is not used is not
 * created, and its code is dead. */
#include "kernel.bpf.h"

#ifndef START_ARGS
#define START_ARGS 4
#endif

struct start {
    boottime_ns time;
    u64 args[START_ARGS];
};

const volatile u32 use_task_storage;

struct {
    __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, int);
    __type(value, struct start);
} starts_by_task SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 10240);
    __type(key, u64); /* its task_struct: the tid is another after the exec of a thread that is not the first */
    __type(value, struct start);
} starts_by_thread SEC(".maps");

/* Calls whose start there was no room for. */
u64 starts_by_task_lost;
u64 starts_by_thread_lost;

/* Calls whose return was missed: a thread is in one call at a time, so a start that is still there belongs to an
 * earlier one. (Returns are missed where the kernel has too few kretprobe instances, or a program was preempted
 * and would have had to run again on the same CPU.) */
u64 starts_by_task_missed;
u64 starts_by_thread_missed;

/* `args` is null when the program at the return finds them by itself. */
static __always_inline void call_starts(const u64 *args)
{
    if (use_task_storage) {
        struct start *start = bpf_task_storage_get(&starts_by_task, bpf_get_current_task_btf(), 0,
                                                   BPF_LOCAL_STORAGE_GET_F_CREATE);
        if (!start) {
            __sync_fetch_and_add(&starts_by_task_lost, 1);
            return;
        }
        if (start->time)
            __sync_fetch_and_add(&starts_by_task_missed, 1);
        if (args)
            __builtin_memcpy(start->args, args, sizeof(start->args));
        start->time = bpf_ktime_get_boot_ns();
    } else {
        u64 thread = bpf_get_current_task();
        struct start start = {};
        if (args)
            __builtin_memcpy(start.args, args, sizeof(start.args));
        start.time = bpf_ktime_get_boot_ns();
        int error = bpf_map_update_elem(&starts_by_thread, &thread, &start, BPF_NOEXIST);
        if (error == -EEXIST) {
            __sync_fetch_and_add(&starts_by_thread_missed, 1);
            bpf_map_update_elem(&starts_by_thread, &thread, &start, BPF_EXIST);
        } else if (error) {
            __sync_fetch_and_add(&starts_by_thread_lost, 1);
        }
    }
}

/* Whether this thread's call was seen to start and is looked at; its start is forgotten thereby. */
static __always_inline bool call_returns(struct start *start)
{
    if (use_task_storage) {
        struct start *kept = bpf_task_storage_get(&starts_by_task, bpf_get_current_task_btf(), 0, 0);
        if (!kept || !kept->time)
            return false;
        *start = *kept;
        kept->time = 0;
    } else {
        u64 thread = bpf_get_current_task();
        struct start *kept = bpf_map_lookup_elem(&starts_by_thread, &thread);
        if (!kept)
            return false;
        *start = *kept;
        bpf_map_delete_elem(&starts_by_thread, &thread);
    }
    return true;
}

/* Whether a start that was just found was kept for a thread that is gone, whose task_struct is used again. */
static __always_inline bool is_of_another_thread(const struct start *start)
{
    return !use_task_storage && start->time < BPF_CORE_READ(current_task(), start_boottime);
}

/* Counts a start that turned out not to be that of the call that returns. */
static __always_inline void call_missed(void)
{
    __sync_fetch_and_add(use_task_storage ? &starts_by_task_missed : &starts_by_thread_missed, 1);
}
