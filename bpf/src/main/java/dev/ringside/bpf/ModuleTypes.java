package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/// The type information of kernel modules as the kernel wants it named where a program attaches to
/// a function of one: by a descriptor (5.11). The kernel lets CAP_SYS_ADMIN alone look for it.
final class ModuleTypes implements AutoCloseable {
  private static final int ENOENT = 2;

  // The part of union bpf_attr that is for finding them, and for opening one.
  private static final long BYTES = 16;
  private static final long FROM = 0;
  private static final long NEXT = 4;

  // struct bpf_btf_info
  private static final long INFO_BYTES = 32;
  private static final long NAME = 16;
  private static final long NAME_LENGTH = 24;
  private static final long IS_OF_KERNEL = 28;
  private static final int LONGEST_NAME = 64; // MODULE_NAME_LEN

  private final Map<String, Integer> descriptors = new HashMap<>();

  /// @param module empty is the kernel itself
  /// @return open until this is closed; 0 is the kernel itself
  /// @throws BpfException when there is none, or the kernel does not tell
  int descriptor(String module) {
    return module.isEmpty() ? 0 : descriptors.computeIfAbsent(module, ModuleTypes::find);
  }

  private static int find(String module) {
    var doing = "load: find the types of module " + module;
    try (var arena = Arena.ofConfined()) {
      var attributes = arena.allocate(BYTES, 8);
      for (; ; ) {
        // It says that there are no more as that there is none.
        BpfCall.call(doing, BpfCall.BTF_GET_NEXT_ID, attributes);
        int id = attributes.get(JAVA_INT, NEXT);
        attributes.set(JAVA_INT, FROM, id);
        attributes.set(JAVA_INT, NEXT, 0);
        int descriptor = open(doing, attributes);
        if (descriptor < 0) continue;
        if (isOf(module, descriptor)) return descriptor;
        Libbpf.close(descriptor);
      }
    }
  }

  /// Negative when it has gone meanwhile: those of programs come and go.
  private static int open(String doing, MemorySegment attributes) {
    try {
      return BpfCall.call(doing, BpfCall.BTF_GET_FD_BY_ID, attributes);
    } catch (BpfException e) {
      if (e.errno() == ENOENT) return -1;
      throw e;
    }
  }

  private static boolean isOf(String module, int descriptor) {
    try (var arena = Arena.ofConfined()) {
      var name = arena.allocate(LONGEST_NAME);
      var info = arena.allocate(INFO_BYTES, 8);
      info.set(ADDRESS, NAME, name);
      info.set(JAVA_INT, NAME_LENGTH, LONGEST_NAME);
      var size = Native.intSegment(arena, (int) INFO_BYTES);
      return Libbpf.bpf_obj_get_info_by_fd(descriptor, info, size) == 0
          && info.get(JAVA_INT, IS_OF_KERNEL) != 0
          && name.getString(0).equals(module);
    }
  }

  @Override
  public void close() {
    descriptors.values().forEach(Libbpf::close);
    descriptors.clear();
  }
}
