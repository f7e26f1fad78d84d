package dev.ringside.receivers;

import dev.ringside.bpf.Text;

/// A call of a function that took long: `struct user_function_slow`.
///
/// @param time when the function had returned, in nanoseconds of CLOCK_BOOTTIME
/// @param duration how long it took, in nanoseconds
/// @param function its number among those that are watched
/// @param executableName the name of the file that the process runs
public record UserFunctionSlow(
    long time,
    long duration,
    int function,
    ObservedProcess process,
    Text executableName,
    Text cgroup) {}
