package dev.ringside.bpf;

import static dev.ringside.bpf.TestCalls.function;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.bpf.FunctionWay.Kind;
import dev.ringside.bpf.KernelFunction.Returned;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Functions of the kernel, watched by each mechanism: all must tell the same. What can be seen
/// side by side is, since an emulated kernel takes seconds to load what watches.
class WatchedFunctionsIT {
  record Index(int value) {}

  record FunctionFailure(int function, int error) {}

  private static final int EPERM = 1;
  private static final int EBADF = 9;
  private static final int CALLS = 1000;

  private final TestObjects.Polling polling = new TestObjects.Polling();
  private final BpfObject object =
      BpfObject.open("function_latency", WatchedFunctionsIT.class.getClassLoader());
  private final Map<Integer, Histogram> durations = new HashMap<>();
  private final Map<FunctionFailure, Histogram> failures = new HashMap<>();
  private final Table<Index, Histogram> durationTable =
      object.histograms("function_durations", Index.class);
  private final Table<FunctionFailure, Histogram> failureTable =
      object.histograms("function_failures", FunctionFailure.class);

  private static Selection selection;

  @BeforeAll
  static void select() {
    var patterns = List.of("alloc_empty_file", "overlay:ovl_open");
    selection = KernelFunctions.ofThisKernel().select(patterns, false);
  }

  @AfterEach
  void close() {
    object.close();
    polling.close();
  }

  @ParameterizedTest
  @EnumSource
  void countsEachCallAndItsErrorThoughAnotherFunctionIsRefused(Kind kind) throws Throwable {
    object.set("filtered", 1);
    object.set("only_pid", ProcessHandle.current().pid());
    var missing = new KernelFunction("no_such_function", "", 1, 0, Returned.NOTHING);
    watch(List.of(kind), List.of(missing, function("ksys_fadvise64_64", 4, Returned.SIGNED_32)));

    for (int i = 0; i < CALLS; i++) assertThat(TestCalls.adviseOnNothing(0)).isEqualTo(EBADF);
    object.detach();

    read();
    assertThat(failures).containsOnlyKeys(new FunctionFailure(1, EBADF));
    assertThat(failures.get(new FunctionFailure(1, EBADF)).count()).isEqualTo(CALLS);
    assertThat(durations).isEmpty();
    var step = step(object.plan().functions(), "no_such_function");
    assertThat(step.holds()).isEmpty();
    assertThat(step.refusals()).singleElement().satisfies(r -> assertThat(r.errno()).isPositive());
  }

  @ParameterizedTest
  @EnumSource
  void measuresFunctionsThatCallEachOtherAndReturnAllKindsOfThings(Kind kind) throws Exception {
    object.set("filtered", 1);
    object.set("only_command", "sleep".getBytes());
    watch(
        List.of(kind),
        List.of(
            function("hrtimer_nanosleep", 3, Returned.SIGNED_64),
            function("do_nanosleep", 2, Returned.SIGNED_32),
            function("ksys_fadvise64_64", 4, Returned.SIGNED_32),
            function("mmput", 1, Returned.NOTHING),
            selected("alloc_empty_file")));

    long begin = System.nanoTime();
    for (int i = 0; i < 5; i++) run("sleep", "0.5");
    long all = System.nanoTime() - begin;
    object.detach();

    read();
    assertThat(durations).containsOnlyKeys(0, 1, 3, 4);
    var outer = durations.get(0);
    var inner = durations.get(1);
    assertThat(outer.count()).isEqualTo(5);
    // A busy machine wakes late, but hardly five times.
    assertThat(outer.minNs() / 1e9).isBetween(0.5, 0.525);
    assertThat(outer.sumNs()).isBetween(2_500_000_000L, all);
    assertThat(inner.count()).isEqualTo(5);
    assertThat(outer.sumNs()).isGreaterThan(inner.sumNs());
    assertThat(failures).isEmpty();
  }

  /// What a seek returns is a number of 64 bits, here one whose lower half would be EPERM. Others
  /// may seek, too.
  @ParameterizedTest
  @EnumSource
  void countsTheCallsOfAllAndTakesNoHalfOfANumberForAnError(Kind kind) throws Exception {
    object.set("entries_are_alike", 1);
    watch(List.of(kind), List.of(function("shmem_file_llseek", 3, Returned.SIGNED_64)));
    var file = Files.createTempFile(Path.of("/dev/shm"), "seek", "");

    try (var channel = FileChannel.open(file, READ, DELETE_ON_CLOSE)) {
      for (int i = 0; i < CALLS; i++) channel.position(0x1_ffff_ffffL);
    }
    object.detach();

    read();
    assertThat(durations.get(0).count()).isGreaterThanOrEqualTo(CALLS);
    assertThat(failures).doesNotContainKey(new FunctionFailure(0, EPERM));
  }

  /// The laboratory's root is an overlay, so every file that a program opens goes through it.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FSESSION_MULTI")
  void watchesAFunctionOfAModule(Kind kind) throws Exception {
    assumeTrue(
        Files.exists(Path.of("/sys/kernel/btf/overlay")),
        "overlay is not a module with type information");
    object.set("filtered", 1);
    object.set("only_command", "sleep".getBytes());
    watch(List.of(kind), List.of(selected("ovl_open")));

    run("sleep", "0.01");
    object.detach();

    read();
    assertThat(durations.get(0).count()).isPositive();
  }

  @Test
  void takesForEachFunctionTheFirstWayThatHolds() throws Exception {
    object.set("filtered", 1);
    object.set("only_command", "sleep".getBytes());
    var known = function("hrtimer_nanosleep", 3, Returned.SIGNED_64);
    var onlySymbol = new KernelFunction("do_nanosleep", "", 0, 0, Returned.UNKNOWN);
    watch(List.of(Kind.TRAMPOLINE, Kind.KPROBE), List.of(known, onlySymbol));

    run("sleep", "0.01");
    object.detach();

    read();
    var steps = object.plan().functions();
    assertThat(mechanism(steps, "hrtimer_nanosleep")).isEqualTo(Kind.TRAMPOLINE.mechanism());
    assertThat(mechanism(steps, "do_nanosleep")).isEqualTo(Kind.KPROBE.mechanism());
    assertThat(durations.get(0).count()).isEqualTo(1);
    assertThat(durations.get(1).count()).isEqualTo(1);
  }

  @Test
  void failsWithTheReasonsWhenNoneCanBeWatched() {
    var missing = new KernelFunction("no_such_function", "", 1, 0, Returned.NOTHING);
    declare(List.of(Kind.values()), List.of(missing));

    assertThatThrownBy(() -> object.load(polling.poller))
        .isInstanceOf(UnsupportedKernelException.class)
        .hasMessageContaining("none of the functions can be watched");
  }

  private void watch(List<Kind> kinds, List<KernelFunction> functions) {
    declare(kinds, functions);
    boolean isThere = true;
    try {
      var steps = object.load(polling.poller).steps();
      for (var kind : kinds) isThere &= step(steps, by(kind)).holds().isPresent();
    } catch (UnsupportedKernelException e) {
      isThere = false;
    }
    for (var kind : kinds) assumeTrue(isThere, "this kernel watches no " + by(kind));
  }

  private static String by(Kind kind) {
    return "functions by " + kind.mechanism();
  }

  private void declare(List<Kind> kinds, List<KernelFunction> functions) {
    var results = new byte[functions.size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = (byte) (functions.get(i).returned() == Returned.SIGNED_32 ? 1 : 2);
    }
    object.set("function_results", results);
    object.resize("function_durations", functions.size());
    object.need(
        Need.required(
            "start times",
            Way.by("task storage").map("calls_by_task").set("use_task_storage", 1),
            Way.by("hash").map("calls_by_thread")));
    object.need(new FunctionsNeed(functions, kinds.stream().map(this::way).toList(), Map.of()));
    // What is not asked for must not be loaded.
    for (var kind : Kind.values()) {
      if (kinds.contains(kind)) continue;
      object.need(Need.optional("not " + kind, Way.by("nothing"), way(kind).way()));
    }
  }

  private FunctionWay way(Kind kind) {
    return switch (kind) {
      case FSESSION -> FunctionWay.session(kind, "on_session", "");
      case FSESSION_MULTI -> FunctionWay.session(kind, "on_session_of_many", "");
      case KPROBE_SESSION -> FunctionWay.session(kind, "on_session_multi", "");
      case TRAMPOLINE -> new FunctionWay(kind, "on_enter_trampoline", "on_return_trampoline", "");
      case MULTI -> new FunctionWay(kind, "on_enter_multi", "on_return_multi", "");
      case KPROBE -> new FunctionWay(kind, "on_enter_kprobe", "on_return_kprobe", "");
    };
  }

  private void read() {
    assertThat(object.maps()).allSatisfy(m -> assertThat(m.missed()).isZero());
    durationTable.forEach((index, histogram) -> {
      if (histogram.count() > 0) durations.put(index.value(), histogram);
    });
    failureTable.forEach(failures::put);
  }

  private static AttachPlan.Step step(List<AttachPlan.Step> steps, String need) {
    return steps.stream().filter(s -> s.need().name().equals(need)).findFirst().orElseThrow();
  }

  private static String mechanism(List<AttachPlan.Step> steps, String need) {
    return step(steps, need).holds().orElseThrow().mechanism();
  }

  private static KernelFunction selected(String name) {
    return selection.functions().stream()
        .filter(f -> f.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void run(String... command) throws Exception {
    var process = new ProcessBuilder(new ArrayList<>(List.of(command))).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }
}
