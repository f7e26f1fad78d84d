/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* The path of the current process's control group. */
#include "path.bpf.h"
#include "cgroup_node.bpf.h"

#define CGROUP_DEPTH 64

__noinline u64 put_climbed_cgroup(u32 builder, u64 at)
{
    struct climb *climb = bpf_map_lookup_elem(&climbs, &builder);
    if (!climb)
        return at;
    u64 node = climb->dentry;
    u32 n;
#pragma nounroll
    for (n = 0; n < CGROUP_DEPTH; n++) {
        struct kernfs_node *here = (void *)node;
        u64 parent = cgroup_node_above(node);
        if (!parent)
            break;
        climb->step[n].name = BPF_CORE_READ(here, name);
        climb->step[n].length = 0;
        node = parent;
    }
    climb->steps = n;
    climb->cut = n == CGROUP_DEPTH;
    return put_steps(climb, builder, at);
}

static __always_inline u64 put_cgroup(u32 builder, u64 at, struct task_struct *task)
{
    struct climb *climb = bpf_map_lookup_elem(&climbs, &builder);
    if (!climb)
        return at;
    climb->dentry = cgroup_node(task);
    return put_climbed_cgroup(builder, at);
}
