package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringside.bpf.libbpf.Libbpf;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What libbpf said during one call. libbpf returns a number and tells the story, which program and
/// what the verifier thought of it, to a print function.
///
/// @param lines in order, without the `libbpf: ` prefix
record LibbpfLog(List<String> lines) {
  private static final int DEBUG = 2;
  private static final int VA_LIST_BYTES = 32;
  private static final int SHOWN = 3;

  private static final Pattern CULPRIT =
      Pattern.compile("(prog|map) '([^']+)': (BPF program load failed|failed to .*|can't .*)");
  private static final Pattern NOISE =
      Pattern.compile(
          "processed \\d+ insns.*|-- (BEGIN|END) PROG LOAD LOG --|.*failed to load: -\\d+"
              + "|failed to load object.*|\\s*|R\\d+(_\\w+)?=.*|; .*|\\d+: \\(.*|from \\d+ to.*|arg#.*|0: R1=.*|.*max_states_per_insn.*"
              + "|BPF program load failed: .*|permission error while running as root.*");

  // libbpf's print function is one for the whole process and is called on the thread that calls
  // libbpf.
  private static final ThreadLocal<List<String>> HERE = new ThreadLocal<>();

  // Pointers as numbers: as segments the JVM would make more classes for it.
  private static final MemorySegment PRINT = printStub();

  private static MemorySegment printStub() {
    var type = MethodType.methodType(int.class, int.class, long.class, long.class);
    try {
      return Linker.nativeLinker()
          .upcallStub(
              MethodHandles.lookup().findStatic(LibbpfLog.class, "print", type),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
              Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Runs `call` and returns what libbpf said meanwhile on this thread.
  static LibbpfLog during(Runnable call) {
    Libbpf.libbpf_set_print(PRINT);
    var lines = new ArrayList<String>();
    HERE.set(lines);
    try {
      call.run();
    } finally {
      HERE.remove();
    }
    return new LibbpfLog(List.copyOf(lines));
  }

  /// The program or map that the failure is about.
  Optional<String> culprit() {
    for (var line : lines) {
      var matcher = CULPRIT.matcher(line);
      if (matcher.find()) return Optional.of(matcher.group(2));
    }
    return Optional.empty();
  }

  /// The last lines that mean something: the verifier's verdict is at the end of its log, after a
  /// listing of instructions and before its statistics.
  String verdict() {
    var said =
        lines.stream()
            .map(l -> l.replaceFirst("^(prog|map) '[^']+': ", ""))
            .filter(l -> !NOISE.matcher(l).matches())
            .distinct()
            .toList();
    return String.join("; ", said.subList(Math.max(0, said.size() - SHOWN), said.size()));
  }

  // An exception that leaves an upcall ends the JVM, so nothing may.
  private static int print(int level, long formatAt, long argumentsAt) {
    try {
      if (level >= DEBUG) return 0; // nearly all of them
      var lines = HERE.get();
      if (lines == null) return 0;
      try (var arena = Arena.ofConfined()) {
        // A verifier's log is one message of any length, and its verdict is at the end. Measuring
        // it uses
        // the argument list up, so that is done with a copy (a va_list has 24 or 32 bytes).
        var format = MemorySegment.ofAddress(formatAt);
        var list = MemorySegment.ofAddress(argumentsAt).reinterpret(VA_LIST_BYTES);
        var copy = arena.allocate(VA_LIST_BYTES, 16).copyFrom(list);
        int n = Libbpf.vsnprintf(MemorySegment.NULL, 0, format, copy);
        var buffer = arena.allocate(n + 1L);
        Libbpf.vsnprintf(buffer, n + 1L, format, list);
        for (var line : buffer.getString(0).replaceFirst("^libbpf: ", "").split("\n")) {
          lines.add(line.stripTrailing());
        }
        return n;
      }
    } catch (Throwable t) {
      return 0;
    }
  }
}
