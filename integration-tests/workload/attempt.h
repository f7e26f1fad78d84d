/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* One exec in a process of its own, and the truth about it. */
#include "truth.h"
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>

struct attempt {
    const char *name;
    int directory;                 /* as execveat(2); 0 stands for AT_FDCWD */
    const char *path;
    int flags;
    char *const *args, *const *environment;
    void (*prepare)(void);         /* runs in the new process, before the exec */
    int from_thread;               /* exec from a thread that is not the main one */
    const char *executable;        /* the path an observer should see; NULL: the same as path */
    char *const *args_seen;        /* NULL: the same as args */
    const char *working_directory; /* NULL: our own */
    int user_id;
    int own_pid_namespace;         /* be number one in a new pid namespace */
    char *const *then;             /* what the program will exec in turn: path, arguments */
};

static int forks; /* new processes since the start */
static char own_directory[4096];

static void exec_now(const struct attempt *a, int report)
{
    static char *const nothing[] = {NULL};
    char *const *environment = a->environment ? a->environment : nothing;
    int directory = a->directory ? a->directory : AT_FDCWD;
    if (directory == AT_FDCWD && !a->flags)
        syscall(SYS_execve, a->path, a->args, environment);
    else
        syscall(SYS_execveat, directory, a->path, a->args, environment, a->flags);
    int failure[2] = {errno, thread_id()};
    if (write(report, failure, sizeof failure) != sizeof failure)
        die("report a failed exec");
    _exit(127);
}

struct threaded {
    const struct attempt *attempt;
    int report;
};

static void *exec_in_thread(void *argument)
{
    struct threaded *t = argument;
    exec_now(t->attempt, t->report);
    return NULL;
}

static void tell_exit(const char *name, int pid, int status, const char *executable, long long before)
{
    const char *slash = strrchr(executable, '/');
    struct truth t = truth_of("exit");
    truth_text(&t, "case", name);
    truth_number(&t, "pid", pid);
    truth_number(&t, "parent_pid", getpid());
    truth_number(&t, "status", status);
    truth_text(&t, "executable", slash ? slash + 1 : executable);
    truth_number(&t, "before_ns", before);
    truth_number(&t, "after_ns", wall_ns());
    truth_tell(&t);
}

static void tell_exec(const struct attempt *a, int pid, const int failure[2], const char *executable,
                      char *const *args, long long before)
{
    struct truth t = truth_of("exec");
    truth_text(&t, "case", a->name);
    truth_number(&t, "pid", pid);
    truth_number(&t, "tid", failure[0] ? failure[1] : pid);
    truth_number(&t, "parent_pid", getpid());
    truth_number(&t, "namespace_pid", a->own_pid_namespace ? 1 : pid);
    truth_number(&t, "user_id", a->user_id);
    truth_number(&t, "errno", failure[0]);
    truth_text(&t, "executable", executable);
    truth_text(&t, "working_directory", a->working_directory ? a->working_directory : own_directory);
    truth_texts(&t, "args", args);
    truth_number(&t, "before_ns", before);
    truth_number(&t, "after_ns", wall_ns());
    truth_tell(&t);
}

/* Forks, execs, waits, and tells both the exec and the exit. */
static void attempt(struct attempt a)
{
    int report[2], failure[2] = {0, 0}, status;
    if (pipe2(report, O_CLOEXEC))
        die("pipe");
    int own_namespace = a.own_pid_namespace ? open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC) : -1;
    if (a.own_pid_namespace && unshare(CLONE_NEWPID)) /* concerns our children only */
        die("unshare");
    long long before = wall_ns();
    int pid = fork();
    forks++;
    if (pid == 0) {
        if (a.prepare)
            a.prepare();
        pthread_t thread;
        struct threaded t = {&a, report[1]};
        if (!a.from_thread)
            exec_now(&a, report[1]);
        else if (pthread_create(&thread, NULL, exec_in_thread, &t) == 0)
            pthread_join(thread, NULL);
        _exit(98);
    }
    if (a.own_pid_namespace && (setns(own_namespace, CLONE_NEWPID) || close(own_namespace)))
        die("setns");
    close(report[1]);
    /* The pipe closes with a successful exec, and brings the errno of a failed one. */
    if (read(report[0], failure, sizeof failure) < 0 || close(report[0]))
        die("read a report");
    const char *executable = a.executable ? a.executable : a.path ? a.path : "";
    tell_exec(&a, pid, failure, executable, a.args_seen ? a.args_seen : a.args, before);

    if (waitpid(pid, &status, 0) != pid)
        die("waitpid");
    if (WIFEXITED(status) && WEXITSTATUS(status) >= 98 && WEXITSTATUS(status) <= 99)
        die(a.name); /* the case itself did not work: better no truth than a wrong one */
    if (a.then)
        tell_exec(&a, pid, failure, executable = a.then[0], a.then + 1, before);
    tell_exit(a.name, pid, status, failure[0] ? "execs" : executable, before);
}
