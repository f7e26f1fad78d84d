/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What is looked at. Set before the object is loaded, so a filter that is not used is dead code. */
#include "kernel.bpf.h"

const volatile u32 events; /* 0: only what is counted in the kernel */

const volatile u32 filtered;          /* 0: none of what follows is asked for; one question instead of several */
const volatile u32 only_pid;          /* 0: all */
const volatile u32 filter_uid;        /* 1: only_uid counts */
const volatile u32 only_uid;          /* effective */
const volatile u64 only_cgroup;       /* v2 id: that control group and all below it; 0: all */
const volatile u32 only_cgroup_level; /* its depth; the root's is 0 */
const volatile char only_command[TASK_COMM_LEN] __attribute__((aligned(8))); /* empty: all */

/* The helper may be used in tracing since 5.15, which nothing says; the next one, of 5.16, can be asked for.
 * Before, control groups kept the ids of those above in an array. */
static __always_inline u64 cgroup_id_at_level(u32 level)
{
    if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_trace_vprintk))
        return bpf_get_current_ancestor_cgroup_id(level);
    struct task_struct *task = (void *)bpf_get_current_task();
    struct cgroup *cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp);
    u64 id = 0;
    if (bpf_core_field_exists(struct cgroup___ancestor_ids, ancestor_ids) && level <= BPF_CORE_READ(cgroup, level))
        bpf_probe_read_kernel(&id, sizeof(id), (void *)cgroup
                              + bpf_core_field_offset(struct cgroup___ancestor_ids, ancestor_ids) + 8 * (u64)level);
    return id;
}

static __always_inline bool is_only_command(const char command[TASK_COMM_LEN])
{
    const volatile u64 *wanted = (const volatile u64 *)only_command;
    const u64 *is = (const u64 *)command;
    return is[0] == wanted[0] && is[1] == wanted[1];
}

/* Whether the current process is looked at; the cheapest questions come first. */
static __always_inline bool is_observed_but_for_command(void)
{
    if (!filtered)
        return true;
    if (only_pid && bpf_get_current_pid_tgid() >> 32 != only_pid)
        return false;
    if (only_cgroup && cgroup_id_at_level(only_cgroup_level) != only_cgroup)
        return false;
    if (filter_uid) {
        struct task_struct *task = current_task();
        if (READ(READ(task, cred), euid.val) != only_uid)
            return false;
    }
    return true;
}

static __always_inline bool is_observed(void)
{
    if (!filtered)
        return true;
    if (!is_observed_but_for_command())
        return false;
    if (only_command[0]) {
        char command[TASK_COMM_LEN] __attribute__((aligned(8))) = {}; /* not all kernels clear what is behind the name */
        bpf_get_current_comm(command, sizeof(command));
        return is_only_command(command);
    }
    return true;
}
