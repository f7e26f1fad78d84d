package dev.ringside.bpf;

import static dev.ringside.bpf.FunctionVerdict.Obstacle.ABSENT;
import static dev.ringside.bpf.FunctionVerdict.Obstacle.AMBIGUOUS;
import static dev.ringside.bpf.FunctionVerdict.Obstacle.BOOT_ONLY;
import static dev.ringside.bpf.FunctionVerdict.Obstacle.DANGEROUS;
import static dev.ringside.bpf.FunctionVerdict.Obstacle.NOT_TRACEABLE;
import static dev.ringside.bpf.FunctionVerdict.Obstacle.NO_KPROBES;
import static dev.ringside.bpf.FunctionVerdict.Obstacle.RENAMED;

import dev.ringside.bpf.FunctionVerdict.Obstacle;
import dev.ringside.bpf.FunctionVerdict.Unwatchable;
import dev.ringside.bpf.FunctionVerdict.Watchable;
import dev.ringside.bpf.KernelFunction.Returned;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/// What a kernel tells about its functions, read at once, and what that means for watching them.
final class FunctionCatalogue {
  private final KernelSources sources;
  private final Optional<FunctionTypes> types;
  private final Optional<KernelSymbols> symbols;
  private final Optional<NameIndex> traceable;
  private final Map<String, Optional<FunctionTypes>> typesOfModules = new HashMap<>();
  private final Dangers dangers;

  /// Read when it is asked for: mostly it is not.
  private Optional<NameIndex> noKprobes = Optional.empty();

  /// @param dangers what is not to be watched
  FunctionCatalogue(KernelSources sources, Dangers dangers) {
    this.sources = sources;
    this.dangers = dangers;
    // The kernel writes most of this while it is read, so it is worth a second CPU.
    var symbols = meanwhile(sources::kernelSymbols);
    var traceable = meanwhile(sources::traceableFunctions);
    types = sources.kernelTypes();
    this.symbols = symbols.get();
    this.traceable = traceable.get();
  }

  private static <T> Supplier<T> meanwhile(Supplier<T> work) {
    var task = new FutureTask<>(work::get);
    Thread.ofPlatform().name("kernel-functions").daemon().start(task);
    return () -> {
      try {
        return task.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BpfException("read the kernel's functions: interrupted", 0);
      } catch (ExecutionException e) {
        throw new IllegalStateException("read the kernel's functions", e.getCause());
      }
    };
  }

  /// Whether there is anything to select from.
  boolean isEmpty() {
    return types.isEmpty() && symbols.isEmpty();
  }

  /// Whether a module has functions, as far as that can be known.
  boolean isLoaded(String module) {
    return module.isEmpty() || symbols.map(s -> s.modules().contains(module)).orElse(true);
  }

  /// All names there are, and some of them twice.
  NameIndex names() {
    return symbols
        .map(KernelSymbols::names)
        .or(() -> types.map(FunctionTypes::names))
        .orElseThrow();
  }

  /// The module of a number of [#names]; empty for the kernel itself.
  String module(int number) {
    return symbols.map(s -> s.module(number)).orElse("");
  }

  /// The modules that have a function of that name, the kernel itself being the empty one.
  List<String> modulesOf(String name) {
    if (symbols.isEmpty())
      return types.filter(t -> t.has(name)).isPresent() ? List.of("") : List.of();
    return symbols.get().named(name).stream()
        .map(KernelSymbols.Instance::module)
        .distinct()
        .toList();
  }

  boolean hasTypes(String module) {
    return typesOf(module).isPresent();
  }

  private Optional<FunctionTypes> typesOf(String module) {
    if (module.isEmpty() || types.isEmpty()) return types;
    return typesOfModules.computeIfAbsent(module, m -> sources.moduleTypes(m, types.get()));
  }

  FunctionVerdict judge(String name, String module) {
    var known = typesOf(module).filter(t -> t.has(name));
    if (symbols.isPresent()) {
      var here = symbols.get().named(name).stream().filter(i -> i.module().equals(module)).toList();
      if (here.isEmpty()) return missing(name, module, known.isPresent());
      if (here.size() > 1) return not(AMBIGUOUS, ambiguous(here.size()));
      long address = here.getFirst().address();
      if (symbols.get().isBetween(address, "_sinittext", "_einittext"))
        return not(BOOT_ONLY, "is only there while the kernel boots");
      if (symbols.get().isBetween(address, "__noinstr_text_start", "__noinstr_text_end"))
        return not(NOT_TRACEABLE, "cannot be traced: it runs where tracing is not safe (noinstr)");
    } else if (known.isEmpty()) {
      return missing(name, module, false);
    }
    if (name.contains(".cold"))
      return not(RENAMED, "is the rarely used part of a function, not one that is called");
    if (traceable.filter(t -> t.find(name) < 0).isPresent())
      return not(NOT_TRACEABLE, "cannot be traced: the kernel keeps it out (notrace)");
    var danger = dangers.of(name);
    if (danger.isPresent()) return not(DANGEROUS, danger.get());
    return attachable(name, module, known);
  }

  private FunctionVerdict attachable(String name, String module, Optional<FunctionTypes> known) {
    var function =
        known
            .map(t -> t.function(name, module))
            .orElseGet(() -> new KernelFunction(name, module, 0, 0, Returned.UNKNOWN));
    // What is closed to kprobes is still open to trampolines, which do not ask that list.
    if (function.typeId() == 0 && isClosedToKprobes(name))
      return not(
          NO_KPROBES,
          "cannot be watched: trampolines cannot take it, and the kernel lets no kprobe on it");
    return new Watchable(function);
  }

  private boolean isClosedToKprobes(String name) {
    if (noKprobes.isEmpty())
      noKprobes = sources.functionsWithoutKprobes().or(() -> Optional.of(new NameIndex()));
    return noKprobes.get().find(name) >= 0;
  }

  private static String ambiguous(int instances) {
    return "is the name of %d functions, and neither BTF nor the kernel tell them apart"
        .formatted(instances);
  }

  private FunctionVerdict missing(String name, String module, boolean hasType) {
    var variants =
        symbols.map(s -> s.variants(name)).orElse(List.of()).stream()
            .filter(v -> !v.endsWith(".cold"))
            .toList();
    if (!variants.isEmpty())
      return new Unwatchable(
          RENAMED,
          "was changed by the compiler of this kernel; what is left of it is %s, for kprobes only"
              .formatted(String.join(", ", variants)),
          variants.size() > 5 ? variants.subList(0, 5) : variants);
    if (hasType)
      return not(RENAMED, "is inlined everywhere in this kernel, so there is nothing to attach to");
    var where = module.isEmpty() ? "this kernel" : "module " + module;
    return new Unwatchable(ABSENT, "is not in " + where, nearest(name));
  }

  /// Names like this one, of functions that can be watched.
  List<String> nearest(String name) {
    return NearestNames.to(name, names()::each, this::isWatchable);
  }

  /// Names that begin like this.
  List<String> beginningLike(String begin) {
    return begin.isEmpty()
        ? List.of()
        : NearestNames.beginningLike(begin, names()::each, this::isWatchable);
  }

  List<String> modulesLike(String module) {
    return symbols
        .map(s -> NearestNames.to(module, s.modules()::iterator, m -> true))
        .orElse(List.of());
  }

  /// Names with a dot are variants that a compiler made.
  private boolean isWatchable(String name) {
    return name.indexOf('.') < 0
        && modulesOf(name).stream().anyMatch(m -> judge(name, m) instanceof Watchable);
  }

  private static Unwatchable not(Obstacle obstacle, String reason) {
    return new Unwatchable(obstacle, reason, List.of());
  }
}
