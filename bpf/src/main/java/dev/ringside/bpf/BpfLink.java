package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SortedMap;

/// Links as bpf(2) itself makes them: uprobe.multi is younger (6.6) than many a libbpf.
final class BpfLink {
  // enum bpf_attach_type
  private static final int PERF_EVENT = 41;
  private static final int ITERATOR = 28; // BPF_TRACE_ITER
  static final int KPROBE_MULTI = 42;
  static final int UPROBE_MULTI = 48;
  static final int KPROBE_SESSION = 56;
  static final int FSESSION = 58;
  static final int FSESSION_MULTI = 61;

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
  private static final int AT_RETURN = 1; // BPF_F_UPROBE_MULTI_RETURN, BPF_F_KPROBE_MULTI_RETURN

  // The same of kprobe.multi and of trampolines for many.
  private static final long PROBE_FLAGS = 16;
  private static final long PROBE_COUNT = 20;
  private static final long PROBE_NAMES = 24;
  private static final long PROBE_COOKIES = 40;
  private static final long TRAMPOLINE_IDS = 16;
  private static final long TRAMPOLINE_COOKIES = 24;
  private static final long TRAMPOLINE_COUNT = 32;

  // The same of an iterator: where union bpf_iter_link_info lies, which begins with a map.
  private static final long ITERATOR_INFO = 16;
  private static final long ITERATOR_INFO_BYTES = 24;

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

  /// Lets a program run at functions of the kernel, by their names.
  ///
  /// @param type what it was loaded for, [#KPROBE_MULTI] or [#KPROBE_SESSION]
  /// @param functions by the cookies that the program is told
  /// @param atReturn of a session, false
  /// @return the link's descriptor
  static int toFunctions(
      int program, int type, SortedMap<Integer, KernelFunction> functions, boolean atReturn) {
    try (var arena = Arena.ofConfined()) {
      var names = arena.allocate(ADDRESS, functions.size());
      int at = 0;
      for (var function : functions.values())
        names.setAtIndex(ADDRESS, at++, arena.allocateFrom(function.name()));
      var attributes = attributes(program, type, arena);
      attributes.set(JAVA_INT, PROBE_FLAGS, atReturn ? AT_RETURN : 0);
      attributes.set(JAVA_INT, PROBE_COUNT, functions.size());
      attributes.set(ADDRESS, PROBE_NAMES, names);
      attributes.set(ADDRESS, PROBE_COOKIES, numbers(functions, arena));
      return create(attributes);
    }
  }

  /// Lets a program that was loaded for [#FSESSION_MULTI] run at functions of the kernel itself, by
  /// their types.
  ///
  /// @param functions by the cookies that the program is told
  /// @return the link's descriptor
  static int toTrampolines(int program, SortedMap<Integer, KernelFunction> functions) {
    try (var arena = Arena.ofConfined()) {
      var ids = functions.values().stream().mapToInt(KernelFunction::typeId).toArray();
      var attributes = attributes(program, FSESSION_MULTI, arena);
      attributes.set(ADDRESS, TRAMPOLINE_IDS, arena.allocateFrom(JAVA_INT, ids));
      attributes.set(ADDRESS, TRAMPOLINE_COOKIES, numbers(functions, arena));
      attributes.set(JAVA_INT, TRAMPOLINE_COUNT, functions.size());
      return create(attributes);
    }
  }

  /// Lets an iterator run over the entries of a map.
  ///
  /// @return the link's descriptor
  static int toEntries(int program, int map) {
    try (var arena = Arena.ofConfined()) {
      var attributes = attributes(program, ITERATOR, arena);
      attributes.set(ADDRESS, ITERATOR_INFO, arena.allocateFrom(JAVA_INT, map));
      attributes.set(JAVA_INT, ITERATOR_INFO_BYTES, (int) JAVA_INT.byteSize());
      return create(attributes);
    }
  }

  private static MemorySegment numbers(SortedMap<Integer, ?> numbered, Arena arena) {
    return longs(numbered.keySet().stream().map(Integer::longValue).toList(), arena);
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
    return BpfCall.call("attach", BpfCall.LINK_CREATE, attributes);
  }
}
