package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.MemorySegment;

/// bpf(2) itself, for what is younger than many a libbpf.
final class BpfCall {
  // enum bpf_cmd
  static final long BTF_GET_FD_BY_ID = 19;
  static final long BTF_GET_NEXT_ID = 23;
  static final long LINK_CREATE = 28;

  private static final boolean X86 = System.getProperty("os.arch").equals("amd64");

  private BpfCall() {}

  /// @param doing what, for the error
  /// @param attributes the part of `union bpf_attr` that the command has
  /// @throws BpfException saying what the kernel said
  static int call(String doing, long command, MemorySegment attributes) {
    return Native.number(
        doing,
        Libbpf.syscall(
            SystemCall.BPF.number(X86), command, attributes.address(), attributes.byteSize()));
  }
}
