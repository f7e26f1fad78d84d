package dev.ringside.receivers;

import dev.ringside.bpf.Text;

/// A process whose last thread ended: `struct process_exit`.
///
/// @param time when, in nanoseconds of CLOCK_BOOTTIME
/// @param exitStatus as wait(2) encodes it, see [dev.ringside.receivers.linux.ExitStatus]
/// @param executableName the name of the file it ran last; empty when unknown
public record ProcessExit(
    long time, ObservedProcess process, int exitStatus, Text executableName, Text cgroup) {}
