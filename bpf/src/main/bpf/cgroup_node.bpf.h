/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* The current process's control group: in the default (v2) hierarchy, or, where that knows only its root (v1,
 * hybrid), in the hierarchy of the pids or the memory controller. */
#include "kernel.bpf.h"

/* The control group of one controller, by its number in the running kernel. */
static __always_inline struct cgroup *cgroup_of(struct css_set *set, u64 controller)
{
    struct cgroup_subsys_state *state = 0;
    u64 offset = bpf_core_field_offset(struct css_set, subsys) + controller * sizeof(state);
    bpf_probe_read_kernel(&state, sizeof(state), (void *)set + offset);
    return state ? BPF_CORE_READ(state, cgroup) : 0;
}

static __always_inline u64 cgroup_node(struct task_struct *task)
{
    struct css_set *set = READ(task, cgroups);
    struct cgroup *cgroup = READ(set, dfl_cgrp);
    u64 node = (u64)READ(cgroup, kn);
    if (READ(cgroup, level))
        return node;
    struct cgroup *other = 0;
    if (bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id))
        other = cgroup_of(set, bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id));
    if ((!other || !BPF_CORE_READ(other, level)) && bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id))
        other = cgroup_of(set, bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id));
    return other ? (u64)BPF_CORE_READ(other, kn) : node;
}

static __always_inline u64 cgroup_node_above(u64 node)
{
    struct kernfs_node *here = (void *)node;
    struct kernfs_node___parent_under_rcu *here_since_6_15 = (void *)node;
    return bpf_core_field_exists(here_since_6_15->__parent) ? (u64)BPF_CORE_READ(here_since_6_15, __parent)
                                                            : (u64)BPF_CORE_READ(here, parent);
}
