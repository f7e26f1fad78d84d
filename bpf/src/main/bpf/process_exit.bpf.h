/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Processes created and ended. A process ends with its last thread, which need not be its first. */
#include "ring.bpf.h"
#include "histogram.bpf.h"
#include "filter.bpf.h"
#include "cgroup.bpf.h"
#include "image.bpf.h"

struct process_exit {
    boottime_ns time;
    struct process process; /* tid: the last thread; command: the first thread's */
    u32 exit_status;        /* as wait(2) gives it */
    struct text executable_name;
    struct text cgroup;
    char texts[PATH_MAX + 512];
};

struct lifetime_key {
    u32 exit_status;
};

RING(process_exits, struct process_exit, 1024 * 1024);
HISTOGRAM(lifetimes, struct lifetime_key, 512);

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, u32);
    __type(value, u64);
} fork_count SEC(".maps");

struct ended {
    u32 pid;
    u32 unused;
    boottime_ns start_time;
};

/* Until 6.15 two threads that end at the same moment can both look like the last. The first to enter is. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 8192);
    __type(key, struct ended);
    __type(value, u8);
} ended_lately SEC(".maps");

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
    u32 pid = child->tgid, parent_pid = parent->tgid, zero = 0;
    if (child->pid != pid)
        return 0; /* a thread */
    if (events && !exit_comes_early()) {
        struct image *image = bpf_map_lookup_elem(&images, &parent_pid);
        if (image)
            remember(pid, image, BPF_ANY);
    }
    u64 *forks = is_observed() ? bpf_map_lookup_elem(&fork_count, &zero) : 0;
    if (forks)
        (*forks)++;
    return 0;
}

static __always_inline bool is_last_thread(const u64 *ctx, struct task_struct *task, boottime_ns start_time)
{
    if (exit_comes_early())
        return (u8)ctx[1]; /* group_dead */
    if (READ(READ(task, signal), live.counter))
        return false;
    struct ended key = {.pid = READ(task, tgid), .start_time = start_time};
    u8 value = 0;
    int error = bpf_map_update_elem(&ended_lately, &key, &value, BPF_NOEXIST);
    return error != -EEXIST;
}

/* What wait(2) will say. */
static __always_inline u32 exit_status_of(struct task_struct *task)
{
    struct signal_struct *signal = READ(task, signal);
    if (READ(signal, flags) & SIGNAL_GROUP_EXIT)
        return READ(signal, group_exit_code);
    return READ(READ(task, group_leader), exit_code);
}

static __always_inline void command_of_process(char command[TASK_COMM_LEN], struct task_struct *task)
{
    struct task_struct *first = READ(task, group_leader);
    __builtin_memset(command, 0, TASK_COMM_LEN);
    bpf_probe_read_kernel_str(command, TASK_COMM_LEN, (void *)first + bpf_core_field_offset(struct task_struct, comm));
}

static __always_inline u64 put_image_name(u64 at, struct task_struct *task, const struct image *image)
{
    if (exit_comes_early())
        return put_executable_name(BUILDER_OF_EXITS, at, task);
    struct event_bytes *bytes = building(BUILDER_OF_EXITS);
    if (!image || !bytes || !bounded(at, EVENT_BYTES - NAME_MAX - 1))
        return at;
    u64 length = image->length & NAME_MAX;
    bpf_probe_read_kernel(&bytes->at[at], length, image->name);
    return at + length;
}

static __always_inline void process_ended(struct task_struct *task, boottime_ns start_time, const struct image *image)
{
    if (!is_observed_but_for_command())
        return;
    char command[TASK_COMM_LEN] __attribute__((aligned(8)));
    command_of_process(command, task);
    if (only_command[0] && !is_only_command(command))
        return;

    boottime_ns now = bpf_ktime_get_boot_ns();
    struct lifetime_key key = {exit_status_of(task)};
    histogram_record(&lifetimes, &lifetimes_lost, &key, now - start_time);
    if (!events)
        return;

    struct process_exit *e = building(BUILDER_OF_EXITS);
    if (!e)
        return;
    e->time = now;
    e->exit_status = key.exit_status;
    fill_process(&e->process, task);
    __builtin_memcpy(e->process.command, command, sizeof(command));
    u64 at = offsetof(struct process_exit, texts);
    at = text_ends(&e->executable_name, at, put_image_name(at, task, image));
    at = text_ends(&e->cgroup, at, put_cgroup(BUILDER_OF_EXITS, at, task));
    if (bounded(at, EVENT_BYTES))
        OUTPUT(process_exits, e, at);
}

SEC("tp_btf/sched_process_exit")
int on_exit(u64 *ctx)
{
    struct task_struct *task = (void *)ctx[0];
    boottime_ns start_time = READ(READ(task, group_leader), start_boottime);
    if (!is_last_thread(ctx, task, start_time))
        return 0;
    u32 pid = READ(task, tgid);
    struct image *image = events && !exit_comes_early() ? bpf_map_lookup_elem(&images, &pid) : 0;
    process_ended(task, start_time, image);
    if (image)
        bpf_map_delete_elem(&images, &pid);
    return 0;
}

/* Runs once, for the processes that were there before: what they run. What on_exec saw meanwhile is newer. */
SEC("iter/task")
int on_existing(struct bpf_iter__task *ctx)
{
    struct task_struct *task = ctx->task;
    if (task && events && !exit_comes_early() && task->pid == task->tgid)
        remember_executable(task, BPF_NOEXIST);
    return 0;
}
