package dev.ringside.receivers;

import dev.ringside.bpf.Text;

/// A call of a kernel function that took long: `struct slow_call`.
///
/// @param time when it returned, in nanoseconds of CLOCK_BOOTTIME
/// @param duration in nanoseconds
/// @param process whose thread made the call; in an interrupt, the one that was interrupted
/// @param result the value of the register that results are returned in
/// @param function its number among the watched ones
/// @param error 0, or the errno that it returned
/// @param executableName empty for a kernel thread
/// @param arguments `struct argument`, as many as the function has paths; empty where none are kept
/// @param kernelFrames addresses of eight bytes each, the innermost first; empty when not asked for
/// @param userFrames the same in the process's own memory
/// @param userFiles `struct bpf_stack_build_id` for each of these
public record SlowCall(
    long time,
    long duration,
    ObservedProcess process,
    long result,
    int function,
    int error,
    String executableName,
    CgroupNames cgroup,
    Text arguments,
    Text kernelFrames,
    Text userFrames,
    Text userFiles) {}
