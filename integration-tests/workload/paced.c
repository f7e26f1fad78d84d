// SPDX-License-Identifier: Apache-2.0
/* Opens files at a steady rate.
 *   paced RATE SECONDS FILE...     RATE opens a second, the files in turn */
#include "pace.h"
#include <fcntl.h>

struct files {
    char **names;
    int count;
};

static void open_and_close(void *with, long long number)
{
    struct files *files = with;
    char *file = files->names[number % files->count];
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || close(fd))
        die(file);
}

int main(int count, char **args)
{
    if (count < 4)
        die("paced RATE SECONDS FILE...");
    long long rate = atoll(args[1]), all = rate * atoll(args[2]);
    struct files files = {args + 3, count - 3};
    truth_start();
    long long before = wall_ns(), late = pace(rate, all, open_and_close, &files);
    struct truth t = truth_of("burst");
    truth_number(&t, "pid", getpid());
    truth_number(&t, "count", all);
    truth_text(&t, "path", files.names[0]);
    truth_number(&t, "most_behind", late);
    truth_number(&t, "before_ns", before);
    truth_number(&t, "after_ns", wall_ns());
    truth_tell(&t);
}
