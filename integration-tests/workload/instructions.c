// SPDX-License-Identifier: Apache-2.0
/* Counts what the whole machine executes for an operation, where a nanosecond is an instruction: in a guest
 * with one processor whose clock counts instructions.
 *   instructions opens ROUNDS COUNT FILE [PID...]          COUNT times open and close of a file, ROUNDS times
 *   instructions execs ROUNDS COUNT PROGRAM [PID...]       COUNT times posix_spawn of a program, and wait for its end
 *   instructions connects ROUNDS COUNT ADDRESS [PID...]    COUNT times a TCP connection to itself, both ends of it
 *   instructions reads ROUNDS COUNT FILE [PID...]          COUNT times read of a byte from a file that is open
 *   instructions failing_reads ROUNDS COUNT FILE [PID...]  the same from a file that is open for writing: EBADF
 *
 * An idle process takes every instruction that nobody else wants, so the clock never jumps, and all that passes
 * less its own share is what the machine did. The shares of processes PID, such as the receiver of what an observer
 * sends, are not counted either. After opens, execs and connects a round lasts until what follows from them has been done.
 *
 * One line for each round: instructions for one operation. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Longer than an observer lets a record wait for company. */
#define DRAIN_NS 500000000L

extern char **environ;

static void die(const char *doing)
{
    fprintf(stderr, "instructions: %s: %s\n", doing, strerror(errno));
    exit(99);
}

static long long clock_ns(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t))
        die("clock_gettime");
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

#include "both_ends.h"

static clockid_t clock_of(int pid)
{
    clockid_t clock;
    if ((errno = clock_getcpuclockid(pid, &clock)))
        die("clock_getcpuclockid");
    return clock;
}

/* What processes took until now. */
static long long taken_by(char **pids)
{
    long long ns = 0;
    while (*pids)
        ns += clock_ns(clock_of(atoi(*pids++)));
    return ns;
}

static int start_idler(void)
{
    int pid = fork();
    if (pid < 0)
        die("fork");
    if (pid)
        return pid;
    struct sched_param none = {0};
    if (sched_setscheduler(0, SCHED_IDLE, &none))
        die("sched_setscheduler");
    for (volatile long spins = 0;; spins++) {
    }
}

static void open_and_close(const char *file)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || close(fd))
        die(file);
}

static void spawn_and_wait(char *program)
{
    char *args[] = {program, NULL};
    int pid, status;
    if ((errno = posix_spawn(&pid, program, NULL, NULL, args, environ)))
        die(program);
    if (waitpid(pid, &status, 0) != pid || status)
        die("waitpid");
}

static int opened(const char *file, int flags)
{
    int fd = open(file, flags | O_CLOEXEC);
    if (fd < 0)
        die(file);
    return fd;
}

static void read_byte(int fd)
{
    char byte;
    if (read(fd, &byte, 1) < 0)
        die("read");
}

static void read_in_vain(int fd)
{
    char byte;
    if (read(fd, &byte, 1) >= 0 || errno != EBADF)
        die("a read that should have failed");
}

static void connect_to(const char *address, int times)
{
    struct endpoint at = endpoint(address);
    int listener = listening(&at);
    while (times--)
        request_and_close(listener, &at);
    close(listener);
}

static void operate(const char *operation, int times, char *file)
{
    if (!strcmp(operation, "opens")) {
        while (times--)
            open_and_close(file);
    } else if (!strcmp(operation, "execs")) {
        while (times--)
            spawn_and_wait(file);
    } else if (!strcmp(operation, "connects")) {
        connect_to(file, times);
    } else if (!strcmp(operation, "reads")) {
        for (int fd = opened(file, O_RDONLY); times--;)
            read_byte(fd);
    } else if (!strcmp(operation, "failing_reads")) {
        for (int fd = opened(file, O_WRONLY); times--;)
            read_in_vain(fd);
    } else {
        errno = EINVAL;
        die(operation);
    }
}

/* Nothing follows from a read. */
static int is_followed(const char *operation)
{
    return !strcmp(operation, "opens") || !strcmp(operation, "execs") || !strcmp(operation, "connects");
}

int main(int count, char **args)
{
    if (count < 5)
        die("instructions OPERATION ROUNDS COUNT FILE [PID...]");
    const char *operation = args[1];
    int rounds = atoi(args[2]), operations = atoi(args[3]);
    int idler = start_idler();
    clockid_t idle = clock_of(idler);
    for (int round = 0; round < rounds; round++) {
        long long own = clock_ns(idle), taken = taken_by(args + 5), before = clock_ns(CLOCK_MONOTONIC);
        operate(operation, operations, args[4]);
        if (is_followed(operation))
            nanosleep(&(struct timespec){0, DRAIN_NS}, NULL);
        long long all = clock_ns(CLOCK_MONOTONIC) - before;
        own = clock_ns(idle) - own;
        taken = taken_by(args + 5) - taken;
        printf("round %d work %.1f receiver %.1f\n", round, (double)(all - own - taken) / operations,
               (double)taken / operations);
        fflush(stdout);
    }
    kill(idler, SIGKILL);
    waitpid(idler, NULL, 0);
    return 0;
}
