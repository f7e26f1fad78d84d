package dev.ringside.receivers;

import dev.ringside.bpf.Text;

/// A file that a process opened, or tried to: `struct file_open`.
///
/// @param time when the call returned, in nanoseconds of CLOCK_BOOTTIME
/// @param duration how long the call took, in nanoseconds
/// @param error 0, or the errno of an open that failed
/// @param descriptor what the call returned; -1 when it failed
/// @param flags as the system call took them, see [dev.ringside.receivers.linux.OpenFlags]
/// @param mode the mode for a file that the call creates
/// @param path what was asked for, made absolute; empty when it could not be read
/// @param executableName the name of the file that the process runs
public record FileOpen(
    long time,
    long duration,
    ObservedProcess process,
    int error,
    int descriptor,
    long flags,
    int mode,
    Text path,
    Text executableName,
    Text cgroup) {}
