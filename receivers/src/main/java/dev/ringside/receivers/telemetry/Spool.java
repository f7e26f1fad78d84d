package dev.ringside.receivers.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.stream.Stream;

/// Files in a directory, first in, first out, within so many bytes.
///
/// One file per batch. It is written under another name and then renamed, so what is there by its
/// name is whole, whenever this process is killed; after a power failure it may not be, which
/// [SpoolFile] notices. Any thread.
final class Spool {
  private static final String SUFFIX = ".otlp";

  /// What a small file takes.
  private static final long BLOCK = 4096;

  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  /// @param recovered whether it is from an earlier run
  record Entry(long number, long bytes, boolean recovered) {}

  private final Path directory;
  private final DiskBuffer budget;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private long next;

  private Spool(Path directory, DiskBuffer budget) {
    this.directory = directory;
    this.budget = budget;
  }

  /// Opens what an earlier run left, or a new one, in an existing directory.
  static Spool open(Path directory, DiskBuffer budget) throws IOException {
    var spool = new Spool(directory, budget);
    spool.recover();
    return spool;
  }

  private void recover() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (var file : (Iterable<Path>) files.sorted()::iterator) {
        var name = file.getFileName().toString();
        // Half a file: its process was killed before the batch counted as kept.
        if (name.endsWith(".tmp")) Files.delete(file);
        if (!name.matches("\\d{19}\\" + SUFFIX)) continue;
        long number = Long.parseLong(name.substring(0, 19));
        var entry = new Entry(number, blocks(Files.size(file)), true);
        budget.add(entry.bytes);
        entries.add(entry);
        next = number + 1;
      }
    }
  }

  /// Whether there was room.
  ///
  /// @throws IOException when the disk is full, or does not work
  synchronized boolean add(byte[] content) throws IOException {
    long size = blocks(content.length);
    if (!budget.take(size)) return false;
    var entry = new Entry(next, size, false);
    var file = file(entry);
    var unfinished = directory.resolve("unfinished.tmp");
    try {
      Files.write(unfinished, content);
      // Whoever this process becomes must be able to read it; to others the directory is closed.
      Files.setPosixFilePermissions(unfinished, READABLE);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      budget.free(size);
      Files.deleteIfExists(unfinished);
      throw e;
    }
    next++;
    entries.add(entry);
    return true;
  }

  private static long blocks(long size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  /// The oldest; null when there is none.
  synchronized Entry first() {
    return entries.peekFirst();
  }

  /// @throws NoSuchFileException when somebody else removed it
  byte[] read(Entry entry) throws IOException {
    return Files.readAllBytes(file(entry));
  }

  /// Removes the oldest.
  void removeFirst() {
    Entry entry;
    synchronized (this) {
      entry = entries.removeFirst();
    }
    try {
      Files.deleteIfExists(file(entry));
      budget.free(entry.bytes);
    } catch (IOException e) {
      // It stays, and is sent again by the next run: twice is better than not at all.
    }
  }

  synchronized boolean isEmpty() {
    return entries.isEmpty();
  }

  synchronized int size() {
    return entries.size();
  }

  Path directory() {
    return directory;
  }

  private Path file(Entry entry) {
    return directory.resolve(String.format("%019d%s", entry.number, SUFFIX));
  }
}
