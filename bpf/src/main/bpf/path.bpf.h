/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Paths as the current process sees them: from its own root, across mounts, root first.
 *
 * A dentry knows its parent, so the climb finds names last to first: it notes each step, and then the steps
 * are written in reverse. A path that leads out of the process's root (a directory held open across chroot, a
 * detached mount, a memfd) is given from the top of what it hangs on; a deleted file has the name it had.
 *
 * Both loops are functions of their own. The verifier checks such a function once, with unknown arguments,
 * wherever it is called, so that even the verifier of 5.10 can follow 1024 steps. It takes only numbers as
 * arguments there, hence `builder` in place of pointers. */
#include "building.bpf.h"

#define STEPS 1024 /* deeper paths lose their first names, and are marked cut */
#define STEPS_PER_CALL 16 /* the verifier follows each of them */
#define AT_FDCWD (-100)

/* In dentries, parent and name lie side by side: one read gets them. */
struct step {
    u64 parent;
    u32 hash;
    u32 length; /* 0: unknown */
    const void *name;
};

struct climb {
    u64 dentry; /* where we are; a kernfs_node in cgroup.bpf.h */
    u64 mount;  /* struct vfsmount */
    u64 root_dentry;
    u64 root_mount;
    u32 steps;
    u32 cut;
    u32 limit; /* the text may end here, not behind */
    struct step step[STEPS];
};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, BUILDERS);
    __type(key, u32);
    __type(value, struct climb);
} climbs SEC(".maps");

/* Climbs some steps. Returns whether it is at the top. */
__noinline u32 climb_dentries(u32 builder)
{
    struct climb *climb = bpf_map_lookup_elem(&climbs, &builder);
    if (!climb)
        return 1;
    u64 dentry = climb->dentry, mount = climb->mount, top = 0;
    bpf_probe_read_kernel(&top, sizeof(top), (void *)mount + bpf_core_field_offset(struct vfsmount, mnt_root));

    for (int i = 0; i < STEPS_PER_CALL; i++) {
        if (dentry == climb->root_dentry && mount == climb->root_mount)
            return 1;
        if (dentry == top) {
            struct mount *of = (void *)mount - bpf_core_field_offset(struct mount, mnt);
            struct mount *below = BPF_CORE_READ(of, mnt_parent);
            if (below == of || !below)
                return 1;
            dentry = (u64)BPF_CORE_READ(of, mnt_mountpoint);
            top = (u64)BPF_CORE_READ(below, mnt.mnt_root);
            mount = (u64)below + bpf_core_field_offset(struct mount, mnt);
            continue;
        }
        u32 n = climb->steps;
        if (n >= STEPS) {
            climb->cut = 1;
            return 1;
        }
        struct step *step = &climb->step[n];
        const void *from = (void *)dentry + bpf_core_field_offset(struct dentry, d_parent);
        if (bpf_core_field_offset(struct dentry, d_name) == bpf_core_field_offset(struct dentry, d_parent) + 8) {
            if (bpf_probe_read_kernel(step, sizeof(*step), from))
                return 1;
        } else {
            step->parent = (u64)BPF_CORE_READ((struct dentry *)dentry, d_parent);
            step->length = BPF_CORE_READ((struct dentry *)dentry, d_name.len);
            step->name = BPF_CORE_READ((struct dentry *)dentry, d_name.name);
        }
        if (step->parent == dentry) {
            /* Hangs on nothing. Only a name that is not just "/" says something: memfd:name. */
            climb->steps = n + (step->length > 1);
            return 1;
        }
        dentry = step->parent;
        climb->steps = n + 1;
    }
    climb->dentry = dentry;
    climb->mount = mount;
    return 0;
}

/* Writes some of the steps, `/name` each, and returns where it stopped. */
__noinline u64 write_steps(u32 builder, u64 at)
{
    struct climb *climb = bpf_map_lookup_elem(&climbs, &builder);
    struct event_bytes *bytes = building(builder);
    if (!climb || !bytes)
        return at;
    for (int i = 0; i < STEPS_PER_CALL; i++) {
        u32 n = climb->steps - 1;
        if (n >= STEPS)
            break;
        struct step *step = &climb->step[n];
        u64 length = step->length;
        u64 name_at = at + 1;
        if (name_at + (length ? length : NAME_MAX) > climb->limit || !bounded(name_at, EVENT_BYTES - NAME_MAX - 1)) {
            climb->cut = 1;
            climb->steps = 0;
            break;
        }
        bytes->at[(name_at - 1) & (EVENT_BYTES - 1)] = '/';
        if (length) {
            length &= NAME_MAX;
            bpf_probe_read_kernel(&bytes->at[name_at], length, step->name);
            at = name_at + length;
        } else {
            long read = bpf_probe_read_kernel_str(&bytes->at[name_at], NAME_MAX + 1, step->name);
            at = read > 0 ? name_at + read - 1 : name_at;
        }
        climb->steps = n;
    }
    return at;
}

static __always_inline u64 put_steps(struct climb *climb, u32 builder, u64 at)
{
    u64 begin = at;
    climb->limit = at + PATH_MAX;
#pragma nounroll
    for (int i = 0; i < STEPS / STEPS_PER_CALL && climb->steps; i++)
        at = write_steps(builder, at);
    struct event_bytes *bytes = building(builder);
    if (at == begin && bytes)
        bytes->at[at++ & (EVENT_BYTES - 1)] = '/';
    return climb->cut ? at | CUT : at;
}

__noinline u64 put_climbed_path(u32 builder, u64 at)
{
    struct climb *climb = bpf_map_lookup_elem(&climbs, &builder);
    if (!climb)
        return at;
    u32 at_top = 0;
#pragma nounroll
    for (int i = 0; i <= STEPS / STEPS_PER_CALL && !at_top; i++)
        at_top = climb_dentries(builder);
    climb->cut |= !at_top;
    return put_steps(climb, builder, at);
}

static __always_inline u64 put_path(u32 builder, u64 at, struct task_struct *task, const void *mount, const void *dentry)
{
    struct climb *climb = bpf_map_lookup_elem(&climbs, &builder);
    if (!climb)
        return at;
    struct fs_struct *fs = READ(task, fs);
    climb->mount = (u64)mount;
    climb->dentry = (u64)dentry;
    climb->root_mount = (u64)READ(fs, root.mnt);
    climb->root_dentry = (u64)READ(fs, root.dentry);
    climb->steps = 0;
    climb->cut = 0;
    return put_climbed_path(builder, at);
}

static __always_inline u64 put_working_directory(u32 builder, u64 at, struct task_struct *task)
{
    struct fs_struct *fs = READ(task, fs);
    return put_path(builder, at, task, READ(fs, pwd.mnt), READ(fs, pwd.dentry));
}

static __always_inline u64 put_path_of_file(u32 builder, u64 at, struct task_struct *task, struct file *file)
{
    return put_path(builder, at, task, READ(file, f_path.mnt), READ(file, f_path.dentry));
}

/* The path of an open directory; nothing when the descriptor is bad. */
static __always_inline u64 put_path_of_descriptor(u32 builder, u64 at, struct task_struct *task, u32 descriptor)
{
    struct fdtable *table = READ(READ(task, files), fdt);
    struct file *file = 0;
    if (descriptor < READ(table, max_fds))
        bpf_probe_read_kernel(&file, sizeof(file), (void *)READ(table, fd) + descriptor * sizeof(file));
    if (!file)
        return at;
    return put_path(builder, at, task, BPF_CORE_READ(file, f_path.mnt), BPF_CORE_READ(file, f_path.dentry));
}

/* The path that a system call was asked for, made absolute against the working directory or a directory's
 * descriptor. Symbolic links and `..` stay. Nothing if the caller's pointer is bad; a name below a bad
 * descriptor stays relative.
 *
 * To be called when the kernel has just read the name itself: then its pages are there. */
static __always_inline u64 put_requested_path(u32 builder, u64 at, struct task_struct *task, s32 descriptor,
                                              const void *name, bool empty_means_descriptor)
{
    struct event_bytes *bytes = building(builder);
    if (!bytes || !bounded(at, EVENT_BYTES - 2 * PATH_MAX))
        return at;
    u64 begin = at;
    /* One byte more than a path may have, to see one that is too long (ENAMETOOLONG). */
    long read = read_user_string(&bytes->at[at], PATH_MAX + 1, name);
    if (read <= 0 || (read == 1 && !empty_means_descriptor))
        return at;
    if (bytes->at[at] != '/') {
        at = descriptor == AT_FDCWD ? put_working_directory(builder, at, task)
                                    : put_path_of_descriptor(builder, at, task, descriptor);
        if (read == 1 || at & CUT)
            return at;
        if (at > begin + 1) /* neither "/" nor unknown */
            bytes->at[at++ & (EVENT_BYTES - 1)] = '/';
        if (!bounded(at, EVENT_BYTES - PATH_MAX - 1))
            return begin;
        read = read_user_string(&bytes->at[at], PATH_MAX + 1, name);
        if (read <= 0)
            return begin;
    }
    if (!bounded(read, PATH_MAX + 1))
        return begin;
    return (at + (u32)read - 1) | (read == PATH_MAX + 1 ? CUT : 0);
}
