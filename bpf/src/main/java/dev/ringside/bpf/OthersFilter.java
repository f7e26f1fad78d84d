package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Downcall;
import dev.ringside.bpf.libbpf.Libbpf;

/// A filter of system calls (seccomp) that somebody else put on this process, as container runtimes
/// do. Many of them let bpf(2) through to CAP_SYS_ADMIN only, whatever CAP_BPF is for; to libbpf
/// that looks like a missing capability, or like a kernel without BPF.
final class OthersFilter {
  private static final boolean X86 = System.getProperty("os.arch").equals("amd64");
  private static final int EINVAL = 22;

  /// Of `enum bpf_cmd`, in no kernel.
  private static final long NO_COMMAND = Integer.MAX_VALUE;

  private OthersFilter() {}

  /// What to add to a refusal of a process that has CAP_BPF; empty where bpf(2) reaches the kernel,
  /// which has no such command.
  static String advice() {
    if (Libbpf.syscall(SystemCall.BPF.number(X86), NO_COMMAND, 0, 0) >= 0
        || Downcall.errno() == EINVAL) return "";
    return "; bpf(2) does not reach the kernel: a container's or a service's filter of system calls"
        + " (seccomp) refuses it, with the error %s. share/seccomp.json is one that allows it"
            .formatted(Native.message(Downcall.errno()));
  }
}
