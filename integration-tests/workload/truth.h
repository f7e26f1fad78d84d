/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What a workload really did, as JSON lines on standard output: the ground truth the agent's records are
 * compared with. The programs are linked statically, write with write(2) and open nothing by themselves, so
 * what they say is all they do.
 *
 * Strings are bytes; those that are not UTF-8 are shown as \xHH. Times are CLOCK_REALTIME in nanoseconds. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/syscall.h>

struct truth {
    char *line;
    size_t length, room;
};

static inline void die(const char *doing)
{
    fprintf(stderr, "%s: %s\n", doing, strerror(errno));
    exit(99);
}

static inline long long wall_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static inline int thread_id(void)
{
    return syscall(SYS_gettid);
}

static inline void truth_bytes(struct truth *t, const char *bytes, size_t length)
{
    if (t->length + length + 1 > t->room) {
        t->room = (t->length + length + 1) * 2;
        t->line = realloc(t->line, t->room);
        if (!t->line)
            die("realloc");
    }
    memcpy(t->line + t->length, bytes, length);
    t->length += length;
}

static inline void truth_format(struct truth *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline void truth_format(struct truth *t, const char *format, ...)
{
    char buffer[256];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    truth_bytes(t, buffer, length);
}

/* How many bytes the UTF-8 character at s has; 0 if there is none. Surrogates and overlong forms are none. */
static inline int utf8_length(const unsigned char *s)
{
    if (s[0] < 0x80)
        return 1;
    int length = s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 : s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : 0;
    for (int i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90) ||
        (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return length;
}

static inline void truth_quoted(struct truth *t, const char *value)
{
    const unsigned char *s = (const unsigned char *)value;
    truth_bytes(t, "\"", 1);
    while (*s) {
        int length = utf8_length(s);
        if (length == 0)
            truth_format(t, "\\\\x%02x", *s);
        else if (*s == '"' || *s == '\\')
            truth_format(t, "\\%c", *s);
        else if (*s < 0x20)
            truth_format(t, "\\u%04x", *s);
        else
            truth_bytes(t, (const char *)s, length);
        s += length ? length : 1;
    }
    truth_bytes(t, "\"", 1);
}

static inline struct truth truth_of(const char *what)
{
    struct truth t = {0};
    truth_bytes(&t, "{\"what\":", 8);
    truth_quoted(&t, what);
    return t;
}

static inline void truth_number(struct truth *t, const char *name, long long value)
{
    truth_format(t, ",\"%s\":%lld", name, value);
}

static inline void truth_text(struct truth *t, const char *name, const char *value)
{
    truth_format(t, ",\"%s\":", name);
    truth_quoted(t, value);
}

static inline void truth_texts(struct truth *t, const char *name, char *const *values)
{
    truth_format(t, ",\"%s\":[", name);
    for (int i = 0; values[i]; i++) {
        if (i)
            truth_bytes(t, ",", 1);
        truth_quoted(t, values[i]);
    }
    truth_bytes(t, "]", 1);
}

static inline void truth_numbers(struct truth *t, const char *name, const int *values, int count)
{
    truth_format(t, ",\"%s\":[", name);
    for (int i = 0; i < count; i++)
        truth_format(t, i ? ",%d" : "%d", values[i]);
    truth_bytes(t, "]", 1);
}

static inline void truth_tell(struct truth *t)
{
    truth_bytes(t, "}\n", 2);
    for (size_t done = 0; done < t->length;) {
        ssize_t n = write(1, t->line + done, t->length - done);
        if (n < 0)
            die("write truth");
        done += n;
    }
    free(t->line);
}

/* Says who is here, and waits until the observers are ready: for a line, or the end of standard input. */
static inline void truth_start(void)
{
    struct truth t = truth_of("start");
    truth_number(&t, "pid", getpid());
    truth_number(&t, "parent_pid", getppid());
    truth_tell(&t);
    char c = 0;
    while (read(0, &c, 1) == 1 && c != '\n') {
    }
}
