package dev.ringside.bpf;

/// What the kernel says of one attached program.
///
/// @param name in C
/// @param verifiedInstructions how many the verifier followed; 0 before 5.16, which does not say
/// @param missed runs that were left out, because one of its kind was running on the same CPU
///   already, or a kretprobe had no free instance; older kernels do not count all of them
public record ProgramStatistics(String name, long verifiedInstructions, long missed) {}
