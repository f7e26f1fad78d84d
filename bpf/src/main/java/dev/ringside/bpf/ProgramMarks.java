package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/// What `function.bpf.h` marks in a program, to be changed in a copy of it. A mark is a load of a
/// number that stands nowhere else; what belongs to it comes right behind. Instructions that a copy
/// has no use for become jumps to the next one, which the verifier takes out.
///
/// @param program a copy's instructions, `struct bpf_insn`
record ProgramMarks(MemorySegment program) {
  private static final long INSTRUCTION_BYTES = 8;

  // struct bpf_insn: code, registers, offset, immediate.
  private static final long REGISTERS = 1;
  private static final long OFFSET = 2;
  private static final long IMMEDIATE = 4;

  private static final byte MOVE_IMMEDIATE = (byte) 0xb7; // BPF_ALU64 | BPF_MOV | BPF_K
  private static final byte AND_IMMEDIATE = 0x57; // BPF_ALU64 | BPF_AND | BPF_K
  private static final byte SHIFT_LEFT = 0x67; // BPF_ALU64 | BPF_LSH | BPF_K
  private static final byte SHIFT_RIGHT = (byte) 0xc7; // BPF_ALU64 | BPF_ARSH | BPF_K
  private static final byte NEGATE = (byte) 0x87; // BPF_ALU64 | BPF_NEG
  private static final byte LOAD_64 = 0x79; // BPF_LDX | BPF_MEM | BPF_DW
  private static final byte STORE_64 = 0x7b; // BPF_STX | BPF_MEM | BPF_DW
  private static final byte ATOMIC_64 = (byte) 0xdb; // BPF_STX | BPF_ATOMIC | BPF_DW
  private static final int COMPARE_AND_EXCHANGE = 0xf1; // BPF_CMPXCHG, with register 0
  private static final long JUMP_TO_NEXT = 0x05; // BPF_JMP | BPF_JA

  private static final byte LOAD_ADDRESS = 0x18; // BPF_LD | BPF_IMM | BPF_DW, of two instructions
  private static final byte CALL = (byte) 0x85; // BPF_JMP | BPF_CALL
  private static final byte OF_KERNEL = 2 << 4; // BPF_PSEUDO_KFUNC_CALL, a register as it were

  // The marks of function.bpf.h.
  private static final int NUMBER = 0x46756e63;
  private static final int RESULT = 0x52657375;
  private static final int IS_RETURN = 0x53655265;
  private static final int COOKIE = 0x5365436f;
  private static final int FRAME_TAKE = 0x46726154;

  /// Puts in what the marks stand for.
  ///
  /// @param exchanges whether this kernel has atomic exchanges
  void fit(KernelFunction function, int number, SessionCalls calls, boolean exchanges) {
    for (long at = 0; at < program.byteSize(); at += INSTRUCTION_BYTES) {
      if (code(at) != MOVE_IMMEDIATE) continue;
      switch (program.get(JAVA_INT, at + IMMEDIATE)) {
        case NUMBER -> fitNumber(at, number);
        case RESULT -> fitResult(at, function);
        case IS_RETURN -> call(at, calls.isReturn());
        case FRAME_TAKE -> fitFrame(at, exchanges);
        case COOKIE -> {
          long address = at + INSTRUCTION_BYTES;
          require(LOAD_ADDRESS, address, "of a cookie");
          call(at, calls.cookie());
          leaveOut(address);
          leaveOut(address + INSTRUCTION_BYTES);
        }
        default -> {}
      }
    }
  }

  private void fitNumber(long mark, int number) {
    require(AND_IMMEDIATE, mark + INSTRUCTION_BYTES, "of a number");
    program.set(JAVA_INT, mark + IMMEDIATE, number);
    leaveOut(mark + INSTRUCTION_BYTES);
  }

  private void fitResult(long mark, KernelFunction function) {
    long load = mark + INSTRUCTION_BYTES;
    long first = load + INSTRUCTION_BYTES;
    long second = first + INSTRUCTION_BYTES;
    require(LOAD_64, load, "of a result");
    require(NEGATE, first, "of a result");
    require(NEGATE, second, "of a result");
    leaveOut(mark);
    program.set(JAVA_SHORT, load + OFFSET, (short) (8 * function.argumentWords()));
    switch (function.returned()) {
      case POINTER -> {}
      case SIGNED_32 -> {
        shift(SHIFT_LEFT, first);
        shift(SHIFT_RIGHT, second);
      }
      case NOTHING -> {
        moveNothing(load);
        leaveOut(first);
        leaveOut(second);
      }
      default -> {
        leaveOut(first);
        leaveOut(second);
      }
    }
  }

  /// The mark is what stands there before, or is to be expected there.
  private void fitFrame(long mark, boolean exchanges) {
    long store = mark + INSTRUCTION_BYTES;
    require(STORE_64, store, "of a frame");
    if (!exchanges) {
      leaveOut(store);
      return;
    }
    program.set(JAVA_INT, mark + IMMEDIATE, 0);
    program.set(JAVA_BYTE, store, ATOMIC_64);
    program.set(JAVA_SHORT, store + OFFSET, (short) 0);
    program.set(JAVA_INT, store + IMMEDIATE, COMPARE_AND_EXCHANGE);
  }

  private void shift(byte code, long at) {
    program.set(JAVA_BYTE, at, code);
    program.set(JAVA_INT, at + IMMEDIATE, Integer.SIZE);
  }

  /// Instead of a load, into the same register.
  private void moveNothing(long at) {
    int destination = program.get(JAVA_BYTE, at + REGISTERS) & 0xf;
    program.set(JAVA_LONG, at, 0);
    program.set(JAVA_BYTE, at, MOVE_IMMEDIATE);
    program.set(JAVA_BYTE, at + REGISTERS, (byte) destination);
  }

  private void call(long at, int function) {
    program.set(JAVA_LONG, at, 0);
    program.set(JAVA_BYTE, at, CALL);
    program.set(JAVA_BYTE, at + REGISTERS, OF_KERNEL);
    program.set(JAVA_INT, at + IMMEDIATE, function);
  }

  private void leaveOut(long at) {
    program.set(JAVA_LONG, at, JUMP_TO_NEXT);
  }

  private byte code(long at) {
    return program.get(JAVA_BYTE, at);
  }

  private void require(byte code, long at, String mark) {
    if (code(at) != code)
      throw new IllegalStateException("not what belongs there behind the mark " + mark);
  }
}
