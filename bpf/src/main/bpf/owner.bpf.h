/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Who owns a connection, and what is said of them where another process, or none, happens to run. */
#include "filter.bpf.h"
#include "process.bpf.h"
#include "cgroup_names.bpf.h"
#include "ring.bpf.h"

/* A process as long as it has the same names: until it becomes another program, or moves to another control group. */
struct owner_key {
    boottime_ns start_time;
    u64 cgroup_node; /* the id of the one whose names are told */
    u32 pid;
    u32 exec_id;
};

struct owner {
    struct process process;
    u64 cgroup_node; /* 0 where no events are told */
    u32 exec_id;
};

/* Names are long and connections many, so they are told once for an owner, before the first event of its connections.
 * This is no record: where the ring has no room they are told with the next connection. */
struct owner_names {
    boottime_ns time;
    struct owner_key owner;
    char executable_name[NAME_MAX + 1];
    struct cgroup_names cgroup;
};

RING(owner_names, struct owner_names, 256 * 1024);

/* Whose names were told. What was not asked for lately goes first, and is told again. User space keeps more of them. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 4096);
    __type(key, struct owner_key);
    __type(value, u32);
} owners SEC(".maps");

#define has_process_filter() (filtered != 0)

/* Told before it is kept as told: of two threads at the same time both tell. */
static __always_inline void tell_names(const struct owner_key *key, struct task_struct *task)
{
    u32 told = 1;
    if (bpf_map_lookup_elem(&owners, key))
        return;
    struct owner_names *names = bpf_ringbuf_reserve(&owner_names, sizeof(*names), 0);
    if (!names)
        return;
    names->time = bpf_ktime_get_boot_ns();
    names->owner = *key;
    fill_executable_name(names->executable_name, task);
    fill_cgroup_names(&names->cgroup, task);
    SUBMIT(owner_names, names);
    bpf_map_update_elem(&owners, key, &told, BPF_ANY);
}

static __always_inline void fill_names(struct owner *owner, struct task_struct *task)
{
    if (!events)
        return;
    owner->exec_id = READ(task, self_exec_id);
    owner->cgroup_node = BPF_CORE_READ((struct kernfs_node *)cgroup_node(task), id);
    struct owner_key key = {.start_time = owner->process.start_time, .pid = owner->process.pid,
                            .cgroup_node = owner->cgroup_node, .exec_id = owner->exec_id};
    tell_names(&key, task);
}

static __always_inline void fill_owner(struct owner *owner)
{
    struct task_struct *task = current_task();
    fill_process(&owner->process, task);
    fill_names(owner, task);
}

/* Of a task that is not the current one: what an iterator walks by. Its names are told when it is one to be looked at. */
static __always_inline void fill_process_of(struct process *process, struct task_struct *task)
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
