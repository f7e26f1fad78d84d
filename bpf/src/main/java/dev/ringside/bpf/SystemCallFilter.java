package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A seccomp(2) filter that refuses with EPERM what nobody needs once receivers are attached.
///
/// It lists what is refused and not what is allowed: which calls a JVM and a C library make differs
/// by their versions, and one that was forgotten would break Ringside on another machine, in the
/// middle of its work. A list of what is allowed belongs where the versions are known: in the
/// systemd unit.
final class SystemCallFilter {
  private static final boolean X86 = System.getProperty("os.arch").equals("amd64");

  // include/uapi/linux/audit.h
  private static final int ARCHITECTURE = X86 ? 0xC000003E : 0xC00000B7;

  /// Calls of the x32 ABI have this bit.
  private static final int X32 = 0x40000000;

  // include/uapi/linux/seccomp.h; struct seccomp_data { int nr; u32 arch; u64 ip; u64 args[6]; }
  private static final long SET_MODE_FILTER = 1;
  private static final long ALL_THREADS = 1; // SECCOMP_FILTER_FLAG_TSYNC
  // Before 5.16 a filter made all code of the process slower; it guards against code that is not
  // trusted, and ours is.
  private static final long NO_SPECULATION_PENALTY = 1 << 2; // SECCOMP_FILTER_FLAG_SPEC_ALLOW
  private static final int NR = 0;
  private static final int ARCH = 4;
  private static final int FIRST_ARGUMENT = 16;
  private static final int ALLOW = 0x7fff0000;
  private static final int EPERM = 0x00050001;

  // include/uapi/linux/bpf_common.h
  private static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_AT_LEAST = 0x35;
  private static final int RETURN = 0x06;

  private static final int PR_SET_NO_NEW_PRIVS = 38;

  /// What is done with maps that are there, of `enum bpf_cmd`: reading an entry, writing one,
  /// taking one away, the next key, reading a batch, and what a program that is attached already
  /// says of all entries.
  private static final List<Integer> OF_MAPS = List.of(1, 2, 3, 4, 24, 33);

  private static final Set<SystemCall> REFUSED =
      EnumSet.complementOf(EnumSet.of(SystemCall.BPF, SystemCall.SECCOMP));

  private SystemCallFilter() {}

  /// One instruction of classic BPF.
  record Instruction(int code, int jumpIfTrue, int jumpIfFalse, int operand) {}

  /// Installs it in every thread of this process, and `no_new_privs`, which the kernel passes on
  /// with it. There is no way back.
  ///
  /// @throws BpfException when the kernel has no seccomp filters, or a thread has one of its own
  static void install() {
    try (var arena = Arena.ofConfined()) {
      Native.number("set no_new_privs", Libbpf.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
      var program = program();
      // struct sock_fprog { unsigned short len; struct sock_filter *filter; }
      var argument = arena.allocate(16, 8);
      argument.set(JAVA_SHORT, 0, (short) program.size());
      argument.set(ADDRESS, 8, encoded(program, arena));
      int thread =
          Native.number(
              "install a system call filter",
              Libbpf.syscall(
                  SystemCall.SECCOMP.number(X86),
                  SET_MODE_FILTER,
                  ALL_THREADS | NO_SPECULATION_PENALTY,
                  argument.address()));
      if (thread != 0)
        throw new BpfException(
            "install a system call filter: thread " + thread + " has another one already", 0);
    }
  }

  // struct sock_filter { u16 code; u8 jt; u8 jf; u32 k; }
  private static MemorySegment encoded(List<Instruction> program, Arena arena) {
    var code = arena.allocate(program.size() * 8L, 8);
    for (int i = 0; i < program.size(); i++) {
      var instruction = program.get(i);
      int head = instruction.code | instruction.jumpIfTrue << 16 | instruction.jumpIfFalse << 24;
      code.set(JAVA_INT, i * 8L, head);
      code.set(JAVA_INT, i * 8L + 4, instruction.operand);
    }
    return code;
  }

  /// Both architectures are little-endian, so an argument's low half comes first.
  static List<Instruction> program() {
    var program = new ArrayList<Instruction>();
    program.add(new Instruction(LOAD, 0, 0, ARCH));
    // Another ABI of the same processor (32-bit programs) has other numbers: none of it.
    program.add(new Instruction(JUMP_IF_EQUAL, 1, 0, ARCHITECTURE));
    program.add(new Instruction(RETURN, 0, 0, EPERM));
    program.add(new Instruction(LOAD, 0, 0, NR));
    if (X86) {
      program.add(new Instruction(JUMP_IF_AT_LEAST, 0, 1, X32));
      program.add(new Instruction(RETURN, 0, 0, EPERM));
    }
    for (var call : REFUSED) {
      if (call.number(X86) < 0) continue;
      program.add(new Instruction(JUMP_IF_EQUAL, 0, 1, call.number(X86)));
      program.add(new Instruction(RETURN, 0, 0, EPERM));
    }
    program.add(new Instruction(JUMP_IF_EQUAL, 1, 0, SystemCall.BPF.number(X86)));
    program.add(new Instruction(RETURN, 0, 0, ALLOW));
    program.add(new Instruction(LOAD, 0, 0, FIRST_ARGUMENT));
    for (int command : OF_MAPS) {
      program.add(new Instruction(JUMP_IF_EQUAL, 0, 1, command));
      program.add(new Instruction(RETURN, 0, 0, ALLOW));
    }
    program.add(new Instruction(RETURN, 0, 0, EPERM));
    return program;
  }
}
