package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Whether programs may compare and exchange (`BPF_CMPXCHG`, since 5.12, and later where the
/// processor's compiler for programs did not know it yet).
///
/// A kernel refuses a program for an instruction that it does not know even where it would never
/// get to. So this is asked with a program of its own.
final class AtomicExchange {
  private static final int KPROBE = 2; // BPF_PROG_TYPE_KPROBE

  /// As `struct bpf_insn` has them, on a number on the stack.
  private static final long[] INSTRUCTIONS = {
    0x0000_0000_fff8_0a7aL, // *(u64 *)(r10 - 8) = 0
    0x0000_0000_0000_00b7L, // r0 = 0
    0x0000_0001_0000_02b7L, // r2 = 1
    0x0000_00f1_fff8_2adbL, // r0 = cmpxchg(r10 - 8, r0, r2)
    0x0000_0000_0000_0095L, // exit
  };

  private AtomicExchange() {}

  private static final class Answer {
    private static final boolean ANSWER = ask();
  }

  /// Asks once.
  static boolean isInThisKernel() {
    return Answer.ANSWER;
  }

  private static boolean ask() {
    try (var arena = Arena.ofConfined()) {
      var program = arena.allocateFrom(JAVA_LONG, INSTRUCTIONS);
      var name = arena.allocateFrom("exchange");
      var license = arena.allocateFrom("GPL");
      var options = MemorySegment.NULL;
      int loaded =
          Libbpf.bpf_prog_load(KPROBE, name, license, program, INSTRUCTIONS.length, options);
      if (loaded >= 0) Libbpf.close(loaded);
      return loaded >= 0;
    }
  }
}
