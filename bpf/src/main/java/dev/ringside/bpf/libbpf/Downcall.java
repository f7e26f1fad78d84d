package dev.ringside.bpf.libbpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/// Calls C functions, all by one handle.
///
/// The JVM makes classes and machine code for each signature that it links; for those that starting
/// takes, that lasted longer than starting the JVM itself. But all our functions take integers and
/// pointers, and x86-64 and aarch64 pass each of them in a register of 64 bits, or in 8 bytes of
/// the stack: a `long` in the same place is the same to the function, and arguments that it does
/// not have disturb nobody. What is narrower comes back in the lower bits, which the caller cuts
/// off.
///
/// Every call keeps `errno`, which the JVM may overwrite before Java reads it.
public final class Downcall {
  private static final int ARGUMENTS = 7;

  private static final MethodHandle HANDLE =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                  JAVA_LONG),
              Linker.Option.captureCallState("errno"));

  private static final long ERRNO =
      Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("errno"));

  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

  private Downcall() {}

  /// @param arguments at most seven
  /// @return as many lower bits of it as the function returns
  static long call(MemorySegment function, long... arguments) {
    var a = Arrays.copyOf(arguments, ARGUMENTS);
    if (arguments.length > a.length)
      throw new IllegalArgumentException(arguments.length + " arguments");
    try {
      return (long)
          HANDLE.invokeExact(function, STATE.get(), a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError("a native call throws nothing", t);
    }
  }

  /// What the last call on this thread left in `errno`; it means something only if it failed.
  public static int errno() {
    return STATE.get().get(JAVA_INT, ERRNO);
  }

  /// Where a segment is that a function is to read or write. The caller keeps it reachable.
  static long address(MemorySegment segment) {
    if (!segment.isNative()) throw new IllegalArgumentException("on the heap: " + segment);
    if (!segment.scope().isAlive()) throw new IllegalStateException("already freed: " + segment);
    return segment.address();
  }

  /// Those of a function with a variable number of them.
  static long[] arguments(long[] more, long... first) {
    var all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }
}
