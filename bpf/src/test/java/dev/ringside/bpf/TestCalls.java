package dev.ringside.bpf;

import dev.ringside.bpf.KernelFunction.Returned;
import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Functions of the kernel, and calls of them.
final class TestCalls {
  private static final int FUNC = 12; // BTF_KIND_FUNC

  private static final MethodHandle ADVISE =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("posix_fadvise"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT));

  private TestCalls() {}

  /// One that this kernel's type information need not know.
  static KernelFunction function(String name, int words, Returned returned) {
    var kernel = Libbpf.btf__load_vmlinux_btf();
    try (var arena = Arena.ofConfined()) {
      int id = Libbpf.btf__find_by_name_kind(kernel, arena.allocateFrom(name), FUNC);
      return new KernelFunction(name, "", Math.max(id, 0), words, returned);
    } finally {
      Libbpf.btf__free(kernel);
    }
  }

  /// A system call that nothing else here makes, and that fails: one call of `ksys_fadvise64_64`,
  /// with `length` as its third argument.
  ///
  /// @return the error's number
  static int adviseOnNothing(long length) {
    try {
      return (int) ADVISE.invokeExact(-1, 0L, length, 0);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
