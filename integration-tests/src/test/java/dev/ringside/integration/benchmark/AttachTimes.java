package dev.ringside.integration.benchmark;

import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.BpfObject;
import dev.ringside.bpf.FunctionWay;
import dev.ringside.bpf.FunctionWay.Kind;
import dev.ringside.bpf.FunctionsNeed;
import dev.ringside.bpf.KernelFunction;
import dev.ringside.bpf.KernelFunctions;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Poller;
import dev.ringside.bpf.Way;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// How long it takes to watch many functions of the kernel, and to stop: a program of its own,
/// since it runs where they may be watched, in a guest.
///
/// Its arguments are mechanisms, as [Kind] names them, and numbers of functions; for each pair it
/// says `MECHANISM COUNT functions ATTACHED load MS detach MS`.
final class AttachTimes {
  /// Of parts of the kernel that have little to do in a guest.
  private static final String QUIET =
      "/^(acpi|pci|pcie|usb|tty|scsi|ata|selinux|apparmor|tomoyo|smack|crypto|nfs|inet6|ipv6|ip6|xfrm|iommu|efi|thermal|hwmon|i2c|mmc|rtc|regmap|clk|gpio)_/";

  private AttachTimes() {}

  public static void main(String... arguments) {
    var all =
        KernelFunctions.ofThisKernel().select(List.of(QUIET), false).functions().stream()
            .filter(function -> function.typeId() != 0)
            .toList();
    // What the JVM does for the first time is not what is measured.
    measure(Kind.KPROBE, all.subList(0, 1));
    for (var kind : kinds(arguments)) {
      for (int count : counts(arguments)) {
        try {
          var said = measure(kind, all.subList(0, Math.min(count, all.size())));
          System.out.println(kind.name().toLowerCase() + " " + count + " " + said);
        } catch (BpfException e) {
          System.err.println(kind + " " + count + ": " + e.getMessage());
        }
      }
    }
  }

  private static List<Kind> kinds(String... arguments) {
    return Arrays.stream(arguments)
        .filter(a -> !Character.isDigit(a.charAt(0)))
        .map(a -> Kind.valueOf(a.toUpperCase()))
        .toList();
  }

  private static List<Integer> counts(String... arguments) {
    return Arrays.stream(arguments)
        .filter(a -> Character.isDigit(a.charAt(0)))
        .map(Integer::valueOf)
        .toList();
  }

  private static String measure(Kind kind, List<KernelFunction> functions) {
    try (var poller = new Poller(Duration.ofMillis(100), () -> {}, (ring, failure) -> {});
        var object = BpfObject.open("function_latency", AttachTimes.class.getClassLoader())) {
      object.set("function_results", new byte[functions.size()]);
      object.set("events", 0);
      object.resize("function_durations", functions.size());
      object.need(
          Need.required(
              "start times",
              Way.by("task storage").map("calls_by_task").set("use_task_storage", 1),
              Way.by("hash").map("calls_by_thread")));
      object.need(new FunctionsNeed(functions, List.of(way(kind)), Map.of()));
      poller.start();
      long begun = System.nanoTime();
      var plan = object.load(poller);
      long loaded = System.nanoTime();
      object.detach();
      long detached = System.nanoTime();
      return "functions %d load %d detach %d"
          .formatted(
              plan.functionsByMechanism().values().stream().mapToLong(n -> n).sum(),
              (loaded - begun) / 1_000_000,
              (detached - loaded) / 1_000_000);
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
