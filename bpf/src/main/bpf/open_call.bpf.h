/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What open, openat, openat2 and creat ask for, in one shape, whether it is read at the system call or at
 * do_sys_openat2, to which all four lead. */
#include "syscall.bpf.h"

#define O_WRONLY 01
#define O_RDWR 02
#define O_CREAT 0100
#define O_TRUNC 01000
#define O_CLOEXEC 02000000
#define O_PATH 010000000
#define O_TMPFILE_ALONE 020000000 /* without O_DIRECTORY */
#if defined(__TARGET_ARCH_x86)
#define O_LARGEFILE 0100000
#define O_DIRECTORY 0200000
#define O_NOFOLLOW 0400000
#elif defined(__TARGET_ARCH_arm64)
#define O_DIRECTORY 040000
#define O_NOFOLLOW 0100000
#define O_LARGEFILE 0400000
#endif

struct open_call {
    s32 directory; /* descriptor or AT_FDCWD */
    const void *name; /* in the caller's memory */
    u64 flags;
    u32 mode;
};

/* do_sys_openat2(dfd, filename, how). On 64-bit kernels O_LARGEFILE is added to every call; it says nothing. */
static __always_inline void open_call_of_kernel(struct open_call *call, s32 directory, const void *name, u64 flags, u64 mode)
{
    call->directory = directory;
    call->name = name;
    call->flags = flags & ~(u64)O_LARGEFILE;
    call->mode = mode;
}

/* The same from a system call's arguments, with what the kernel does to them on its way to do_sys_openat2: flags
 * that O_PATH makes void, and a mode without anything to create, are dropped (except by openat2, which refuses). */
static __always_inline void open_call_of_syscall(struct open_call *call, s64 number, const u64 *args)
{
    struct open_how how = {};
    call->directory = AT_FDCWD;
    if (number == NR_openat) {
        call->directory = args[0];
        call->name = (void *)args[1];
        how.flags = (u32)args[2];
        how.mode = args[3];
    } else if (number == NR_openat2) {
        call->directory = args[0];
        call->name = (void *)args[1];
        bpf_probe_read_user(&how, sizeof(how), (void *)args[2]); /* flags and mode come first in it */
    } else if (number == NR_open) {
        call->name = (void *)args[0];
        how.flags = (u32)args[1];
        how.mode = args[2];
    } else {
        call->name = (void *)args[0];
        how.flags = O_CREAT | O_WRONLY | O_TRUNC;
        how.mode = args[1];
    }
    if (number != NR_openat2) {
        if (how.flags & O_PATH)
            how.flags &= O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC;
        how.mode = how.flags & (O_CREAT | O_TMPFILE_ALONE) ? how.mode & 07777 : 0;
    }
    call->flags = how.flags & ~(u64)O_LARGEFILE;
    call->mode = how.mode;
}

static __always_inline bool is_open_call(s64 number)
{
    return number == NR_openat || number == NR_open || number == NR_openat2 || number == NR_creat;
}

enum access_mode { ACCESS_READ, ACCESS_WRITE, ACCESS_READ_WRITE, ACCESS_PATH };

/* 3 (both bits) asks for both permissions, for ioctl alone. */
static __always_inline u32 access_mode_of(u64 flags)
{
    if (flags & O_PATH)
        return ACCESS_PATH;
    u32 mode = flags & 3;
    return mode > ACCESS_READ_WRITE ? ACCESS_READ_WRITE : mode;
}
