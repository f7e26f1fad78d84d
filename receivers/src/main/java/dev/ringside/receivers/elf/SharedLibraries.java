package dev.ringside.receivers.elf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The shared libraries that the dynamic loader finds by name: those in its cache, and those in the
/// directories that it knows by itself.
///
/// A program can have directories of its own (`DT_RUNPATH`, `LD_LIBRARY_PATH`); libraries there are
/// named by their paths.
///
/// @param root the root directory, `/` but in tests
public record SharedLibraries(Path root) {
  private static final boolean X86 = System.getProperty("os.arch").equals("amd64");
  private static final String TRIPLE = X86 ? "x86_64-linux-gnu" : "aarch64-linux-gnu";
  private static final List<String> DIRECTORIES =
      List.of(
          "usr/local/lib/" + TRIPLE,
          "usr/local/lib",
          "lib/" + TRIPLE,
          "usr/lib/" + TRIPLE,
          "lib64",
          "usr/lib64",
          "lib",
          "usr/lib");

  // struct cache_file_new and struct file_entry_new of glibc's sysdeps/generic/dl-cache.h.
  private static final String MAGIC = "glibc-ld.so.cache1.1";
  private static final int HEADER_BYTES = 48;
  private static final int ENTRY_BYTES = 24;
  private static final int KIND = X86 ? 0x0303 : 0x0a03; // libraries of glibc, of this processor

  /// @param name `libc.so.6`, or without its version: `libssl.so`, `libssl`
  public Optional<Path> find(String name) {
    var known = new TreeMap<String, Path>(VERSIONS);
    cached().forEach(path -> keep(known, name, path));
    if (known.isEmpty()) DIRECTORIES.forEach(d -> list(d).forEach(path -> keep(known, name, path)));
    return Optional.ofNullable(known.isEmpty() ? null : known.lastEntry().getValue());
  }

  private void keep(TreeMap<String, Path> known, String name, Path path) {
    var file = path.getFileName().toString();
    boolean fits =
        file.equals(name)
            || file.equals(name + ".so")
            || isVersionOf(file, name + ".so.")
            || name.endsWith(".so") && isVersionOf(file, name + ".");
    var there = root.resolve(path.toString().substring(1));
    if (fits && Files.isRegularFile(there)) known.putIfAbsent(file, there);
  }

  /// `libgcc_s.so.1-gdb.py` is none.
  private static boolean isVersionOf(String file, String prefix) {
    return file.startsWith(prefix)
        && file.substring(prefix.length()).chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
  }

  /// `libx.so.10` is newer than `libx.so.9`.
  private static final Comparator<String> VERSIONS =
      Comparator.<String>comparingInt(name -> firstNumber(name)).thenComparing(name -> name);

  private static int firstNumber(String name) {
    int at = name.indexOf(".so.");
    var digits = at < 0 ? "" : name.substring(at + 4).replaceAll("\\..*", "");
    return digits.matches("\\d{1,8}") ? Integer.parseInt(digits) : 0;
  }

  /// The names that can be asked for.
  public List<String> names() {
    var names = new ArrayList<String>();
    cached().forEach(path -> names.add(path.getFileName().toString().replaceAll("\\.so.*", "")));
    return names.stream().distinct().sorted().toList();
  }

  private Stream<Path> list(String directory) {
    try (var files = Files.list(root.resolve(directory))) {
      return files.toList().stream()
          .map(f -> Path.of("/").resolve(directory).resolve(f.getFileName()));
    } catch (IOException e) {
      return Stream.of(); // there is none of this name
    }
  }

  /// The paths in the loader's cache, in its order; none where there is no cache.
  private Stream<Path> cached() {
    try (var file = FileChannel.open(root.resolve("etc/ld.so.cache"))) {
      return paths(Bytes.read(file, 0, file.size())).stream();
    } catch (IOException | InvalidFileException e) {
      return Stream.of();
    }
  }

  static List<Path> paths(Bytes cache) throws InvalidFileException {
    var paths = new ArrayList<Path>();
    if (cache.size() < HEADER_BYTES) return paths;
    for (int i = 0; i < MAGIC.length(); i++) if (cache.u8(i) != MAGIC.charAt(i)) return paths;
    int count = cache.i32(MAGIC.length());
    for (long i = 0; i < count; i++) {
      long at = HEADER_BYTES + i * ENTRY_BYTES;
      if (cache.i32(at) != KIND) continue;
      var path = cache.text(cache.i32(at + 8));
      if (path.startsWith("/") && path.indexOf('/', 1) > 0) paths.add(Path.of(path));
    }
    return paths;
  }
}
