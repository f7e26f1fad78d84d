package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.ObjIntConsumer;

/// One loaded map, read from Java. Values of per-CPU maps come as one value per possible CPU.
///
/// @param name in C
/// @param descriptor of the kernel's map
/// @param type as `enum bpf_map_type` numbers it
/// @param cpus possible CPUs
record BpfMap(
    String name,
    int descriptor,
    int type,
    long keySize,
    long valueSize,
    long maxEntries,
    int cpus) {
  static final int HASH = 1;
  static final int ARRAY = 2;
  static final int PERCPU_HASH = 5;
  static final int PERCPU_ARRAY = 6;
  static final int LRU_HASH = 9;
  static final int RINGBUF = 27;
  static final int TASK_STORAGE = 29;

  private static final long NOEXIST = 1;

  private static final int ENOENT = 2;
  private static final int E2BIG = 7;
  private static final int ENOMEM = 12;
  private static final int EEXIST = 17;
  private static final int ENOSPC = 28;
  private static final int BATCH = 64;

  static BpfMap of(MemorySegment map, String name) {
    return new BpfMap(
        name,
        Libbpf.bpf_map__fd(map),
        Libbpf.bpf_map__type(map),
        Integer.toUnsignedLong(Libbpf.bpf_map__key_size(map)),
        Integer.toUnsignedLong(Libbpf.bpf_map__value_size(map)),
        Integer.toUnsignedLong(Libbpf.bpf_map__max_entries(map)),
        Libbpf.libbpf_num_possible_cpus());
  }

  boolean isPerCpu() {
    return type == PERCPU_HASH || type == PERCPU_ARRAY;
  }

  boolean isHash() {
    return type == HASH || type == PERCPU_HASH || type == LRU_HASH;
  }

  /// Bytes between the values of two CPUs; the kernel rounds up to 8.
  long stride() {
    return isPerCpu() ? valueSize + 7 & ~7L : valueSize;
  }

  int valuesPerKey() {
    return isPerCpu() ? cpus : 1;
  }

  /// The value(s) of a key, or null when there is none.
  MemorySegment lookup(MemorySegment key, Arena arena) {
    var value = arena.allocate(stride() * valuesPerKey(), 8);
    int error = Libbpf.bpf_map_lookup_elem(descriptor, key, value);
    if (error == -ENOENT) return null;
    if (error < 0) throw failed("read map " + name, error);
    return value;
  }

  /// Puts a `u64` into an array of them.
  void put(int index, long value) {
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocateFrom(JAVA_LONG, value);
      int error = Libbpf.bpf_map_update_elem(descriptor, Native.intSegment(arena, index), bytes, 0);
      if (error < 0) throw failed("write map " + name, error);
    }
  }

  /// Adds a key whose value(s) are all zeros.
  ///
  /// @return false when it is there already, or there is no room
  boolean addZeros(byte[] key) {
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocate(keySize, 8).copyFrom(MemorySegment.ofArray(key));
      var zeros = arena.allocate(stride() * valuesPerKey(), 8);
      int error = Libbpf.bpf_map_update_elem(descriptor, bytes, zeros, NOEXIST);
      if (error < 0 && error != -EEXIST && error != -E2BIG && error != -ENOMEM)
        throw failed("write map " + name, error);
      return error == 0;
    }
  }

  /// Takes a key away, if it is there.
  void remove(byte[] key) {
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocate(keySize, 8).copyFrom(MemorySegment.ofArray(key));
      int error = Libbpf.bpf_map_delete_elem(descriptor, bytes);
      if (error < 0 && error != -ENOENT) throw failed("write map " + name, error);
    }
  }

  /// Takes each key with its value(s), both valid during the call only.
  interface Row {
    void entry(MemorySegment key, MemorySegment values);
  }

  /// Reads all entries, in batches where the kernel can (5.6; per-CPU arrays later), else one by
  /// one.
  void forEach(Row row) {
    try (var arena = Arena.ofConfined()) {
      if (!isHash()) {
        for (int i = 0; i < maxEntries; i++) {
          var key = Native.intSegment(arena, i);
          row.entry(key, lookup(key, arena));
        }
      } else if (!batched(row, arena)) {
        oneByOne(row, arena);
      }
    }
  }

  /// @return false when the kernel cannot do it, before any row was handed out
  private boolean batched(Row row, Arena arena) {
    int most = (int) Math.min(BATCH, maxEntries);
    var in = MemorySegment.NULL;
    // Room for what the kernel calls a batch: a bucket number or a key.
    var out = arena.allocate(Math.max(keySize, 8), 8);
    boolean first = true;
    while (true) {
      var keys = arena.allocate(keySize * most, 8);
      var values = arena.allocate(stride() * valuesPerKey() * most, 8);
      var count = Native.intSegment(arena, most);
      int error =
          Libbpf.bpf_map_lookup_batch(descriptor, in, out, keys, values, count, MemorySegment.NULL);
      if (error == -ENOSPC && most < maxEntries) {
        // One bucket holds more than fits; nothing of it was returned.
        most = (int) Math.min(most * 4L, maxEntries);
        continue;
      }
      if (error < 0 && error != -ENOENT) {
        if (first) return false;
        throw failed("read map " + name, error);
      }
      int n = count.get(JAVA_INT, 0);
      long width = stride() * valuesPerKey();
      for (int i = 0; i < n; i++) {
        row.entry(keys.asSlice(i * keySize, keySize), values.asSlice(i * width, width));
      }
      if (error == -ENOENT) return true;
      first = false;
      in = arena.allocate(out.byteSize(), 8).copyFrom(out);
    }
  }

  private void oneByOne(Row row, Arena arena) {
    var previous = MemorySegment.NULL;
    // Keys come and go meanwhile; a walk that loses its place begins anew, so it is bounded.
    for (long i = 0; i < maxEntries; i++) {
      var key = arena.allocate(keySize, 8);
      if (Libbpf.bpf_map_get_next_key(descriptor, previous, key) < 0) return;
      var values = lookup(key, arena);
      if (values != null) row.entry(key, values);
      previous = key;
    }
  }

  /// Entries in use, or -1 where that has no meaning: an array is always full, and an LRU map soon
  /// is.
  long count() {
    if (!isHash() || type == LRU_HASH) return -1;
    long n = 0;
    try (var arena = Arena.ofConfined()) {
      var previous = MemorySegment.NULL;
      var key = arena.allocate(keySize, 8);
      for (; n < maxEntries; n++) {
        if (Libbpf.bpf_map_get_next_key(descriptor, previous, key) < 0) break;
        if (previous.address() == 0) previous = arena.allocate(keySize, 8);
        previous.copyFrom(key);
      }
    }
    return n;
  }

  /// The sum over CPUs of the `u64` at `offset` of each value.
  long sum(MemorySegment values, long offset) {
    long sum = 0;
    for (int cpu = 0; cpu < valuesPerKey(); cpu++)
      sum += values.get(JAVA_LONG, cpu * stride() + offset);
    return sum;
  }

  void forEachCpu(MemorySegment values, ObjIntConsumer<MemorySegment> each) {
    for (int cpu = 0; cpu < valuesPerKey(); cpu++) {
      each.accept(values.asSlice(cpu * stride(), valueSize), cpu);
    }
  }

  static BpfException failed(String doing, int error) {
    return new BpfException(doing + ": " + Native.message(-error), -error);
  }
}
