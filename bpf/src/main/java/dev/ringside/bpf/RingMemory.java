package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.MemorySegment;

/// A ring's pages, as the kernel lets them be mapped.
///
/// @param page bytes of a page
/// @param consumer one page, which only we write
/// @param producer one page, then the data
record RingMemory(long page, MemorySegment consumer, MemorySegment producer) {
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_SHARED = 1;

  static RingMemory map(String name, int descriptor, long size) {
    long page = Libbpf.getpagesize();
    return new RingMemory(
        page,
        map(name, descriptor, page, PROT_READ | PROT_WRITE, 0),
        map(name, descriptor, page + size, PROT_READ, page));
  }

  private static MemorySegment map(
      String name, int descriptor, long bytes, int protection, long offset) {
    return Native.pointer(
            "map ring " + name,
            Libbpf.mmap(MemorySegment.NULL, bytes, protection, MAP_SHARED, descriptor, offset))
        .reinterpret(bytes);
  }

  void unmap() {
    Libbpf.munmap(consumer, consumer.byteSize());
    Libbpf.munmap(producer, producer.byteSize());
  }
}
