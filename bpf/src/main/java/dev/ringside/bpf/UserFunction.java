package dev.ringside.bpf;

import java.util.List;

/// A function of a program or a shared library that is to be watched, or a pair of its static
/// probes (USDT).
///
/// @param name what a person calls it: `usleep`
/// @param file the program or library, as a path that this process can open
/// @param begins where it is entered
/// @param ends where it is left; empty for a function, which is left wherever it returns
public record UserFunction(String name, String file, List<Place> begins, List<Place> ends) {

  /// An instruction.
  ///
  /// @param offset counted from the file's first byte
  /// @param semaphore where the file has the counter that switches a static probe on; 0: it has
  ///   none
  public record Place(long offset, long semaphore) {}

  public UserFunction {
    begins = List.copyOf(begins);
    ends = List.copyOf(ends);
    if (begins.isEmpty()) throw new IllegalArgumentException(name + ": nowhere to watch it");
  }

  /// A function whose first instruction is at an offset.
  public static UserFunction at(String name, String file, long offset) {
    return new UserFunction(name, file, List.of(new Place(offset, 0)), List.of());
  }

  boolean isReturning() {
    return ends.isEmpty();
  }

  /// `libc.so.6:usleep`
  public String label() {
    return file.substring(file.lastIndexOf('/') + 1) + ":" + name;
  }
}
