// SPDX-License-Identifier: Apache-2.0
/* Programs that have nothing in common: each is of a user of its own, has a name of its own for its thread, opens a path
 * of its own, which is not there, and becomes PROGRAM with a command line of its own.
 *   kinds FIRST COUNT PROGRAM */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(int program, long number)
{
    char name[16], path[64], argument[64];
    snprintf(name, sizeof name, "kind-%ld", number);
    snprintf(path, sizeof path, "/nosuch/directory-of-%ld/file-%ld", number, number);
    snprintf(argument, sizeof argument, "--number=%ld", number);
    char *arguments[] = {name, argument, path, NULL}, *environment[] = {NULL};
    prctl(PR_SET_NAME, name);
    if (setuid(number) == 0)
        (void)!open(path, O_RDONLY | O_CLOEXEC);
    /* By descriptor, since not everybody may come by its path. */
    fexecve(program, arguments, environment);
    _exit(100);
}

int main(int count, char **arguments)
{
    if (count != 4)
        return 2;
    long first = atol(arguments[1]), end = first + atol(arguments[2]);
    int program = open(arguments[3], O_PATH | O_CLOEXEC), status;
    for (long number = first; number < end; number++) {
        int pid = fork();
        if (pid == 0)
            become(program, number);
        if (waitpid(pid, &status, 0) != pid || status)
            return 1;
    }
    return 0;
}
