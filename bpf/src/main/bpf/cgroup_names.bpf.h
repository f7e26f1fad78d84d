/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* The last names in the path of the current process's control group, where a whole path would be too much: a
 * container's is among them. */
#include "cgroup_node.bpf.h"

#define CGROUP_NAME 128 /* what container runtimes make of an id of 64 digits has at most 90 bytes */

struct cgroup_names {
    char self[CGROUP_NAME];
    char parent[CGROUP_NAME];
    char grandparent[CGROUP_NAME];
    char great_grandparent[CGROUP_NAME];
};

static __always_inline u64 fill_cgroup_name(char *to, u64 node)
{
    to[0] = 0;
    if (!node)
        return 0;
    bpf_probe_read_kernel_str(to, CGROUP_NAME, BPF_CORE_READ((struct kernfs_node *)node, name));
    return cgroup_node_above(node);
}

static __always_inline void fill_cgroup_names(struct cgroup_names *names, struct task_struct *task)
{
    u64 node = cgroup_node(task);
    node = fill_cgroup_name(names->self, node);
    node = fill_cgroup_name(names->parent, node);
    node = fill_cgroup_name(names->grandparent, node);
    fill_cgroup_name(names->great_grandparent, node);
}
