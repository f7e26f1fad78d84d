package dev.ringside.receivers.elf;

import dev.ringside.bpf.NearestNames;
import dev.ringside.bpf.UserFunction;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Finds functions by what a user writes. Each file is read once.
public final class FunctionSearch {
  /// Names without a leading underscore first, then short ones.
  private static final Comparator<Symbol> BEST_NAME =
      Comparator.<Symbol, Boolean>comparing(s -> s.name().startsWith("_"))
          .thenComparing(s -> s.name().length())
          .thenComparing(Symbol::name);

  private final SharedLibraries libraries;
  private final Map<Path, ElfFile> files = new HashMap<>();

  public FunctionSearch(SharedLibraries libraries) {
    this.libraries = libraries;
  }

  /// What was found, and what was not.
  ///
  /// @param functions each once, in the order they were asked for
  /// @param missing what was asked for and cannot be watched, with the reason
  public record Result(List<UserFunction> functions, Map<String, String> missing) {}

  /// @throws IllegalArgumentException when one is not written as it has to be
  public static void check(Collection<String> names) {
    for (var text : names) {
      try {
        FunctionName.of(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("'" + text + "': " + e.getMessage(), e);
      }
    }
  }

  /// @param names as [FunctionName] says
  public Result find(Collection<String> names) {
    var found = new ArrayList<UserFunction>();
    var missing = new LinkedHashMap<String, String>();
    for (var text : names) {
      try {
        for (var function : find(FunctionName.of(text)))
          if (!found.contains(function)) found.add(function);
      } catch (NotFoundException e) {
        missing.put(text, String.valueOf(e.getMessage()));
      }
    }
    return new Result(found, missing);
  }

  private List<UserFunction> find(FunctionName wanted) throws NotFoundException {
    var path = path(wanted);
    var file = read(path);
    if (file.isGo())
      throw new NotFoundException(
          "made by Go, which moves its stacks: what the kernel does to a stack to see a function return would crash it");
    if (wanted.isProbe()) return new ProbeSearch(wanted, path, file).find();
    return wanted.isPattern() ? matching(wanted, path, file) : named(wanted, path, file);
  }

  private Path path(FunctionName wanted) throws NotFoundException {
    if (!wanted.isPath()) {
      var library = libraries.find(wanted.file());
      if (library.isPresent()) return real(library.get());
      throw new NotFoundException(
          "no such library in the dynamic loader's cache or directories"
              + NearestNames.hint(wanted.file(), libraries.names())
              + "; another one is named by its path");
    }
    // As it is: a path into another root directory (/proc/PID/root/…) leads elsewhere when
    // resolved.
    var path = Path.of(wanted.file());
    if (!Files.exists(path)) throw new NotFoundException("no such file");
    if (!Files.isRegularFile(path)) throw new NotFoundException("not a file");
    return path;
  }

  private static Path real(Path library) throws NotFoundException {
    try {
      return library.toRealPath();
    } catch (IOException e) {
      throw new NotFoundException("read " + library + ": " + e.getMessage());
    }
  }

  private ElfFile read(Path path) throws NotFoundException {
    var known = files.get(path);
    if (known != null) return known;
    try {
      var file = ElfFile.read(path);
      files.put(path, file);
      return file;
    } catch (IOException e) {
      throw new NotFoundException("read " + path + ": " + e.getMessage());
    } catch (InvalidFileException e) {
      throw new NotFoundException(path + ": " + e.getMessage());
    }
  }

  /// All instances: symbols of several versions, and functions of several source files that have
  /// the same name.
  private static List<UserFunction> named(FunctionName wanted, Path path, ElfFile file)
      throws NotFoundException {
    var hazard = Unwatchable.reason(wanted.name());
    if (!hazard.isEmpty()) throw new NotFoundException(hazard);
    var all =
        file.symbols().stream()
            .filter(s -> s.name().equals(wanted.name()))
            .filter(s -> wanted.version().isEmpty() || s.version().equals(wanted.version()))
            .toList();
    var found = new TreeMap<Long, UserFunction>();
    for (var symbol : all) {
      var offset = file.instruction(symbol.address());
      if (symbol.kind() == Symbol.Kind.FUNCTION && offset.isPresent())
        found.put(offset.getAsLong(), function(symbol, path, offset.getAsLong()));
    }
    if (found.isEmpty()) throw new NotFoundException(new Absence(wanted, path, file, all).reason());
    return List.copyOf(found.values());
  }

  /// One for each address, by the best of its names.
  private static List<UserFunction> matching(FunctionName wanted, Path path, ElfFile file)
      throws NotFoundException {
    var matches = glob(wanted.name());
    var found = new TreeMap<Long, Symbol>();
    for (var symbol : file.symbols()) {
      if (symbol.kind() != Symbol.Kind.FUNCTION || !matches.test(symbol.name())) continue;
      if (!wanted.version().isEmpty() && !symbol.version().equals(wanted.version())) continue;
      if (!Unwatchable.reason(symbol.name()).isEmpty()) continue;
      var offset = file.instruction(symbol.address());
      if (offset.isPresent())
        found.merge(offset.getAsLong(), symbol, (a, b) -> BEST_NAME.compare(a, b) <= 0 ? a : b);
    }
    if (found.isEmpty())
      throw new NotFoundException(path + " has no function that matches" + Absence.stripped(file));
    return found.entrySet().stream().map(e -> function(e.getValue(), path, e.getKey())).toList();
  }

  static Predicate<String> glob(String pattern) throws NotFoundException {
    try {
      var matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      return name -> matcher.matches(Path.of(name));
    } catch (IllegalArgumentException e) {
      throw new NotFoundException("not a pattern: " + e.getMessage());
    }
  }

  private static UserFunction function(Symbol symbol, Path path, long offset) {
    return UserFunction.at(symbol.name(), path.toString(), offset);
  }
}
