package dev.ringside.bpf;

import java.util.Optional;

/// A place in the kernel that runs a BPF program.
public sealed interface Hook {

  /// Where the program's own `SEC()` says.
  record Declared() implements Hook {}

  /// A tracepoint by perf event, `syscalls:sys_enter_openat`. Needs tracefs mounted, since the
  /// tracepoint's number is only found there.
  record Tracepoint(String category, String name) implements Hook {}

  /// A kernel function, where it begins or where it returns, by kprobe.
  record Function(String name, boolean atReturn) implements Hook {}

  /// Nowhere by itself: copies of the program attach to functions that are chosen when it is loaded
  /// ([FunctionsNeed]).
  ///
  /// @param function one to try this kind of program on
  /// @param session what it is tried as, if it is not what it is declared as
  record Pattern(String function, Optional<FunctionWay.Kind> session) implements Hook {
    Pattern(String function) {
      this(function, Optional.empty());
    }
  }

  /// An iterator that runs once, when everything else is attached, to see what was there before.
  record Iterator() implements Hook {}

  /// The entries of a map, each time that somebody asks for it ([Probe#sweep]).
  record Entries(String map) implements Hook {}

  static Hook declared() {
    return new Declared();
  }

  static Hook tracepoint(String category, String name) {
    return new Tracepoint(category, name);
  }

  static Hook iterator() {
    return new Iterator();
  }

  static Hook entriesOf(String map) {
    return new Entries(map);
  }
}
