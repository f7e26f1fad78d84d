package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringside.bpf.libbpf.Downcall;
import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The thin layer around the generated bindings: `errno` for the calls that report through it.
///
/// Functions of libbpf that return an `int` return `-errno` themselves. Those that return a
/// pointer, and the C library, set `errno`, which [Downcall] keeps.
final class Native {
  /// libbpf 1.x; 0.x reports errors differently.
  private static final int LIBBPF_MAJOR = 1;

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

  /// What a pointer-returning function returned. NULL becomes an exception that says what was being
  /// done; the call must be this thread's last.
  static MemorySegment pointer(String doing, MemorySegment result) {
    // mmap reports MAP_FAILED, which is -1.
    if (result.address() == 0 || result.address() == -1) throw failed(doing);
    return result;
  }

  /// The same for a C library function that returns -1 and sets `errno`.
  static int number(String doing, long result) {
    if (result < 0) throw failed(doing);
    return (int) result;
  }

  private static BpfException failed(String doing) {
    int errno = Downcall.errno();
    return new BpfException(doing + ": " + message(errno), errno);
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
}
