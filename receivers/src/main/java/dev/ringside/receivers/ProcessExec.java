package dev.ringside.receivers;

import dev.ringside.bpf.Text;

/// A process that replaced its program, or tried to: `struct process_exec`.
///
/// @param time when, in nanoseconds of CLOCK_BOOTTIME
/// @param error 0, or the errno of an exec that failed
/// @param argsCount how many arguments there are, however many of them travel
/// @param executablePath the file that runs now; of a failed exec, the one that was asked for
/// @param args the arguments, each ended by NUL; empty unless asked for
/// @param traceParent the value of TRACEPARENT in the new environment; empty unless asked for
public record ProcessExec(
    long time,
    ObservedProcess process,
    int error,
    int argsCount,
    Text executablePath,
    Text workingDirectory,
    Text cgroup,
    Text args,
    Text traceParent) {}
