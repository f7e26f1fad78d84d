/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* One call that opens a file, and the truth about it. */
#include "truth.h"
#include <fcntl.h>
#include <linux/openat2.h>

static char own_directory[8192];

struct call {
    const char *name;
    const char *system_call;   /* open, openat, openat2 or creat */
    int directory;             /* for openat and openat2 */
    const char *path;          /* what is asked for; may point to where no memory is */
    unsigned long long flags;
    unsigned mode;
    unsigned long long resolve;
    const char *seen;          /* the path an observer should see; NULL: the same as path */
    int keep;                  /* leave the descriptor open */
};

/* The names of all flags but the access mode, in hex what has none. O_SYNC includes O_DSYNC, O_TMPFILE includes
 * O_DIRECTORY. */
static void tell_flags(struct truth *t, unsigned long long flags)
{
#define FLAG(name) {#name, name}
    static const struct { const char *name; unsigned long long bits; } all[] = {
        FLAG(O_TMPFILE), FLAG(O_SYNC), FLAG(O_CREAT), FLAG(O_EXCL), FLAG(O_NOCTTY), FLAG(O_TRUNC),
        FLAG(O_APPEND), FLAG(O_NONBLOCK), FLAG(O_DSYNC), FLAG(O_ASYNC), FLAG(O_DIRECT), FLAG(O_DIRECTORY),
        FLAG(O_NOFOLLOW), FLAG(O_NOATIME), FLAG(O_CLOEXEC), FLAG(O_PATH)};
    char *names[sizeof all / sizeof *all + 2], rest[32];
    int count = 0;
    flags &= ~(unsigned long long)O_ACCMODE;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if ((flags & all[i].bits) == all[i].bits) {
            names[count++] = (char *)all[i].name;
            flags &= ~all[i].bits;
        }
    snprintf(rest, sizeof rest, "0x%llx", flags);
    if (flags)
        names[count++] = rest;
    names[count] = NULL;
    truth_texts(t, "flag_names", names);
}

static int call(struct call c)
{
    struct open_how how = {.flags = c.flags, .mode = c.mode, .resolve = c.resolve};
    unsigned long long flags = c.flags;
    unsigned mode = c.mode;
    long result;
    long long before = wall_ns();
    if (strcmp(c.system_call, "openat") == 0)
        result = syscall(SYS_openat, c.directory, c.path, flags, mode);
    else if (strcmp(c.system_call, "openat2") == 0)
        result = syscall(SYS_openat2, c.directory, c.path, &how, sizeof how);
#ifdef SYS_open
    else if (strcmp(c.system_call, "open") == 0)
        result = syscall(SYS_open, c.path, flags, mode);
    else if (strcmp(c.system_call, "creat") == 0)
        result = syscall(SYS_creat, c.path, mode), flags = O_CREAT | O_WRONLY | O_TRUNC;
#endif
    else
        return -1; /* this architecture has not got it */
    int error = result < 0 ? errno : 0;
    long long after = wall_ns();
    struct truth t = truth_of("open");
    truth_text(&t, "case", c.name);
    truth_text(&t, "system_call", c.system_call);
    truth_number(&t, "pid", getpid());
    truth_number(&t, "tid", thread_id());
    truth_text(&t, "path", c.seen ? c.seen : c.path);
    truth_number(&t, "flags", flags);
    tell_flags(&t, flags);
    truth_number(&t, "mode", mode);
    truth_number(&t, "errno", error);
    truth_number(&t, "descriptor", result < 0 ? -1 : result);
    truth_number(&t, "before_ns", before);
    truth_number(&t, "after_ns", after);
    truth_tell(&t);
    if (result >= 0 && !c.keep)
        close(result);
    return result;
}

static char *in(const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s", own_directory, name) < 0)
        die("asprintf");
    return path;
}
