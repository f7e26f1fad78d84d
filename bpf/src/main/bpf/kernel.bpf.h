/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* The kernel types we read, and of each only the fields we read. Offsets are relocated when the object is
 * loaded (CO-RE), so order and size here mean nothing; a field that only some kernels have is asked for with
 * bpf_core_field_exists. */
#include "types.bpf.h"

#define __VMLINUX_H__ /* the kernel's own names for registers, in bpf_tracing.h */
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#define TASK_COMM_LEN 16
#define NAME_MAX 255
#define PATH_MAX 4096
#define PIDTYPE_TGID 1
#define SIGNAL_GROUP_EXIT 0x4

/* A helper's result is compared with these as int: until 6.3 the upper half of what a map's update returns is
 * not set. */
#define EINTR 4
#define EEXIST 17

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct { int counter; } atomic_t;
typedef struct { u32 val; } kuid_t;

#if defined(__TARGET_ARCH_x86)
struct pt_regs { unsigned long bp, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, sp; };
struct thread_info { u32 status; };
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs { unsigned long regs[31], sp, pc, pstate; };
struct pt_regs { unsigned long regs[31], orig_x0; s32 syscallno; };
struct thread_info { unsigned long flags; };
#endif

struct qstr { u32 hash, len; const unsigned char *name; };
struct dentry { struct dentry *d_parent; struct qstr d_name; };
struct vfsmount { struct dentry *mnt_root; };
struct mount { struct mount *mnt_parent; struct dentry *mnt_mountpoint; struct vfsmount mnt; };
struct path { struct vfsmount *mnt; struct dentry *dentry; };
struct file { struct path f_path; };
struct fs_struct { struct path root, pwd; };
struct fdtable { unsigned int max_fds; struct file **fd; };
struct files_struct { struct fdtable *fdt; };
struct open_how { u64 flags, mode; };

struct upid { int nr; };
struct pid { unsigned int level; struct upid numbers[1]; };
struct cred { kuid_t euid; };
struct signal_struct { atomic_t live; struct pid *pids[4]; int group_exit_code; unsigned int flags; };
struct mm_struct { unsigned long arg_start, arg_end, env_start, env_end; struct file *exe_file; };
struct linux_binprm { int argc; };

struct kernfs_node { struct kernfs_node *parent; const char *name; u64 id; };
struct kernfs_node___parent_under_rcu { struct kernfs_node *__parent; }; /* since 6.15 */
struct cgroup { int level; struct kernfs_node *kn; };
struct cgroup___ancestor_ids { u64 ancestor_ids[1]; }; /* until 6.0 */
struct cgroup_subsys_state { struct cgroup *cgroup; };
struct css_set { struct cgroup_subsys_state *subsys[1]; struct cgroup *dfl_cgrp; };
enum cgroup_subsys_id { memory_cgrp_id = 4, pids_cgrp_id = 11 }; /* values of the running kernel are asked for */

struct task_struct {
    struct thread_info thread_info;
    int exit_code;
    s32 pid, tgid;
    u64 start_boottime;
    u64 self_exec_id; /* another one after each exec; threads have their process's */
    char comm[TASK_COMM_LEN];
    struct task_struct *real_parent, *group_leader;
    const struct cred *cred;
    struct fs_struct *fs;
    struct files_struct *files;
    struct signal_struct *signal;
    struct css_set *cgroups;
    struct mm_struct *mm;
};

struct bpf_iter__task { struct task_struct *task; };
struct trace_event_raw_sched_process_exit { bool group_dead; };

#pragma clang attribute pop

/* Syscall tracepoints hand over this; it is their ABI, so nothing is relocated. */
struct syscall_enter { u64 common; s64 number; u64 args[6]; };
struct syscall_exit { u64 common; s64 number; s64 result; };

/* Since 5.11 the current task comes as a pointer that the verifier knows, and its fields are read with plain
 * loads: one instruction where a helper call costs about fifty. The choice is made when the object is loaded,
 * and the other half is dropped as dead code. */
#define task_is_typed() bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf)

static __always_inline struct task_struct *current_task(void)
{
    return task_is_typed() ? bpf_get_current_task_btf() : (struct task_struct *)bpf_get_current_task();
}

/* A string's length with its NUL, or a negative error. To older kernels (6.12 among them) an empty one has the
 * length 0. */
static __always_inline long read_user_string(void *to, u64 size, const void *from)
{
    long read = bpf_probe_read_user_str(to, size, from);
    return read == 0 ? 1 : read;
}

/* A field reached from current_task(). For any other kernel pointer: BPF_CORE_READ. */
#define READ(pointer, field) ({                                             \
    typeof(pointer) _of = (pointer);                                        \
    task_is_typed() ? _of->field : BPF_CORE_READ(_of, field); })
