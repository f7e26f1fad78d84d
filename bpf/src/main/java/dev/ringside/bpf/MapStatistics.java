package dev.ringside.bpf;

/// How full a map is at one moment.
///
/// @param name the map's name in C
/// @param entries entries in use, or -1 where they cannot be counted (arrays, task storage)
/// @param maxEntries how many it can hold
/// @param lost what it had no room for, counted in the kernel
public record MapStatistics(String name, long entries, long maxEntries, long lost) {}
