/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Who did it. */
#include "building.bpf.h"

struct process {
    boottime_ns start_time; /* of the first thread */
    u64 cgroup_id;          /* in the default (v2) hierarchy */
    u32 pid;                /* in the initial pid namespace, as all but namespace_pid */
    u32 tid;
    u32 parent_pid;
    u32 namespace_pid; /* in the innermost namespace: what the process itself calls its pid */
    u32 user_id;       /* effective */
    char command[TASK_COMM_LEN];
};

static __always_inline u32 namespace_pid(struct task_struct *task, u32 tgid)
{
    struct pid *pid = READ(READ(task, signal), pids[PIDTYPE_TGID]);
    u32 level = READ(pid, level);
    if (!level)
        return tgid;
    u32 number = 0;
    pid = BPF_CORE_READ(task, signal, pids[PIDTYPE_TGID]); /* without type: it is indexed by a variable */
    bpf_probe_read_kernel(&number, sizeof(number), (void *)pid + bpf_core_field_offset(struct pid, numbers)
                          + (u64)level * bpf_core_type_size(struct upid) + bpf_core_field_offset(struct upid, nr));
    return number;
}

/* `task` is the current one. */
static __always_inline void fill_process(struct process *p, struct task_struct *task)
{
    u64 id = bpf_get_current_pid_tgid();
    p->start_time = READ(READ(task, group_leader), start_boottime);
    p->cgroup_id = bpf_get_current_cgroup_id();
    p->pid = id >> 32;
    p->tid = (u32)id;
    p->parent_pid = READ(READ(task, real_parent), tgid);
    p->namespace_pid = namespace_pid(task, p->pid);
    p->user_id = READ(READ(task, cred), euid.val);
    bpf_get_current_comm(p->command, sizeof(p->command));
}

static __always_inline struct file *executable_of(struct task_struct *task)
{
    return READ(READ(task, mm), exe_file); /* a field of nothing reads as nothing */
}

/* The last name of the executable's path; nothing for a kernel thread. */
static __always_inline u64 put_executable_name(u32 builder, u64 at, struct task_struct *task)
{
    struct event_bytes *bytes = building(builder);
    struct file *file = executable_of(task);
    if (!file || !bytes || !bounded(at, EVENT_BYTES - NAME_MAX - 1))
        return at;
    struct dentry *dentry = READ(file, f_path.dentry);
    u64 length = READ(dentry, d_name.len) & NAME_MAX;
    bpf_probe_read_kernel(&bytes->at[at], length, READ(dentry, d_name.name));
    return at + length;
}

/* The same into a place of its own. */
static __always_inline void read_executable_name(char *to, u32 size, struct task_struct *task)
{
    to[0] = 0;
    struct file *file = executable_of(task);
    if (file)
        bpf_probe_read_kernel_str(to, size, READ(READ(file, f_path.dentry), d_name.name));
}

/* Into NAME_MAX + 1 bytes: all of it. */
static __always_inline void fill_executable_name(char *to, struct task_struct *task)
{
    read_executable_name(to, NAME_MAX + 1, task);
}
