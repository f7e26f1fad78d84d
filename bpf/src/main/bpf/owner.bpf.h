/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Who owns a connection, and what is said of them where another process, or none, happens to run. */
#include "filter.bpf.h"
#include "process.bpf.h"
#include "cgroup_names.bpf.h"

struct owner_key {
    boottime_ns start_time;
    u32 pid;
    u32 unused;
};

struct owner_names {
    char executable_name[NAME_MAX + 1];
    struct cgroup_names cgroup;
};

/* Names are long and connections many, so they are kept by process. What was not asked for lately goes first: an
 * event then lacks the names, and still has the pid. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 4096);
    __type(key, struct owner_key);
    __type(value, struct owner_names);
} owners SEC(".maps");

static const struct owner_names no_names;

#define has_process_filter() (filtered != 0)

static __always_inline void remember_names(const struct process *process, struct task_struct *task)
{
    if (!events)
        return;
    struct owner_key key = {.start_time = process->start_time, .pid = process->pid};
    struct owner_names *names = bpf_map_lookup_elem(&owners, &key);
    if (!names) {
        bpf_map_update_elem(&owners, &key, &no_names, BPF_NOEXIST);
        names = bpf_map_lookup_elem(&owners, &key);
    }
    if (!names)
        return;
    /* Written anew each time: a process may have become another program, or moved to another control group. */
    fill_executable_name(names->executable_name, task);
    fill_cgroup_names(&names->cgroup, task);
}

static __always_inline void fill_owner(struct process *process)
{
    struct task_struct *task = current_task();
    fill_process(process, task);
    remember_names(process, task);
}

/* Of a task that is not the current one: what an iterator walks by. */
static __always_inline void fill_owner_of(struct process *process, struct task_struct *task)
{
    process->start_time = BPF_CORE_READ(task, group_leader, start_boottime);
    process->cgroup_id = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
    process->pid = BPF_CORE_READ(task, tgid);
    process->tid = BPF_CORE_READ(task, pid);
    process->parent_pid = BPF_CORE_READ(task, real_parent, tgid);
    process->namespace_pid = namespace_pid(task, process->pid);
    process->user_id = BPF_CORE_READ(task, cred, euid.val);
    bpf_probe_read_kernel(process->command, sizeof(process->command),
                          (void *)task + bpf_core_field_offset(struct task_struct, comm));
    remember_names(process, task);
}

/* The id of the control group above a task's at a level; 0 if it is not that deep. */
static __always_inline u64 cgroup_id_of(struct task_struct *task, u32 level)
{
    struct cgroup *cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp);
    int depth = BPF_CORE_READ(cgroup, level);
    struct kernfs_node *node = BPF_CORE_READ(cgroup, kn);
    if (depth < (int)level)
        return 0;
#pragma nounroll
    for (u32 n = 0; n < 64 && depth > (int)level; n++, depth--)
        node = (struct kernfs_node *)cgroup_node_above((u64)node);
    return BPF_CORE_READ(node, id);
}

static __always_inline bool is_observed_task(const struct process *process, struct task_struct *task)
{
    if (only_pid && process->pid != only_pid)
        return false;
    if (filter_uid && process->user_id != only_uid)
        return false;
    if (only_command[0]) {
        char command[TASK_COMM_LEN] __attribute__((aligned(8)));
        __builtin_memcpy(command, process->command, sizeof(command));
        if (!is_only_command(command))
            return false;
    }
    return !only_cgroup || cgroup_id_of(task, only_cgroup_level) == only_cgroup;
}
