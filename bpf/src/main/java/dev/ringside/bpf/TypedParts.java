package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringside.bpf.libbpf.Libbpf;
import dev.ringside.bpf.libbpf.bpf_prog_info;
import dev.ringside.bpf.libbpf.bpf_prog_load_opts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// The functions that a program consists of, and their types. With them the verifier looks at a
/// function once and by itself; without, at each call and with all it knows there, which for
/// functions with loops can be a hundred times as much.
///
/// libbpf keeps the types to itself, so the kernel is asked for those of the program that copies
/// are made of. Where they begin is seen in the instructions.
///
/// @param types a descriptor of the object's type information
/// @param ids the type of each function, in the order they lie in
/// @param begins the first instruction of each
record TypedParts(int types, List<Integer> ids, List<Integer> begins) {
  private static final int INSTRUCTION_BYTES = 8;
  private static final byte CALL = (byte) 0x85; // BPF_JMP | BPF_CALL
  private static final int OWN_FUNCTION = 1; // BPF_PSEUDO_CALL
  private static final int RECORD_BYTES = 8; // struct bpf_func_info: instruction, type

  static TypedParts of(MemorySegment program, MemorySegment instructions, int types) {
    return new TypedParts(types, ids(Libbpf.bpf_program__fd(program)), begins(instructions));
  }

  /// Without them when not all are known: the verifier dropped those that are never called, and
  /// will do so again.
  void apply(MemorySegment options, Arena arena) {
    if (types < 0 || ids.size() != begins.size()) return;
    var records = arena.allocate((long) RECORD_BYTES * ids.size(), 4);
    for (int i = 0; i < ids.size(); i++) {
      records.setAtIndex(JAVA_INT, 2L * i, begins.get(i));
      records.setAtIndex(JAVA_INT, 2L * i + 1, ids.get(i));
    }
    bpf_prog_load_opts.prog_btf_fd(options, types);
    bpf_prog_load_opts.func_info(options, records);
    bpf_prog_load_opts.func_info_cnt(options, ids.size());
    bpf_prog_load_opts.func_info_rec_size(options, RECORD_BYTES);
  }

  private static List<Integer> begins(MemorySegment instructions) {
    var begins = new TreeSet<>(List.of(0));
    for (int at = 0; at < instructions.byteSize(); at += INSTRUCTION_BYTES) {
      boolean own = (instructions.get(JAVA_BYTE, at + 1) >> 4 & 0xf) == OWN_FUNCTION;
      if (instructions.get(JAVA_BYTE, at) == CALL && own)
        begins.add(at / INSTRUCTION_BYTES + 1 + instructions.get(JAVA_INT, at + 4));
    }
    return List.copyOf(begins);
  }

  private static List<Integer> ids(int program) {
    try (var arena = Arena.ofConfined()) {
      int count = bpf_prog_info.nr_func_info(ask(program, bpf_prog_info.allocate(arena), arena));
      var records = arena.allocate((long) RECORD_BYTES * Math.max(count, 1), 4);
      var info = bpf_prog_info.allocate(arena);
      bpf_prog_info.nr_func_info(info, count);
      bpf_prog_info.func_info_rec_size(info, RECORD_BYTES);
      bpf_prog_info.func_info(info, records.address());
      int told = bpf_prog_info.nr_func_info(ask(program, info, arena));
      var ids = new ArrayList<Integer>();
      for (int i = 0; i < Math.min(count, told); i++)
        ids.add(records.getAtIndex(JAVA_INT, 2L * i + 1));
      return List.copyOf(ids);
    }
  }

  private static MemorySegment ask(int program, MemorySegment info, Arena arena) {
    var size = Native.intSegment(arena, Math.toIntExact(info.byteSize()));
    int error = Libbpf.bpf_obj_get_info_by_fd(program, info, size);
    return error == 0 ? info : info.fill((byte) 0);
  }
}
