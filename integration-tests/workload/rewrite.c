// SPDX-License-Identifier: Apache-2.0
/* Names and arguments that another thread rewrites, and takes the memory of, while the kernel and its observers
 * read them: `rewrite COUNT`. No program is executed. */
#include "truth.h"
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>

#define BYTES (64 * 1024)
#define ARGS 64

static volatile int done;
static char *text;
static char *vector[ARGS + 1];

static unsigned next(unsigned *state)
{
    return *state = *state * 1664525 + 1013904223;
}

/* Fills, ends, cuts off, turns to garbage: whatever a reader may rely on changes under it. */
static void *rewrite(void *unused)
{
    unsigned state = 1;
    while (!done) {
        unsigned n = next(&state) >> 8;
        mprotect(text, BYTES, PROT_READ | PROT_WRITE);
        switch (n % 5) {
        case 0: memset(text, '/', BYTES); break;
        case 1: memset(text, 'a' + n % 26, BYTES - 1); text[BYTES - 1] = 0; break;
        case 2: for (int i = 0; i < BYTES; i += 1 + n % 97) text[i] = 0; break;
        case 3: for (int i = 0; i < BYTES; i++) text[i] = next(&state) >> 16; break;
        case 4: mprotect(text + BYTES / 2, BYTES / 2, PROT_NONE); break;
        }
        for (int i = 0; i < ARGS; i++)
            vector[i] = n % 7 ? text + next(&state) % BYTES : (char *)(long)next(&state);
    }
    return unused;
}

int main(int count, char **args)
{
    if (count != 2)
        die("rewrite COUNT");
    int rounds = atoi(args[1]);
    text = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_t other;
    for (int i = 0; i < ARGS; i++)
        vector[i] = text + i;
    truth_start();
    if (text == MAP_FAILED || pthread_create(&other, NULL, rewrite, NULL))
        die("begin to rewrite");
    long long before = wall_ns();
    for (int i = 0; i < rounds; i++) {
        int file = open(text + i % 4096, O_PATH); /* "/" can be opened */
        if (file >= 0)
            close(file);
        execve("/nonexistent/program", vector, (char *const[]){NULL});
    }
    done = 1;
    pthread_join(other, NULL);
    struct truth t = truth_of("burst");
    truth_number(&t, "count", rounds);
    truth_number(&t, "before_ns", before);
    truth_number(&t, "after_ns", wall_ns());
    truth_tell(&t);
    return 0;
}
