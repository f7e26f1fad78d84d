package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.bpf.Histogram;
import dev.ringside.bpf.UnsupportedKernelException;
import dev.ringside.receivers.UserFunctionLatencyOptions.Mechanism;
import dev.ringside.receivers.UserFunctionLatencyOptions.Missing;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Functions of a program that says itself how long it was in them.
class UserFunctionLatencyReceiverIT {
  static final CProgram PROGRAM = new CProgram("functions");

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");
  private Mechanism mechanism = Mechanism.ANY;
  private List<Long> tookNs;
  private long missed;

  @ParameterizedTest
  @EnumSource
  void measuresHowLongAFunctionTakesAndHowOften(Mechanism by) throws Exception {
    mechanism = by;
    var nap = observe("nap 20 20000", "nap").get("nap");

    assertThat(nap.count()).isEqualTo(20);
    assertThat((double) nap.sumNs()).isCloseTo(tookNs.getFirst(), within(0.05 * nap.sumNs()));
    assertThat(nap.minNs()).isBetween(20_000_000L, nap.maxNs());
  }

  @Test
  void countsEachOfManyCalls() throws Exception {
    var nothing = observe("nothing 20000", "nothing").get("nothing");

    assertThat(nothing.count()).isEqualTo(20_000);
  }

  @ParameterizedTest
  @EnumSource
  void tellsFunctionsApartThatCallEachOther(Mechanism by) throws Exception {
    mechanism = by;
    var functions = observe("nap-longer 3 2000 nap 2 1000", "nap", "nap_longer", "nothing");

    assertThat(functions).containsOnlyKeys("nap", "nap_longer");
    assertThat(functions.get("nap").count()).isEqualTo(5);
    assertThat(functions.get("nap_longer").count()).isEqualTo(3);
    assertThat(functions.get("nap_longer").minNs()).isGreaterThanOrEqualTo(4_000_000);
  }

  @Test
  void measuresEachLevelOfAFunctionThatCallsItself() throws Exception {
    var recurse = observe("recurse 60 1000", "recurse").get("recurse");

    assertThat(recurse.count()).isEqualTo(60);
    assertThat(recurse.minNs()).isBetween(1_000_000L, 60_000_000L);
    assertThat((double) recurse.maxNs())
        .isCloseTo(tookNs.getFirst(), within(0.05 * tookNs.getFirst()));
    // The innermost takes a millisecond, the one around it two, and so on; a busy machine makes any
    // of them longer.
    assertThat(recurse.sumNs()).isBetween(60 * 61 / 2 * 1_000_000L, 60 * recurse.maxNs());
  }

  @Test
  void countsWhatIsDeeperThanTheKernelFollows() throws Exception {
    var recurse = observe("recurse 70 0 recurse 10 0", "recurse").get("recurse");

    assertThat(recurse.count()).isEqualTo(74);
    assertThat(missed).isEqualTo(6);
  }

  @Test
  void measuresThreadsAtTheSameTime() throws Exception {
    var nap = observe("threads 8 20000", "nap").get("nap");

    assertThat(nap.count()).isEqualTo(80);
    assertThat(nap.minNs()).isGreaterThanOrEqualTo(20_000_000);
    // Eight naps at a time; a slow machine takes a while to begin them.
    assertThat(nap.sumNs()).isGreaterThan(2 * tookNs.getFirst());
  }

  @Test
  void measuresTwoProcessesAtTheSameTime() throws Exception {
    Map<String, Histogram> functions;
    try (var observation = start(watching(in("nap")))) {
      var one = new ProcessBuilder(cgroup.enter(PROGRAM.command("nap 10 20000"))).start();
      var other = new ProcessBuilder(cgroup.enter(PROGRAM.command("nap 20 10000"))).start();
      assertThat(one.waitFor() + other.waitFor()).isZero();
      functions = histograms(observation.end());
    }

    assertThat(functions.get("nap").count()).isEqualTo(30);
    assertThat(functions.get("nap").sumNs()).isBetween(400_000_000L, 2_000_000_000L);
  }

  @Test
  void goesOnAfterALongjmp() throws Exception {
    var functions = observe("leap 3 4 nap 1 1000", "catch_leap", "leap_from_within", "leap", "nap");

    assertThat(functions).containsOnlyKeys("catch_leap", "nap");
    assertThat(functions.get("catch_leap").count()).isEqualTo(3);
    assertThat(missed).as("of each time, four levels and the leap").isEqualTo(15);
  }

  @Test
  void findsTheRightEntryAfterManyLongjmps() throws Exception {
    var functions = observe("nap 1 1000 leap-out 200 nap 1 1000", "leap", "nap");

    assertThat(functions).containsOnlyKeys("nap");
    assertThat(functions.get("nap").count()).isEqualTo(2);
    assertThat(functions.get("nap").maxNs()).isLessThan(1_000_000_000);
  }

  @Test
  void countsOneReturnOfAFork() throws Exception {
    var split = observe("split 5", "split").get("split");

    assertThat(split.count()).isEqualTo(5);
    assertThat(missed).isZero();
  }

  @Test
  void forgetsTheCallsOfAProgramThatBecameAnother() throws Exception {
    var functions = observe("become 0 nap 2 1000", "become", "nap");

    assertThat(functions).containsOnlyKeys("nap");
    assertThat(functions.get("nap").count()).isEqualTo(2);
    assertThat(missed).isZero();
  }

  @Test
  void forgetsTheCallsOfAThreadThatEnds() throws Exception {
    var functions = observe("end-thread 20 nap 2 1000", "end_thread", "nap");

    assertThat(functions).containsOnlyKeys("nap");
    assertThat(missed).isZero();
  }

  @Test
  void measuresBothOfAFunctionThatEndsInAJumpToAnother() throws Exception {
    var functions = observe("pass-on 7", "passes_on", "nothing");

    assertThat(functions.get("passes_on").count()).isEqualTo(7);
    assertThat(functions.get("nothing").count()).isEqualTo(7);
  }

  @Test
  void measuresAFunctionOfALibrary() throws Exception {
    var functions = observe(watching("libc:usleep"), "nap 5 2000");

    assertThat(functions).containsOnlyKeys("usleep");
    assertThat(functions.get("usleep").count()).isEqualTo(5);
    assertThat(functions.get("usleep").minNs()).isGreaterThanOrEqualTo(2_000_000);
  }

  @Test
  void measuresAllThatMatchAPattern() throws Exception {
    var functions = observe("nap-longer 1 1000 nothing 2", "nap*", "*othing");

    assertThat(functions).containsOnlyKeys("nap", "nap_longer", "nothing");
  }

  @Test
  void leavesOutWhatItCannotFindWhenItMay() throws Exception {
    var options = watching(in("nap")[0], in("knap")[0], "libnosuch:f").missing(Missing.WARN);
    var functions = observe(options, "nap 2 1000");

    assertThat(functions.get("nap").count()).isEqualTo(2);
  }

  private Map<String, Histogram> observe(String words, String... functions) throws Exception {
    return observe(watching(in(functions)), words);
  }

  private Map<String, Histogram> observe(UserFunctionLatencyOptionsBuilder options, String words)
      throws Exception {
    try (var observation = start(options)) {
      var said = PROGRAM.run(cgroup, words);
      assertThat(said.getLast()).as("exit status").isEqualTo("0");
      tookNs = said.subList(0, said.size() - 1).stream().map(Long::parseLong).toList();
      var functions = histograms(observation.end());
      missed = observation.missedReturns();
      return functions;
    }
  }

  private UserFunctionLatencyOptionsBuilder watching(String... functions) {
    return UserFunctionLatencyOptionsBuilder.watching(functions).in(cgroup).by(mechanism);
  }

  /// Functions of the program.
  static String[] in(String... functions) throws Exception {
    var path = PROGRAM.path() + ":";
    return Stream.of(functions).map(path::concat).toArray(String[]::new);
  }

  static Observation start(UserFunctionLatencyOptionsBuilder asked) {
    var options = asked.build();
    try {
      return Observation.start(new UserFunctionLatencyType(), options);
    } catch (UnsupportedKernelException e) {
      assumeTrue(options.mechanism() != Mechanism.UPROBE_MULTI, "this kernel has no uprobe.multi");
      assumeTrue(
          options.mechanism() != Mechanism.UPROBE, "this kernel has no uprobes with cookies");
      throw e;
    }
  }

  static Map<String, Histogram> histograms(RecordingTelemetry telemetry) {
    var histograms = new TreeMap<String, Histogram>();
    for (var point : telemetry.histogram(Metrics.USER_FUNCTION_DURATION))
      histograms.put(point.getKey().get(Keys.CODE_FUNCTION_NAME), point.getValue());
    return histograms;
  }
}
