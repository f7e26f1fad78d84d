package dev.ringside.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// libbpf and what it needs, from the folder that the system property `dev.ringside.bpf.libraries`
/// names: the packaged agent brings its own. Without the property the system's are used.
///
/// The dynamic linker knows a library that is loaded by its name (its SONAME), wherever it came
/// from. So once each is loaded by path, before those that need it, the bindings' `libbpf.so.1` is
/// the one that is there.
final class BundledLibraries {
  static final String FOLDER = "dev.ringside.bpf.libraries";

  /// In the order of their needs. Which of the compression libraries libelf wants depends on who
  /// built it.
  private static final List<String> IN_ORDER =
      List.of(
          "libz.so.1",
          "libzstd.so.1",
          "liblzma.so.5",
          "libbz2.so.1.0",
          "libelf.so.1",
          "libbpf.so.1");

  private BundledLibraries() {}

  /// Must come before anything of the bindings is touched. Loading again does nothing.
  ///
  /// @throws BpfException when the folder has no libbpf, or one that does not fit here
  static void load() {
    var folder = System.getProperty(FOLDER);
    if (folder != null) load(Path.of(folder));
  }

  static void load(Path folder) {
    if (!Files.exists(folder.resolve("libbpf.so.1")))
      throw new BpfException(
          "load libbpf.so.1 from %s: it is not there; the folder comes from -D%s"
              .formatted(folder, FOLDER),
          0);
    for (var name : IN_ORDER) {
      var library = folder.resolve(name);
      if (Files.exists(library)) load(library, name);
    }
  }

  private static void load(Path library, String name) {
    try {
      SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new BpfException(
          "load %s from %s: the dynamic linker refused it (LD_DEBUG=libs says why); it needs the C library of a system as new as the one that built it"
              .formatted(name, library),
          0);
    }
  }
}
