package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The thin layer around the generated bindings: `errno` for the calls that report through it.
///
/// Functions of libbpf that return an `int` return `-errno` themselves and are called directly.
/// Those that return a pointer, and the C library, set `errno`, which the JVM may overwrite before
/// Java reads it; so they are called through handles that capture it.
final class Native {
  /// libbpf 1.x; 0.x reports errors differently.
  private static final int LIBBPF_MAJOR = 1;

  private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURED.varHandle(StructLayout.PathElement.groupElement("errno"));

  private Native() {}

  /// Fails with advice when libbpf is not there or too old. To be called before anything else of
  /// the bindings.
  static String libbpfVersion() {
    BundledLibraries.load();
    try {
      int major = Libbpf.libbpf_major_version();
      if (major < LIBBPF_MAJOR) {
        throw new BpfException(
            "libbpf " + major + ".x is too old; libbpf 1.0 or newer is needed", 0);
      }
      return major + "." + Libbpf.libbpf_minor_version();
    } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
      throw new BpfException("load libbpf.so.1: not found; on Debian: apt-get install libbpf1", 0);
    }
  }

  /// A call that captures `errno`, for a function of the bindings.
  static MethodHandle capturing(MemorySegment address, FunctionDescriptor descriptor) {
    return Linker.nativeLinker()
        .downcallHandle(address, descriptor, Linker.Option.captureCallState("errno"));
  }

  static MemorySegment captureState(Arena arena) {
    return arena.allocate(CAPTURED);
  }

  static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  /// Calls a pointer-returning function. NULL becomes an exception that says what was being done.
  static MemorySegment pointer(
      String doing, MemorySegment address, FunctionDescriptor descriptor, Object... arguments) {
    try (var arena = Arena.ofConfined()) {
      var state = captureState(arena);
      var all = new Object[arguments.length + 1];
      all[0] = state;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      var result = (MemorySegment) invoke(capturing(address, descriptor), all);
      // mmap reports MAP_FAILED, which is -1.
      if (result.address() == 0 || result.address() == -1) {
        int errno = errno(state);
        throw new BpfException(doing + ": " + message(errno), errno);
      }
      return result;
    }
  }

  /// Calls a C library function that returns -1 and sets `errno`.
  static int number(
      String doing, MemorySegment address, FunctionDescriptor descriptor, Object... arguments) {
    try (var arena = Arena.ofConfined()) {
      var state = captureState(arena);
      var all = new Object[arguments.length + 1];
      all[0] = state;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      var result = ((Number) invoke(capturing(address, descriptor), all)).intValue();
      if (result < 0) {
        int errno = errno(state);
        throw new BpfException(doing + ": " + message(errno), errno);
      }
      return result;
    }
  }

  /// What the C library calls an errno, in English.
  static String message(int errno) {
    // The kernel's own; it never reaches a C library.
    if (errno == 524) return "Operation not supported by the kernel";
    return Libbpf.strerror(Math.abs(errno)).reinterpret(256).getString(0);
  }

  static MemorySegment intSegment(Arena arena, int value) {
    return arena.allocateFrom(JAVA_INT, value);
  }

  private static Object invoke(MethodHandle handle, Object... arguments) {
    try {
      return handle.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError("a native call throws nothing", t);
    }
  }
}
