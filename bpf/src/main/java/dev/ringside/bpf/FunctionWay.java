package dev.ringside.bpf;

import java.util.Optional;

/// One way to watch functions of the kernel: the programs at their entry and their return.
///
/// @param kind how they attach
/// @param entry a program of the object
/// @param exit another; it is attached before `entry`, so no entry waits for a return in vain. Of a
///   session, which has one program for both, the same
/// @param note what this way costs or misses compared with a better one; may be empty
public record FunctionWay(Kind kind, String entry, String exit, String note) {

  /// The mechanisms of the kernel.
  public enum Kind {
    /// A copy of the program for each function.
    FSESSION("fsession"),
    /// One program for all functions of the kernel itself, by one link.
    FSESSION_MULTI("fsession.multi"),
    /// A copy of each program for each function.
    TRAMPOLINE("fentry/fexit"),
    /// One program for all functions, by one link.
    KPROBE_SESSION("kprobe.session"),
    /// One pair of programs for all functions, by one link each.
    MULTI("kprobe.multi"),
    /// A copy of each program for each function.
    KPROBE("kprobe/kretprobe");

    private final String mechanism;

    Kind(String mechanism) {
      this.mechanism = mechanism;
    }

    /// What a person calls it.
    public String mechanism() {
      return mechanism;
    }

    /// Why it need not be tried for a function.
    Optional<String> obstacle(KernelFunction function) {
      boolean byType = this == FSESSION || this == FSESSION_MULTI || this == TRAMPOLINE;
      if (byType && function.typeId() == 0)
        return Optional.of("not in the kernel's types, or takes what a trampoline does not");
      // A link has the types of the kernel, or those of one module.
      return this == FSESSION_MULTI && !function.module().isEmpty()
          ? Optional.of("in a module")
          : Optional.empty();
    }

    /// Whether it is one program for entry and return. libbpf does not know those, so their
    /// programs are declared as what comes nearest.
    boolean isSession() {
      return this == FSESSION || this == FSESSION_MULTI || this == KPROBE_SESSION;
    }
  }

  /// One program for entry and return.
  public static FunctionWay session(Kind kind, String program, String note) {
    return new FunctionWay(kind, program, program, note);
  }

  // What `bpf/src/main/bpf/function.bpf.h` makes patterns for.
  private static final String PATTERN_OF = "vfs_read";

  /// As a way of the whole object: whether its programs are loaded at all.
  Way way() {
    var hook =
        new Hook.Pattern(PATTERN_OF, kind.isSession() ? Optional.of(kind) : Optional.empty());
    var way = Way.by(kind.mechanism()).attach(entry, hook).note(note);
    return entry.equals(exit) ? way : way.attach(exit, hook);
  }
}
