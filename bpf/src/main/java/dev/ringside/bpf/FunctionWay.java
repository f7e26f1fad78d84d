package dev.ringside.bpf;

/// One way to watch functions of the kernel: the programs at their entry and their return.
///
/// @param kind how they attach
/// @param entry a program of the object
/// @param exit another; it is attached before `entry`, so no entry waits for a return in vain
/// @param note what this way costs or misses compared with a better one; may be empty
public record FunctionWay(Kind kind, String entry, String exit, String note) {

  /// The mechanisms of the kernel.
  public enum Kind {
    /// A copy of each program for each function.
    TRAMPOLINE("fentry/fexit"),
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
  }

  // What `bpf/src/main/bpf/function.bpf.h` makes patterns for.
  private static final String PATTERN_OF = "vfs_read";

  /// As a way of the whole object: whether its programs are loaded at all.
  Way way() {
    return Way.by(kind.mechanism())
        .attach(entry, new Hook.Pattern(PATTERN_OF))
        .attach(exit, new Hook.Pattern(PATTERN_OF))
        .note(note);
  }
}
