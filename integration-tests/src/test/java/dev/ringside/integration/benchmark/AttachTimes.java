package dev.ringside.integration.benchmark;

import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.BpfObject;
import dev.ringside.bpf.FunctionWay;
import dev.ringside.bpf.FunctionWay.Kind;
import dev.ringside.bpf.FunctionsNeed;
import dev.ringside.bpf.KernelFunctions;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Poller;
import dev.ringside.bpf.UserFunctionPrograms;
import dev.ringside.bpf.UserFunctionsNeed;
import dev.ringside.bpf.UserFunctionsNeed.Mechanism;
import dev.ringside.bpf.Way;
import dev.ringside.receivers.elf.FunctionSearch;
import dev.ringside.receivers.elf.SharedLibraries;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// How long it takes to watch many functions of the kernel, and to stop: a program of its own,
/// since it runs where they may be watched, in a guest.
///
/// Its arguments are mechanisms, as [Kind] names them or, after `user_`, [Mechanism], and numbers
/// of functions; for each pair it says `MECHANISM COUNT functions ATTACHED load MS detach MS`. What
/// would take longer than a minute, by what fewer functions took, it leaves out.
final class AttachTimes {
  /// Of parts of the kernel that have little to do in a guest.
  private static final String QUIET =
      "/^(acpi|pci|pcie|usb|tty|scsi|ata|selinux|apparmor|tomoyo|smack|crypto|nfs|inet6|ipv6|ip6|xfrm|iommu|efi|thermal|hwmon|i2c|mmc|rtc|regmap|clk|gpio)_/";

  /// Has thousands, and nearly nobody calls them.
  private static final String LIBRARY = "libcrypto:*";

  private static final String OF_USERS = "USER_";

  private static final Duration LONGEST = Duration.ofMinutes(1);

  private AttachTimes() {}

  /// What came of an attempt, in milliseconds.
  private record Took(long functions, long load, long detach) {
    long both() {
      return load + detach;
    }

    @Override
    public String toString() {
      return "functions %d load %d detach %d".formatted(functions, load, detach);
    }
  }

  /// Watches so many functions and stops.
  @FunctionalInterface
  private interface Attempt {
    Took measure(int count);
  }

  public static void main(String... arguments) {
    var counts = counts(arguments);
    for (var word : arguments) {
      if (Character.isDigit(word.charAt(0))) continue;
      try {
        measure(word, attempt(word), counts);
      } catch (BpfException e) {
        System.err.println(word + ": " + e.getMessage());
      }
    }
  }

  /// What the JVM does for the first time is not what is measured.
  private static void measure(String mechanism, Attempt attempt, List<Integer> counts) {
    attempt.measure(1);
    var measured = new ArrayList<Took>();
    for (int count : counts) {
      if (measured.size() > 1 && expected(measured, count) > LONGEST.toMillis()) {
        System.err.println(mechanism + " " + count + ": would take too long");
        continue;
      }
      var took = attempt.measure(count);
      measured.add(took);
      System.out.println(mechanism + " " + count + " " + took);
    }
  }

  /// Milliseconds for so many functions, of which each takes the same and all together some more.
  private static long expected(List<Took> measured, int count) {
    var few = measured.getFirst();
    var many = measured.getLast();
    long each = (many.both() - few.both()) / Math.max(1, many.functions() - few.functions());
    return many.both() + each * (count - many.functions());
  }

  private static List<Integer> counts(String... arguments) {
    return Arrays.stream(arguments)
        .filter(a -> Character.isDigit(a.charAt(0)))
        .map(Integer::valueOf)
        .sorted()
        .toList();
  }

  private static Attempt attempt(String mechanism) {
    var name = mechanism.toUpperCase();
    return name.startsWith(OF_USERS)
        ? ofLibrary(Mechanism.valueOf(name.substring(OF_USERS.length())))
        : ofKernel(Kind.valueOf(name));
  }

  private static Attempt ofKernel(Kind kind) {
    var all =
        KernelFunctions.ofThisKernel().select(List.of(QUIET), false).functions().stream()
            .filter(function -> function.typeId() != 0)
            .toList();
    return count -> {
      var functions = all.subList(0, Math.min(count, all.size()));
      return took(
          "function_latency",
          functions.size(),
          object -> {
            object.set("function_results", new byte[functions.size()]);
            object.need(calls(Way.by("hash").map("calls_by_thread")));
            object.need(new FunctionsNeed(functions, List.of(way(kind)), Map.of()));
          });
    };
  }

  private static Attempt ofLibrary(Mechanism mechanism) {
    var all =
        new FunctionSearch(new SharedLibraries(Path.of("/"))).find(List.of(LIBRARY)).functions();
    return count -> {
      var functions = all.subList(0, Math.min(count, all.size()));
      return took(
          "user_function_latency",
          functions.size(),
          object -> {
            object.set("filtered", 1);
            object.set("only_pid", (int) ProcessHandle.current().pid());
            object.need(calls(Way.by("hash").map("calls_by_thread").attach("on_exit")));
            object.need(
                new UserFunctionsNeed(
                    functions,
                    Set.of(mechanism),
                    new UserFunctionPrograms("on_enter", "on_return", "on_begin", "on_end"),
                    new UserFunctionPrograms(
                        "on_enter_copy", "on_return_copy", "on_begin_copy", "on_end_copy"),
                    Map.of()));
          });
    };
  }

  private static Need calls(Way hash) {
    return Need.required(
        "calls under way",
        Way.by("task storage").map("calls_by_task").set("use_task_storage", 1),
        hash);
  }

  private static Took took(String name, int count, Consumer<BpfObject> need) {
    try (var poller = new Poller(Duration.ofMillis(100), () -> {}, (ring, failure) -> {});
        var object = BpfObject.open(name, AttachTimes.class.getClassLoader())) {
      object.set("events", 0);
      object.resize("function_durations", count);
      need.accept(object);
      poller.start();
      long begun = System.nanoTime();
      var plan = object.load(poller);
      long loaded = System.nanoTime();
      object.detach();
      long detached = System.nanoTime();
      long watched = plan.functionsByMechanism().values().stream().mapToLong(n -> n).sum();
      return new Took(watched, (loaded - begun) / 1_000_000, (detached - loaded) / 1_000_000);
    }
  }

  private static FunctionWay way(Kind kind) {
    return switch (kind) {
      case FSESSION -> FunctionWay.session(kind, "on_session", "");
      case FSESSION_MULTI -> FunctionWay.session(kind, "on_session_of_many", "");
      case TRAMPOLINE -> new FunctionWay(kind, "on_enter_trampoline", "on_return_trampoline", "");
      case KPROBE_SESSION -> FunctionWay.session(kind, "on_session_multi", "");
      case MULTI -> new FunctionWay(kind, "on_enter_multi", "on_return_multi", "");
      case KPROBE -> new FunctionWay(kind, "on_enter_kprobe", "on_return_kprobe", "");
    };
  }
}
