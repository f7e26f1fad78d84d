package dev.ringside.bpf;

import java.util.List;

/// Whether a function can be watched.
sealed interface FunctionVerdict {
  record Watchable(KernelFunction function) implements FunctionVerdict {}

  /// @param reason what is to be said of this function alone
  record Unwatchable(Obstacle obstacle, String reason, List<String> nearest)
      implements FunctionVerdict {}

  /// Why functions cannot be watched, as it is said of many.
  enum Obstacle {
    ABSENT("not in this kernel"),
    RENAMED("inlined or renamed by the compiler"),
    AMBIGUOUS("several functions have that name"),
    BOOT_ONLY("only there while the kernel boots"),
    NOT_TRACEABLE("not traceable (notrace)"),
    DANGEROUS("dangerous to watch"),
    NO_KPROBES("neither in the type information nor open to kprobes"),
    NO_TYPES("not in the type information (only kprobes can; name it alone)");

    private final String summary;

    Obstacle(String summary) {
      this.summary = summary;
    }

    String summary() {
      return summary;
    }
  }
}
