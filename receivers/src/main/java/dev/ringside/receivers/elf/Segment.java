package dev.ringside.receivers.elf;

/// A part of a file that is loaded into memory.
///
/// @param bytes of the file, which may be fewer than in memory
record Segment(boolean isExecutable, long offset, long address, long bytes) {
  boolean holds(long at) {
    return at >= address && at - address < bytes;
  }
}
