// SPDX-License-Identifier: Apache-2.0
/* Opens files in every way we know, in an empty directory of its own.
 *   opens DIRECTORY            every case once
 *   opens burst COUNT PATH     as many and as fast as one thread can */
#include "open_call.h"
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Runs in a child, so that what it changes (root, user, mounts) stays there. */
static void in_child(void (*body)(void))
{
    int status, pid = fork();
    if (pid == 0) {
        body();
        _exit(0);
    }
    if (waitpid(pid, &status, 0) != pid || status)
        die("a child failed");
}

static void every_call(void)
{
    char *file = in("file");
    call((struct call){"creat", "creat", 0, file, 0, 0640, 0, NULL, 0});
    call((struct call){"open", "open", 0, file, O_RDONLY, 0, 0, NULL, 0});
    call((struct call){"openat", "openat", AT_FDCWD, file, O_WRONLY | O_APPEND | O_CLOEXEC, 0, 0, NULL, 0});
    call((struct call){"openat2", "openat2", AT_FDCWD, file, O_RDWR | O_NONBLOCK, 0, 0, NULL, 0});
    call((struct call){"create", "openat", AT_FDCWD, in("new"), O_CREAT | O_EXCL | O_RDWR, 0604, 0, NULL, 0});
    call((struct call){"path only", "openat", AT_FDCWD, file, O_PATH, 0, 0, NULL, 0});
    call((struct call){"temporary", "openat", AT_FDCWD, own_directory, O_TMPFILE | O_RDWR, 0600, 0, NULL, 0});
    call((struct call){"directory", "openat", AT_FDCWD, own_directory, O_DIRECTORY, 0, 0, NULL, 0});
    call((struct call){"every flag", "openat", AT_FDCWD, file, O_RDWR | O_CREAT | O_TRUNC | O_SYNC | O_NOATIME | O_NOCTTY | O_NOFOLLOW, 0600, 0, NULL, 0});
    call((struct call){"symlink", "openat", AT_FDCWD, in("link"), O_RDONLY, 0, 0, NULL, 0});
    call((struct call){"bytes that are no text", "openat", AT_FDCWD, in("caf\xe9"), O_CREAT | O_WRONLY, 0600, 0, NULL, 0});
    call((struct call){"odd name", "openat", AT_FDCWD, in(" a\n\"b\" \\ ü"), O_CREAT | O_WRONLY, 0600, 0, NULL, 0});
}

static void relative(void)
{
    char *file = in("file");
    call((struct call){"relative", "openat", AT_FDCWD, "file", O_RDONLY, 0, 0, file, 0});
    call((struct call){"relative with dots", "open", 0, "./sub/../file", O_RDONLY, 0, 0, in("./sub/../file"), 0});
    int sub = call((struct call){"descriptor", "openat", AT_FDCWD, "sub", O_PATH | O_DIRECTORY, 0, 0, in("sub"), 1});
    call((struct call){"below a descriptor", "openat", sub, "inner", O_CREAT | O_RDWR, 0600, 0, in("sub/inner"), 0});
    call((struct call){"up from a descriptor", "openat2", sub, "../file", O_RDONLY, 0, 0, in("sub/../file"), 0});
    call((struct call){"absolute with a descriptor", "openat", sub, file, O_RDONLY, 0, 0, NULL, 0});
    call((struct call){"absolute with a bad descriptor", "openat", 999, file, O_RDONLY, 0, 0, NULL, 0});
    call((struct call){"beneath, but above", "openat2", sub, "../file", O_RDONLY, 0, RESOLVE_BENEATH, in("sub/../file"), 0});
    close(sub);
}

static void failing(void)
{
    char *file = in("file"), long_name[300];
    memset(long_name, 'n', sizeof long_name);
    long_name[299] = 0;
    call((struct call){"not found", "openat", AT_FDCWD, in("nosuch"), O_RDONLY, 0, 0, NULL, 0});
    call((struct call){"not found, open", "open", 0, in("nosuch"), O_RDONLY, 0, 0, NULL, 0});
    call((struct call){"exists", "openat", AT_FDCWD, file, O_CREAT | O_EXCL | O_WRONLY, 0600, 0, NULL, 0});
    call((struct call){"no directory", "openat", AT_FDCWD, in("file/x"), O_RDONLY, 0, 0, NULL, 0});
    call((struct call){"is a directory", "creat", 0, own_directory, 0, 0600, 0, NULL, 0});
    call((struct call){"a loop", "openat", AT_FDCWD, in("loop"), O_RDONLY, 0, 0, NULL, 0});
    call((struct call){"not following", "openat", AT_FDCWD, in("link"), O_RDONLY | O_NOFOLLOW, 0, 0, NULL, 0});
    call((struct call){"name too long", "openat", AT_FDCWD, in(long_name), O_RDONLY, 0, 0, NULL, 0});
    call((struct call){"bad descriptor", "openat", 999, "file", O_RDONLY, 0, 0, "file", 0});
    call((struct call){"empty", "openat", AT_FDCWD, "", O_RDONLY, 0, 0, "", 0});
    call((struct call){"no path", "openat", AT_FDCWD, NULL, O_RDONLY, 0, 0, "", 0});
    call((struct call){"path nowhere", "openat", AT_FDCWD, (char *)8, O_RDONLY, 0, 0, "", 0});
    call((struct call){"bad flags", "openat2", AT_FDCWD, file, 1ULL << 40, 0, 0, NULL, 0});
}

/* A path at the very end of a page, with nothing behind it; and one across two pages that nobody has
 * touched yet, so that they are only in memory once the kernel has read them. */
static void at_page_borders(void)
{
    long page = sysconf(_SC_PAGESIZE);
    const char *path = in("file");
    size_t length = strlen(path) + 1;
    char *two = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (two == MAP_FAILED || mprotect(two + page, page, PROT_NONE))
        die("mmap");
    memcpy(two + page - length, path, length);
    call((struct call){"end of a page", "openat", AT_FDCWD, two + page - length, O_RDONLY, 0, 0, NULL, 0});

    int fd = memfd_create("names", 0);
    if (fd < 0 || ftruncate(fd, 2 * page) || pwrite(fd, path, length, page - length / 2) != (ssize_t)length)
        die("memfd");
    char *fresh = mmap(NULL, 2 * page, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    call((struct call){"across untouched pages", "openat", AT_FDCWD, fresh + page - length / 2, O_RDONLY, 0, 0, path, 0});
}

static void long_paths(void)
{
    char part[200], path[8192];
    memset(part, 'd', sizeof part);
    part[199] = 0;
    int at = sprintf(path, "%s", own_directory);
    for (int i = 0; i < 20; i++) {
        if (mkdir(part, 0755) || chdir(part))
            die("go deep");
        at += sprintf(path + at, "/%s", part);
        sprintf(path + at, "/leaf");
        if (i == 0 || i == 4)
            call((struct call){"long", "openat", AT_FDCWD, path, O_CREAT | O_WRONLY, 0600, 0, NULL, 0});
        if (i == 4 || i == 18)
            call((struct call){"relative from deep below", "openat", AT_FDCWD, "leaf", O_CREAT | O_WRONLY, 0600, 0, path, 0});
    }
    if (chdir(own_directory))
        die("chdir back");
    char longest[4096];
    memset(longest, '/', sizeof longest);
    strcpy(longest + 4095 - strlen(in("file")), in("file"));
    call((struct call){"as long as a path can be", "openat", AT_FDCWD, longest, O_RDONLY, 0, 0, NULL, 0});
}

static void as_nobody(void)
{
    if (setgid(65534) || setuid(65534))
        die("setuid");
    call((struct call){"not allowed", "openat", AT_FDCWD, in("file"), O_RDWR, 0, 0, NULL, 0});
}

static void in_other_root(void)
{
    if (chroot("sub") || chdir("/"))
        die("chroot");
    call((struct call){"other root", "openat", AT_FDCWD, "/inner", O_RDONLY, 0, 0, NULL, 0});
    call((struct call){"other root, relative", "openat", AT_FDCWD, "inner", O_RDONLY, 0, 0, "/inner", 0});
}

static void in_other_mounts(void)
{
    if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
        mount("tmpfs", "mount", "tmpfs", 0, NULL) || mkdir("mount/below", 0755) ||
        mount("sub", "mount/below", NULL, MS_BIND, NULL) || chdir("mount/below"))
        die("mount");
    call((struct call){"other mounts", "openat", AT_FDCWD, in("mount/file"), O_CREAT | O_WRONLY, 0600, 0, NULL, 0});
    call((struct call){"other mounts, relative across a bind", "openat", AT_FDCWD, "inner", O_RDONLY, 0, 0, in("mount/below/inner"), 0});
}

static void *in_thread(void *unused)
{
    call((struct call){"from a thread", "openat", AT_FDCWD, in("file"), O_RDONLY, 0, 0, NULL, 0});
    return unused;
}

static void burst(int count, const char *path)
{
    long long before = wall_ns();
    for (int i = 0; i < count; i++) {
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || close(fd))
            die(path);
    }
    struct truth t = truth_of("burst");
    truth_number(&t, "pid", getpid());
    truth_number(&t, "count", count);
    truth_text(&t, "path", path);
    truth_number(&t, "before_ns", before);
    truth_number(&t, "after_ns", wall_ns());
    truth_tell(&t);
}

int main(int count, char **args)
{
    if (count == 4 && strcmp(args[1], "burst") == 0) {
        truth_start();
        burst(atoi(args[2]), args[3]);
        return 0;
    }
    if (count != 2 || chdir(args[1]) || !getcwd(own_directory, sizeof own_directory))
        die("opens DIRECTORY | opens burst COUNT PATH");
    if (mkdir("sub", 0755) || mkdir("mount", 0755) || symlink("file", "link") || symlink("loop", "loop"))
        die("prepare the directory");
    truth_start();
    every_call();
    relative();
    failing();
    at_page_borders();
    long_paths();
    in_child(as_nobody);
    in_child(in_other_root);
    in_child(in_other_mounts);
    pthread_t thread;
    if (pthread_create(&thread, NULL, in_thread, NULL) || pthread_join(thread, NULL))
        die("pthread_create");
    return 0;
}
