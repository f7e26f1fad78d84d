package dev.ringside.receivers.elf;

/// A place that the authors of a program marked to be watched (USDT), one of perhaps several with
/// this name.
///
/// @param address in the file's own address space
/// @param semaphore the address of the counter that switches it on; 0: it has none
public record StaticProbe(String provider, String name, long address, long semaphore) {}
