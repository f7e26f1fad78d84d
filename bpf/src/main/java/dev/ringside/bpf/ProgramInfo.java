package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Asks the kernel about programs and links by descriptor. What it does not know is 0; it never
/// fails, since a count that cannot be had must not take the others with it.
final class ProgramInfo {
  // struct bpf_prog_info, the same everywhere. For the class that is generated of it the JVM would
  // make code, while the first events come.
  private static final int PROGRAM_BYTES = 232;
  private static final long RECURSION_MISSES = 208;
  private static final long VERIFIED_INSTRUCTIONS = 216;

  private static final int LINK_BYTES = 128;

  // struct bpf_link_info, whose part for kprobes libbpf's headers do not know yet (6.6, 6.7).
  private static final int LINK_PERF_EVENT = 7;
  private static final long PERF_EVENT_TYPE = 16;
  private static final int KPROBE = 3;
  private static final int KRETPROBE = 4;
  private static final long KPROBE_MISSED = 48;

  private static final int LINK_KPROBE_MULTI = 8;
  private static final long KPROBE_MULTI_MISSED = 32;

  private ProgramInfo() {}

  /// `verified_insns` (5.16) and `recursion_misses` (5.12).
  static ProgramStatistics of(String name, int program) {
    try (var arena = Arena.ofConfined()) {
      var info = arena.allocate(PROGRAM_BYTES, 8);
      boolean known = ask(program, info, arena);
      return new ProgramStatistics(
          name,
          known ? Integer.toUnsignedLong(info.get(JAVA_INT, VERIFIED_INSTRUCTIONS)) : 0,
          known ? info.get(JAVA_LONG, RECURSION_MISSES) : 0);
    }
  }

  /// What a kprobe or kretprobe missed (6.7), before any program was asked to run.
  static long missed(int link) {
    try (var arena = Arena.ofConfined()) {
      var info = arena.allocate(LINK_BYTES, 8);
      if (!ask(link, info, arena)) return 0;
      int kind = info.get(JAVA_INT, 0);
      if (kind == LINK_KPROBE_MULTI) return info.get(JAVA_LONG, KPROBE_MULTI_MISSED);
      if (kind != LINK_PERF_EVENT) return 0;
      int type = info.get(JAVA_INT, PERF_EVENT_TYPE);
      return type == KPROBE || type == KRETPROBE ? info.get(JAVA_LONG, KPROBE_MISSED) : 0;
    }
  }

  private static boolean ask(int descriptor, MemorySegment info, Arena arena) {
    var size = Native.intSegment(arena, Math.toIntExact(info.byteSize()));
    return descriptor >= 0 && Libbpf.bpf_obj_get_info_by_fd(descriptor, info, size) == 0;
  }
}
