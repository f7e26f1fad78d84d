package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import dev.ringside.bpf.libbpf.bpf_prog_load_opts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A loaded program that copies are made of, one for each function. What differs is what
/// `function.bpf.h` marks ([ProgramMarks]): to the verifier these are constants, so a copy is as
/// quick as a program written for its function.
///
/// @param name of the program in the object
/// @param type as `enum bpf_prog_type` numbers it
/// @param attachType as `enum bpf_attach_type` does
/// @param instructions as libbpf relocated them: maps are descriptors of this process
/// @param parts its functions
/// @param calls what it calls, if it is a session
record ProgramPattern(
    String name,
    int type,
    int attachType,
    MemorySegment instructions,
    TypedParts parts,
    SessionCalls calls) {
  private static final long INSTRUCTION_BYTES = 8;

  private static final KernelFunction NOTHING_KNOWN =
      new KernelFunction("", "", 0, 0, KernelFunction.Returned.UNKNOWN);

  private static final int TRACING = 26; // BPF_PROG_TYPE_TRACING
  private static final int NAME_MAX = 15;
  private static final int LOG_BYTES = 64 << 10;

  /// @param program of a loaded object; copies can be made as long as that is not closed
  /// @param types a descriptor of the object's type information
  static ProgramPattern of(String name, MemorySegment program, int types) {
    long size = Libbpf.bpf_program__insn_cnt(program) * INSTRUCTION_BYTES;
    var instructions = Libbpf.bpf_program__insns(program).reinterpret(size);
    return new ProgramPattern(
        name,
        Libbpf.bpf_program__type(program),
        Libbpf.bpf_program__expected_attach_type(program),
        instructions,
        TypedParts.of(program, instructions, types),
        SessionCalls.NONE);
  }

  /// The same program, to be attached in another way.
  ProgramPattern as(int attachType) {
    return new ProgramPattern(name, type, attachType, instructions, parts, calls);
  }

  /// The same program, to be attached as a session.
  ProgramPattern as(int attachType, SessionCalls calls) {
    return new ProgramPattern(name, type, attachType, instructions, parts, calls);
  }

  /// Loads a copy into the kernel, for what has a number and nothing else that differs.
  int load(int number) {
    return load(NOTHING_KNOWN, number, 0);
  }

  /// Loads a copy into the kernel.
  ///
  /// @param number which programs know the function by
  /// @param types a descriptor of those that the function's number is among ([ModuleTypes])
  /// @return its descriptor, which the caller closes
  /// @throws BpfException with the verifier's last words
  int load(KernelFunction function, int number, int types) {
    try (var arena = Arena.ofConfined()) {
      var copy = arena.allocate(instructions.byteSize(), 8).copyFrom(instructions);
      boolean exchanges = isAtTrampoline() && AtomicExchange.isInThisKernel();
      new ProgramMarks(copy).fit(function, number, calls, exchanges);
      var options = bpf_prog_load_opts.allocate(arena);
      bpf_prog_load_opts.sz(options, bpf_prog_load_opts.sizeof());
      bpf_prog_load_opts.expected_attach_type(options, attachType);
      bpf_prog_load_opts.attach_btf_id(options, isAtTrampoline() ? function.typeId() : 0);
      bpf_prog_load_opts.attach_btf_obj_fd(options, isAtTrampoline() ? types : 0);
      parts.apply(options, arena);
      int program = load(copy, options, arena);
      if (program >= 0) return program;
      throw refused(copy, options, program, arena);
    }
  }

  /// Whether it is loaded for a function that it knows by its type.
  boolean isAtTrampoline() {
    return type == TRACING;
  }

  private int load(MemorySegment copy, MemorySegment options, Arena arena) {
    return Libbpf.bpf_prog_load(
        type,
        arena.allocateFrom(name.substring(0, Math.min(name.length(), NAME_MAX))),
        arena.allocateFrom("GPL"),
        copy,
        copy.byteSize() / INSTRUCTION_BYTES,
        options);
  }

  /// Once more, for the verifier's words.
  private BpfException refused(MemorySegment copy, MemorySegment options, int error, Arena arena) {
    var log = arena.allocate(LOG_BYTES);
    bpf_prog_load_opts.log_level(options, 1);
    bpf_prog_load_opts.log_size(options, LOG_BYTES);
    bpf_prog_load_opts.log_buf(options, log);
    int program = load(copy, options, arena);
    if (program >= 0) Libbpf.close(program);
    var verdict = new LibbpfLog(log.getString(0).lines().toList()).verdict();
    var said = Native.message(-error) + (verdict.isEmpty() ? "" : ": " + verdict);
    return new BpfException(said, -error);
  }
}
