// SPDX-License-Identifier: Apache-2.0
/* The smallest program worth executing: no C library, no dynamic loader, opens nothing. Arguments that it
 * does not know are somebody else's test data.
 *   exit:N     exits with N          signal:N   kills itself with N
 *   wait       reads standard input to its end first */
#include <asm/unistd.h>

#if defined(__x86_64__)
__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call target\n");
static long call(long nr, long a, long b, long c)
{
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(nr), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
__asm__(".globl _start\n_start: mov x0, sp\n bl target\n");
static long call(long nr, long a, long b, long c)
{
    register long x8 __asm__("x8") = nr, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
}
#endif

static int number_after(const char *prefix, const char *text, int otherwise)
{
    while (*prefix)
        if (*prefix++ != *text++)
            return otherwise;
    int number = 0;
    while (*text)
        number = number * 10 + (*text++ - '0');
    return number;
}

__attribute__((noreturn, used)) void target(long *stack)
{
    long count = stack[0];
    char **args = (char **)(stack + 1);
    int code = 0;
    for (long i = 1; i < count; i++) {
        code = number_after("exit:", args[i], code);
        int signal = number_after("signal:", args[i], 0);
        if (signal)
            call(__NR_kill, call(__NR_getpid, 0, 0, 0), signal, 0);
        char c;
        if (number_after("wait", args[i], -1) == 0)
            while (call(__NR_read, 0, (long)&c, 1) > 0) {
            }
    }
    call(__NR_exit_group, code, 0, 0);
    __builtin_unreachable();
}
