package dev.ringside.bpf;

/// What a refusal means and what to do, in our words. The kernel gives a number for very different
/// reasons, so the mechanism decides.
final class Advice {
  private static final int EPERM = 1;
  private static final int ENOENT = 2;
  private static final int ESRCH = 3;
  private static final int EIO = 5;
  private static final int EACCES = 13;
  private static final int EINVAL = 22;
  private static final int EOPNOTSUPP = 95;
  private static final int ENOTSUPP = 524;

  private Advice() {}

  static String on(Way way, int errno) {
    var by = way.mechanism();
    boolean trampoline = by.contains("fentry") || by.contains("fexit") || by.contains("fsession");
    boolean probe = by.contains("kprobe");
    if (by.contains("uprobe")) return onUprobe(by, errno);
    return switch (errno) {
      case EPERM, EACCES ->
          trampoline
              ? "this kernel is locked down or lacks BPF trampolines; see /sys/kernel/security/lockdown"
              : "not allowed here: lockdown, a container, or a missing capability";
      case ENOENT ->
          by.contains("tracepoint")
              ? "tracefs is not mounted, or the kernel has no such tracepoint: mount -t tracefs tracefs /sys/kernel/tracing"
              : "this kernel has no such function to attach to, or no kprobes (CONFIG_KPROBES)";
      case ESRCH -> "the kernel's type information has no such function";
      case EINVAL ->
          by.contains("task storage")
              ? "this kernel has no task storage for tracing programs (since 5.11)"
              : onInvalid(by, probe);
      case ENOTSUPP, EOPNOTSUPP -> "this kernel or architecture cannot do it";
      default -> "";
    };
  }

  /// How a kernel says that it does not know something.
  private static String onInvalid(String by, boolean probe) {
    return switch (by) {
      case "fsession" -> "this kernel has no trampolines for sessions (since 7.0)";
      case "fsession.multi" -> "this kernel has no trampolines for many functions (since 7.2)";
      case "kprobe.session" -> "this kernel has no sessions by kprobe.multi (since 6.10)";
      case "kprobe.multi" -> "this kernel has no kprobe.multi (since 5.18, CONFIG_FPROBE)";
      default -> probe ? "this kernel was built without kprobes (CONFIG_KPROBES)" : "";
    };
  }

  private static String onUprobe(String by, int errno) {
    return switch (errno) {
      case EPERM, EACCES ->
          "not allowed here: lockdown, a container, or no CAP_SYS_ADMIN, which newer kernels ask for";
      case EINVAL ->
          by.contains("multi")
              ? "this kernel has no uprobe.multi (since 6.6), or the file cannot be watched"
              : "the file cannot be watched";
      case EIO -> "its file system cannot be watched: files have to be read through the page cache";
      case ENOTSUPP, EOPNOTSUPP -> "its first instruction cannot be replaced by a breakpoint";
      default -> "";
    };
  }
}
