/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* System calls by number and by register. */
#include "kernel.bpf.h"

/* Fields of struct pt_regs, so that both a plain load and BPF_CORE_READ can name them. */
#if defined(__TARGET_ARCH_x86)
#define SYSCALL_FUNCTION(name) "__x64_sys_" name
#define SYSCALL_NUMBER orig_ax
#define SYSCALL_ARG0 di
#define SYSCALL_ARG1 si
#define SYSCALL_ARG2 dx
#define SYSCALL_ARG3 r10
#define SYSCALL_ARG4 r8
#define NR_open 2
#define NR_execve 59
#define NR_creat 85
#define NR_openat 257
#define NR_execveat 322
#define NR_openat2 437
#elif defined(__TARGET_ARCH_arm64)
#define SYSCALL_FUNCTION(name) "__arm64_sys_" name
#define SYSCALL_NUMBER syscallno
#define SYSCALL_ARG0 orig_x0 /* regs[0] is the result already */
#define SYSCALL_ARG1 regs[1]
#define SYSCALL_ARG2 regs[2]
#define SYSCALL_ARG3 regs[3]
#define SYSCALL_ARG4 regs[4]
#define NR_open (-2) /* only openat and openat2 */
#define NR_creat (-2)
#define NR_openat 56
#define NR_execve 221
#define NR_execveat 281
#define NR_openat2 437
#endif

/* Whether the current call is a 32-bit one: its numbers mean other calls, its registers hold other arguments. */
static __always_inline bool is_compat_call(struct task_struct *task)
{
#if defined(__TARGET_ARCH_x86)
    return (READ(task, thread_info.status) & 0x2) != 0; /* TS_COMPAT */
#else
    return (READ(task, thread_info.flags) >> 22 & 1) != 0; /* TIF_32BIT */
#endif
}

/* Kernel-internal results. A call interrupted by a signal fails with EINTR or starts again as a call of its own,
 * by what the caller wants; with ERESTARTNOINTR it always starts again, so nothing has happened yet. */
#define ERESTARTSYS 512
#define ERESTARTNOINTR 513
#define ERESTART_RESTARTBLOCK 516
#define MAX_ERRNO 4095 /* what is more negative is a value */

static __always_inline errno_nr error_seen(u32 error)
{
    return error - ERESTARTSYS <= ERESTART_RESTARTBLOCK - ERESTARTSYS ? EINTR : error;
}

static __always_inline errno_nr error_of(s64 result)
{
    return result >= 0 || result < -MAX_ERRNO ? 0 : error_seen(-result);
}
