package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The numbers of functions in the running kernel's type information. Reading that takes tens of
/// milliseconds, and as many megabytes until it is closed.
final class KernelTypes implements AutoCloseable {
  private static final int FUNC = 12; // BTF_KIND_FUNC

  private final MemorySegment types = Libbpf.btf__load_vmlinux_btf();

  /// 0 when there is no such function, or nothing can be read.
  int function(String name) {
    if (types.address() == 0) return 0;
    try (var arena = Arena.ofConfined()) {
      return Math.max(0, Libbpf.btf__find_by_name_kind(types, arena.allocateFrom(name), FUNC));
    }
  }

  @Override
  public void close() {
    if (types.address() != 0) Libbpf.btf__free(types);
  }
}
