/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Durations by who made the call, where that is asked for: by the name of the executable, or by the name of a control
 * group that is as long as those of containers are. There is room for so many series, which those have who call most;
 * the calls of the others go to those without a name. */
#include "histogram_of_most.bpf.h"
#include "process.bpf.h"
#include "cgroup_names.bpf.h"

#define WHO CGROUP_NAME
#define CONTAINER_NAME_LEAST 40 /* 64 digits, or 32 and a number */

enum by_whom { BY_NOBODY, BY_EXECUTABLE, BY_CONTAINER };

struct call_by {
    u32 function;
    u32 error;
    char who[WHO]; /* zeros behind the name */
};

const volatile u32 by_whom;

HISTOGRAM_OF_MOST(durations_by_whom, struct call_by, 200);

/* The innermost name that is long enough. */
static __always_inline void fill_container(char *to, struct task_struct *task)
{
    u64 node = cgroup_node(task);
    for (u32 level = 0; level < 4 && node; level++) {
        const char *name = BPF_CORE_READ((struct kernfs_node *)node, name);
        char probe[CONTAINER_NAME_LEAST + 1];
        if (bpf_probe_read_kernel_str(probe, sizeof(probe), name) == sizeof(probe)) {
            bpf_probe_read_kernel_str(to, WHO, name);
            return;
        }
        node = cgroup_node_above(node);
    }
}

/* Null of one of the others. */
static __always_inline struct histogram *histogram_by_whom(u32 function, u32 error)
{
    struct call_by key = {function, error};
    if (by_whom == BY_EXECUTABLE)
        read_executable_name(key.who, WHO, current_task());
    else
        fill_container(key.who, current_task());
    return HISTOGRAM_IF_OF_MOST(durations_by_whom, &key);
}
