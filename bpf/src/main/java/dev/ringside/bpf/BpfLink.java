package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Links as bpf(2) itself makes them: uprobe.multi is younger (6.6) than many a libbpf.
final class BpfLink {
  private static final boolean X86 = System.getProperty("os.arch").equals("amd64");
  private static final FunctionDescriptor BPF =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final long LINK_CREATE = 28;

  // enum bpf_attach_type
  private static final int PERF_EVENT = 41;
  static final int UPROBE_MULTI = 48;

  // The part of union bpf_attr that is for BPF_LINK_CREATE.
  private static final long BYTES = 64;
  private static final long PROGRAM = 0;
  private static final long TARGET = 4;
  private static final long TYPE = 8;
  private static final long COOKIE = 16;
  private static final long PATH = 16;
  private static final long OFFSETS = 24;
  private static final long SEMAPHORES = 32;
  private static final long COOKIES = 40;
  private static final long COUNT = 48;
  private static final long FLAGS = 52;
  private static final int AT_RETURN = 1; // BPF_F_UPROBE_MULTI_RETURN

  private BpfLink() {}

  /// One of many places of a uprobe.multi.
  ///
  /// @param cookie what the program is told
  record Place(long offset, long semaphore, long cookie) {}

  /// Lets a program run at a perf event and know it by a cookie (5.15).
  ///
  /// @return the link's descriptor
  static int toPerfEvent(int program, int event, long cookie) {
    try (var arena = Arena.ofConfined()) {
      var attributes = attributes(program, PERF_EVENT, arena);
      attributes.set(JAVA_INT, TARGET, event);
      attributes.set(JAVA_LONG, COOKIE, cookie);
      return create(attributes);
    }
  }

  /// Lets a program that was loaded for [#UPROBE_MULTI] run at all these places of a file.
  ///
  /// @return the link's descriptor
  static int toUserFunctions(int program, String file, List<Place> places, boolean atReturn) {
    try (var arena = Arena.ofConfined()) {
      var attributes = attributes(program, UPROBE_MULTI, arena);
      attributes.set(ADDRESS, PATH, arena.allocateFrom(file));
      attributes.set(ADDRESS, OFFSETS, longs(places.stream().map(Place::offset).toList(), arena));
      if (places.stream().anyMatch(p -> p.semaphore() != 0)) {
        var semaphores = places.stream().map(Place::semaphore).toList();
        attributes.set(ADDRESS, SEMAPHORES, longs(semaphores, arena));
      }
      attributes.set(ADDRESS, COOKIES, longs(places.stream().map(Place::cookie).toList(), arena));
      attributes.set(JAVA_INT, COUNT, places.size());
      attributes.set(JAVA_INT, FLAGS, atReturn ? AT_RETURN : 0);
      return create(attributes);
    }
  }

  private static MemorySegment attributes(int program, int type, Arena arena) {
    var attributes = arena.allocate(BYTES, 8);
    attributes.set(JAVA_INT, PROGRAM, program);
    attributes.set(JAVA_INT, TYPE, type);
    return attributes;
  }

  private static MemorySegment longs(List<Long> values, Arena arena) {
    return arena.allocateFrom(JAVA_LONG, values.stream().mapToLong(Long::longValue).toArray());
  }

  private static int create(MemorySegment attributes) {
    return Native.number(
        "attach",
        Libbpf.syscall.address(),
        BPF,
        (long) SystemCall.BPF.number(X86),
        LINK_CREATE,
        attributes,
        attributes.byteSize());
  }
}
