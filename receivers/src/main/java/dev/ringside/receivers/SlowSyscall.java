package dev.ringside.receivers;

import dev.ringside.bpf.Text;

/// A system call that took long: `struct slow_syscall`.
///
/// @param time when the call returned, in nanoseconds of CLOCK_BOOTTIME
/// @param duration how long it took, in nanoseconds
/// @param number which call, see [dev.ringside.receivers.linux.SystemCalls]
/// @param error 0, or the errno of a call that failed
/// @param executableName the name of the file that the process runs
public record SlowSyscall(
    long time,
    long duration,
    ObservedProcess process,
    int number,
    int error,
    Text executableName,
    Text cgroup) {}
