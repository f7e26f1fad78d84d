package dev.ringside.bpf;

/// How full a map is at one moment.
///
/// @param name the map's name in C
/// @param entries entries in use, or -1 where they cannot be counted (arrays, task storage)
/// @param maxEntries how many it can hold
/// @param lost what it had no room for, counted in the kernel
/// @param missed calls that it holds the beginning of and whose return the kernel did not tell,
///   counted in the kernel when the same thread's next call begins
public record MapStatistics(String name, long entries, long maxEntries, long lost, long missed) {}
