package dev.ringside.bpf;

import java.util.function.BiConsumer;

/// Reads a kernel map. Empty until the object is loaded and after it is closed.
///
/// Reading takes a few system calls and may run on any thread. Rows that change meanwhile are seen
/// either way; no row is seen twice.
@FunctionalInterface
public interface Table<K, V> {
  void forEach(BiConsumer<? super K, ? super V> row);
}
