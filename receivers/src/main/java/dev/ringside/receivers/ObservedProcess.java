package dev.ringside.receivers;

/// The process that an event is about, `struct process`. Ids are those of the initial pid namespace
/// unless they say otherwise.
///
/// @param startTime when it began, in nanoseconds of CLOCK_BOOTTIME
/// @param pid the process
/// @param tid the thread that did it
/// @param parentPid the process that started it, or that inherited it
/// @param namespacePid the process as it sees itself, in its own pid namespace
/// @param userId the effective user id, unsigned
/// @param command the thread's name (`comm`), up to 15 bytes
public record ObservedProcess(
    long startTime,
    int pid,
    int tid,
    int parentPid,
    int namespacePid,
    int userId,
    String command) {}
