package dev.ringside.bpf;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where a kernel tells about its functions. Each source may be missing, hidden or forbidden, and
/// is then an empty answer.
///
/// @param types the folder of the BTF of the kernel and its modules
/// @param symbols `/proc/kallsyms`
/// @param traceable lists of what ftrace can reach, the first that can be read holds
/// @param noKprobes what no kprobe may be put on
record KernelSources(Path types, Path symbols, List<Path> traceable, Path noKprobes) {
  static KernelSources ofThisKernel() {
    return new KernelSources(
        Path.of("/sys/kernel/btf"),
        Path.of("/proc/kallsyms"),
        List.of(
            Path.of("/sys/kernel/tracing/available_filter_functions"),
            Path.of("/sys/kernel/debug/tracing/available_filter_functions")),
        Path.of("/sys/kernel/debug/kprobes/blacklist"));
  }

  /// The BTF of the kernel itself.
  Optional<BtfTypes> kernelBtf() {
    return btf("vmlinux", "the kernel", Optional.empty());
  }

  /// The functions in the BTF of the kernel itself.
  Optional<FunctionTypes> kernelTypes() {
    return kernelBtf().map(FunctionTypes::new);
  }

  /// The functions in the BTF of a module.
  Optional<FunctionTypes> moduleTypes(String module, FunctionTypes kernel) {
    return btf(module, "module " + module, Optional.of(kernel.types())).map(FunctionTypes::new);
  }

  private Optional<BtfTypes> btf(String file, String whose, Optional<BtfTypes> base) {
    var path = types.resolve(file);
    try (var channel = FileChannel.open(path);
        var arena = Arena.ofConfined()) {
      var raw = read(channel, arena);
      return Optional.of(new BtfTypes(raw, whose, "it was read from " + path, base));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Into memory that is given back at once.
  private static MemorySegment read(FileChannel channel, Arena arena) throws IOException {
    var raw = arena.allocate(channel.size());
    var into = raw.asByteBuffer();
    while (into.hasRemaining() && channel.read(into) > 0) {}
    return raw.asSlice(0, into.position());
  }

  Optional<KernelSymbols> kernelSymbols() {
    try (var lines = new FileInputStream(symbols.toFile())) {
      return Optional.of(new KernelSymbols(lines)).filter(s -> !s.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// What ftrace, and so every trampoline, kprobe.multi and kprobe, can reach.
  Optional<NameIndex> traceableFunctions() {
    // `name` or `name [module]`
    return traceable.stream()
        .flatMap(path ->
            names(
                path,
                (names, buffer, begin, end) -> {
                  int nameEnd = begin;
                  while (nameEnd < end && buffer[nameEnd] != ' ') nameEnd++;
                  names.add(buffer, begin, nameEnd);
                })
                .stream())
        .findFirst();
  }

  Optional<NameIndex> functionsWithoutKprobes() {
    // `0xffffffff81000000-0xffffffff81000010	name`
    return names(
        noKprobes,
        (names, buffer, begin, end) -> {
          int nameBegin = end;
          while (nameBegin > begin && buffer[nameBegin - 1] != '\t') nameBegin--;
          names.add(buffer, nameBegin, end);
        });
  }

  @FunctionalInterface
  private interface NameOfLine {
    void addTo(NameIndex names, byte[] buffer, int begin, int end);
  }

  private static Optional<NameIndex> names(Path path, NameOfLine name) {
    try (var in = new FileInputStream(path.toFile())) {
      var names = new NameIndex();
      TextLines.each(in, 0, (buffer, begin, end) -> name.addTo(names, buffer, begin, end));
      return Optional.of(names).filter(n -> n.count() > 0);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
