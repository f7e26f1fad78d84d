package dev.ringside.receivers.telemetry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicLong;

/// A directory that takes what a server does not, up to so many bytes. One process has it at a
/// time; what it leaves behind the next one delivers. Any thread.
///
/// Nobody but its owner may read it: file names and arguments may be secrets.
public final class DiskBuffer implements AutoCloseable {
  private final Path directory;
  private final long maxBytes;
  private final FileChannel lock;
  private final AtomicLong used = new AtomicLong();

  private DiskBuffer(Path directory, long maxBytes, FileChannel lock) {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.lock = lock;
  }

  /// Opens the directory, which is made where there is none.
  ///
  /// @param maxBytes of all files in it, each rounded up to 4 KiB
  /// @throws IOException when it cannot be used, also while another process has it
  public static DiskBuffer open(Path directory, long maxBytes) throws IOException {
    ownDirectory(directory);
    var lock =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (lock.tryLock() == null) throw new OverlappingFileLockException();
    } catch (OverlappingFileLockException e) {
      lock.close();
      throw new IOException("in use by another Ringside", e);
    }
    return new DiskBuffer(directory, maxBytes, lock);
  }

  private static void ownDirectory(Path directory) throws IOException {
    var ownerOnly = PosixFilePermissions.fromString("rwx------");
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(ownerOnly));
    Files.setPosixFilePermissions(directory, ownerOnly);
  }

  /// @param signal `logs` or `spans`, a directory below
  Spool spool(String signal) throws IOException {
    var below = directory.resolve(signal);
    ownDirectory(below);
    return Spool.open(below, this);
  }

  /// Whether there is room for so many bytes more, which are taken then.
  boolean take(long bytes) {
    if (used.addAndGet(bytes) <= maxBytes) return true;
    used.addAndGet(-bytes);
    return false;
  }

  /// What is there already, also beyond the limit.
  void add(long bytes) {
    used.addAndGet(bytes);
  }

  void free(long bytes) {
    used.addAndGet(-bytes);
  }

  public Path directory() {
    return directory;
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      // The process ends with it.
    }
  }
}
