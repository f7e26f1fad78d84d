/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the exec cases need around them: files, arguments, and what a new process does before it execs. */
#include "attempt.h"
#include <sys/mount.h>
#include <sys/stat.h>

static char *in(const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s", own_directory, name) < 0)
        die("asprintf");
    return path;
}

static void write_file(const char *name, const char *content, int mode)
{
    int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, mode);
    if (fd < 0 || write(fd, content, strlen(content)) < 0 || fchmod(fd, mode) || close(fd))
        die(name);
}

static void copy_target(int to)
{
    char buffer[65536];
    int from = open("target", O_RDONLY);
    ssize_t n;
    while ((n = read(from, buffer, sizeof buffer)) > 0)
        if (write(to, buffer, n) != n)
            die("copy target");
    if (from < 0 || n < 0)
        die("copy target");
    close(from);
}

static void be_nobody(void)
{
    if (setgid(65534) || setuid(65534))
        die("setuid");
}

static void change_root(void)
{
    if (chroot(".") || chdir("/"))
        die("chroot");
}

static void mount_and_copy(void)
{
    if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) || mkdir("mount", 0755) ||
        mount("tmpfs", "mount", "tmpfs", 0, NULL))
        die("mount");
    int fd = open("mount/copy", O_CREAT | O_WRONLY, 0755);
    copy_target(fd);
    close(fd);
}

static void go_deep(void)
{
    if (chdir("deep"))
        die("chdir deep");
    for (int i = 0; i < 10; i++) {
        char name[64];
        snprintf(name, sizeof name, "%02d-%057d", i, 0);
        if ((mkdir(name, 0755) && errno != EEXIST) || chdir(name))
            die("go deep");
    }
    if (link("../../../../../../../../../../../target", "target") && errno != EEXIST)
        die("link deep");
}

static char *deep_path(const char *end)
{
    char *path = malloc(8192);
    int at = sprintf(path, "%s/deep", own_directory);
    for (int i = 0; i < 10; i++)
        at += sprintf(path + at, "/%02d-%057d", i, 0);
    strcpy(path + at, end);
    return path;
}

static char *const *many(int count, int length)
{
    char **args = calloc(count + 1, sizeof *args);
    for (int i = 0; i < count; i++) {
        args[i] = malloc(length + 16);
        int n = sprintf(args[i], "%05d-", i);
        memset(args[i] + n, 'x', length);
        args[i][n + length] = 0;
    }
    return args;
}
