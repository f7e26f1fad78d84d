// SPDX-License-Identifier: Apache-2.0
/* One process id, again and again: `reuse COUNT PROGRAM PROGRAM`. The programs take turns, each told its number
 * and to exit with it (modulo 200). */
#include "truth.h"
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>

/* A child with a process id of our choice (set_tid, since 5.5), or with any for 0. */
static int child_with_pid(pid_t wanted)
{
    for (int i = 0; i < 1000; i++) {
        struct clone_args args = {.exit_signal = SIGCHLD, .set_tid = wanted ? (uintptr_t)&wanted : 0, .set_tid_size = wanted != 0};
        int pid = syscall(SYS_clone3, &args, sizeof args);
        if (pid >= 0)
            return pid;
        if (errno != EEXIST) /* somebody else has it for a moment */
            die("clone3 with set_tid");
        usleep(1000);
    }
    die("clone3 with set_tid");
    return -1;
}

int main(int count, char **args)
{
    if (count != 4)
        die("reuse COUNT PROGRAM PROGRAM");
    int rounds = atoi(args[1]), pid = 0;
    int *pids = calloc(rounds, sizeof *pids);
    truth_start();
    long long before = wall_ns();
    for (int i = 0; i < rounds; i++) {
        char number[16], code[16];
        sprintf(number, "%d", i);
        sprintf(code, "exit:%d", i % 200);
        pids[i] = child_with_pid(pid);
        if (pids[i] == 0) {
            char *program = args[2 + i % 2];
            execve(program, (char *const[]){program, number, code, NULL}, (char *const[]){NULL});
            _exit(127);
        }
        pid = pids[i];
        int status;
        if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != i % 200)
            die("a program did not end as told");
    }
    struct truth t = truth_of("burst");
    truth_number(&t, "count", rounds);
    truth_numbers(&t, "pids", pids, rounds);
    truth_number(&t, "before_ns", before);
    truth_number(&t, "after_ns", wall_ns());
    truth_tell(&t);
    return 0;
}
