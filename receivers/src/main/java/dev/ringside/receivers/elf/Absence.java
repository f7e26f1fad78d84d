package dev.ringside.receivers.elf;

import dev.ringside.bpf.NearestNames;
import java.nio.file.Path;
import java.util.List;

/// Why a file has no function of a name.
///
/// @param namesakes the symbols that have that name all the same
record Absence(FunctionName wanted, Path path, ElfFile file, List<Symbol> namesakes) {

  String reason() {
    if (is(Symbol.Kind.PICKER)) return picker();
    if (is(Symbol.Kind.ELSEWHERE))
      return path + " uses it, but another library has it: name that one";
    if (is(Symbol.Kind.OTHER)) return "not a function";
    if (is(Symbol.Kind.FUNCTION)) return path + " has no code for it";
    var versions =
        file.symbols().stream()
            .filter(s -> s.name().equals(wanted.name()) && s.kind() == Symbol.Kind.FUNCTION)
            .map(s -> s.version().isEmpty() ? "none" : s.version())
            .distinct()
            .toList();
    if (!versions.isEmpty())
      return path + " has no such version; its versions: " + String.join(", ", versions);
    return path
        + " has no such function"
        + stripped(file)
        + NearestNames.hint(wanted.name(), functions());
  }

  private String picker() {
    var picked =
        functions().stream()
            .filter(f -> f.startsWith("__" + wanted.name() + "_"))
            .sorted()
            .toList();
    return "an IFUNC: which code it is, is decided when a program starts, by what the processor can do; name the code"
        + (picked.isEmpty() ? "" : ", such as " + picked.getFirst());
  }

  private boolean is(Symbol.Kind kind) {
    return namesakes.stream().anyMatch(s -> s.kind() == kind);
  }

  private List<String> functions() {
    return file.symbols().stream()
        .filter(s -> s.kind() == Symbol.Kind.FUNCTION)
        .map(Symbol::name)
        .toList();
  }

  static String stripped(ElfFile file) {
    return file.isStripped() ? " (it is stripped: only what others can call has a name)" : "";
  }
}
