package dev.ringside.integration.agent;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.integration.registry.Conventions;
import dev.ringside.integration.workload.Truth;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every way of executing a program, as it arrives at a Collector, against what really happened.
@TestInstance(Lifecycle.PER_CLASS)
class ProcessExecAgentIT {
  /// How well the kernel's clock and the wall clock are held together.
  private static final long CLOCK_NS = 1_000_000;

  private final Map<Protocol, ObservedExecs> observed = new EnumMap<>(Protocol.class);

  @BeforeAll
  void observe(@TempDir Path directory) throws Exception {
    Workload.letEverybodyEnter(directory);
    for (var protocol : Protocol.values())
      observed.put(
          protocol,
          ObservedExecs.over(protocol, Files.createDirectory(directory.resolve(protocol.name()))));
  }

  @ParameterizedTest
  @EnumSource
  void reportsEveryExecOnce(Protocol protocol) {
    var seen = observed.get(protocol);

    assertThat(seen.events("ringside.process.exec"))
        .extracting(ExecView::of)
        .containsExactlyInAnyOrderElementsOf(
            seen.truth().execs().stream().map(ExecView::of).toList());
  }

  @ParameterizedTest
  @EnumSource
  void reportsEveryExitOnce(Protocol protocol) {
    var seen = observed.get(protocol);
    var exits = new ArrayList<>(seen.truth().exits().stream().map(ExitView::of).toList());
    exits.add(ExitView.ofWorkload(seen.truth()));

    assertThat(seen.events("ringside.process.exit"))
        .extracting(ExitView::of)
        .containsExactlyInAnyOrderElementsOf(exits);
  }

  @ParameterizedTest
  @EnumSource
  void reportsWhenItHappened(Protocol protocol) {
    var seen = observed.get(protocol);
    var exits = seen.byPid("ringside.process.exit");
    assertThat(seen.truth().exits())
        .allSatisfy(e ->
            assertThat(exits.get((long) e.pid()).timeNs())
                .as(e.name())
                .isBetween(e.beforeNs() - CLOCK_NS, e.afterNs() + CLOCK_NS));
    var execs = seen.byPid("ringside.process.exec");
    assertThat(seen.truth().execs())
        .filteredOn(e -> !e.name().equals("twice"))
        .allSatisfy(e ->
            assertThat(execs.get((long) e.pid()).timeNs())
                .as(e.name())
                .isBetween(e.beforeNs() - CLOCK_NS, e.afterNs() + CLOCK_NS));
  }

  @ParameterizedTest
  @EnumSource
  void reportsTheCreationTimeThatAnyReaderOfProcComputes(Protocol protocol) {
    var seen = observed.get(protocol);
    var exit = seen.byPid("ringside.process.exit").get((long) seen.truth().start().pid());

    assertThat(Instant.parse(exit.text("process.creation.time"))).isEqualTo(seen.workloadCreated());
  }

  @ParameterizedTest
  @EnumSource
  void reportsAllArgumentsSanitised(Protocol protocol) {
    var seen = observed.get(protocol);
    var events = seen.byPid("ringside.process.exec");
    for (var exec : seen.truth().execs()) {
      if (exec.errno() != 0 || exec.name().equals("twice") || bytes(exec) > 8000) continue;

      assertThat(events.get((long) exec.pid()).attributes())
          .as(exec.name())
          .doesNotContainKey("ringside.process.command_args.truncated")
          .containsEntry("process.command_args", sanitised(exec))
          .containsEntry("process.command", exec.args().getFirst());
    }
  }

  /// There is no room for 100 KB. And a failed exec leaves its arguments where they were, in memory
  /// that may not be present. What is there is right, and what is not is marked.
  @ParameterizedTest
  @EnumSource
  void marksArgumentsThatAreNotAllThere(Protocol protocol) {
    var seen = observed.get(protocol);
    var events = seen.byPid("ringside.process.exec");
    for (var exec : seen.truth().execs()) {
      if (exec.name().equals("twice")) continue;
      var event = events.get((long) exec.pid());
      var args = (List<?>) event.attributes().getOrDefault("process.command_args", List.of());

      if (event.attributes().containsKey("ringside.process.command_args.truncated")) {
        assertThat(exec.errno() != 0 || bytes(exec) > 8000).as(exec.name()).isTrue();
        assertIsCut(exec.name(), args, sanitised(exec));
      } else {
        assertThat(args).as(exec.name()).isEqualTo(sanitised(exec));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsSecretsToItself(Protocol protocol) {
    var seen = observed.get(protocol);

    assertThat(seen.everythingThatLeft()).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @EnumSource
  void reportsTheCgroupWhenAsked(Protocol protocol) {
    var seen = observed.get(protocol);

    assertThat(seen.events("ringside.process.exec"))
        .allSatisfy(l -> assertThat(l.text("process.linux.cgroup")).isEqualTo(seen.cgroup()));
  }

  @ParameterizedTest
  @EnumSource
  void countsEveryExecExitAndFork(Protocol protocol) {
    var seen = observed.get(protocol);
    var execs =
        seen.truth().execs().stream()
            .collect(groupingBy(e -> ErrnoNames.of(e.errno()), HashMap::new, counting()));
    execs.merge("", 1L, Long::sum); // the marker
    var exits =
        seen.truth().exits().stream()
            .map(ExitView::of)
            .collect(groupingBy(ExitView::error, HashMap::new, counting()));
    exits.merge("", 2L, Long::sum); // the marker and the workload itself

    var points = seen.points();
    assertThat(Latest.of("ringside.process.execs", points).by("error.type")).isEqualTo(execs);
    assertThat(Latest.of("ringside.process.lifetime.duration", points).countsBy("error.type"))
        .isEqualTo(exits);
    assertThat(Latest.of("system.process.created", points).by(""))
        .isEqualTo(Map.of("", (long) seen.truth().forks()));
  }

  @ParameterizedTest
  @EnumSource
  void makesASpanOfEveryProgramThatRan(Protocol protocol) {
    var seen = observed.get(protocol);
    var programs =
        seen.truth().execs().stream().filter(e -> e.errno() == 0).map(Truth.Exec::pid).distinct();

    assertThat(seen.spans())
        .extracting(s -> (int) ObservedExecs.pid(s))
        .containsExactlyInAnyOrderElementsOf(programs.toList());
  }

  @ParameterizedTest
  @EnumSource
  void putsAProgramIntoTheTraceThatItsEnvironmentNames(Protocol protocol) {
    var seen = observed.get(protocol);
    var program = seen.exec("trace parent");

    assertThat(seen.spans())
        .filteredOn(s -> ObservedExecs.pid(s) == program.pid())
        .singleElement()
        .satisfies(s -> {
          assertThat(s.traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
          assertThat(s.parentSpanId()).isEqualTo("00f067aa0ba902b7");
          assertThat(s.startNs())
              .isBetween(program.beforeNs() - CLOCK_NS, program.afterNs() + CLOCK_NS);
          assertThat(s.endNs()).isGreaterThan(s.startNs());
        });
  }

  @ParameterizedTest
  @EnumSource
  void saysNothingThatTheRegistryDoesNotKnow(Protocol protocol) throws Exception {
    var seen = observed.get(protocol);

    assertThat(Conventions.read().complaintsAbout(seen.logs(), seen.points(), seen.spans()))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void losesNothingAndSaysSo(Protocol protocol) {
    var seen = observed.get(protocol);
    var points = seen.points();

    assertThat(seen.said())
        .containsPattern("process_exec +%1$d +%1$d +0".formatted(seen.records()));
    assertThat(Latest.of("ringside.receiver.record.exported", points).by("ringside.receiver.name"))
        .isEqualTo(Map.of("process_exec", seen.records()));
    assertThat(Latest.of("ringside.receiver.record.lost", points).by("ringside.record.loss.reason"))
        .allSatisfy((reason, lost) -> assertThat(lost).as(reason).isZero());
  }

  private static int bytes(Truth.Exec exec) {
    return exec.args().stream().mapToInt(String::length).sum();
  }

  /// Each argument is right, or empty because it could not be read; the last may lack its end.
  private static void assertIsCut(String name, List<?> seen, List<String> all) {
    assertThat(seen.size()).as(name).isLessThanOrEqualTo(all.size());
    for (int i = 0; i < seen.size(); i++) {
      var arg = (String) seen.get(i);
      boolean fits =
          arg.isEmpty()
              || i == seen.size() - 1 && all.get(i).startsWith(arg)
              || arg.equals(all.get(i));
      assertThat(fits).as(name + ": argument " + i + " is '" + arg + "'").isTrue();
    }
  }

  /// The secrets of the workload are known; all of them are called hunter2.
  private static List<String> sanitised(Truth.Exec exec) {
    Function<String, String> redact = arg -> arg.replaceAll("hunter2-.", "[REDACTED]");
    return exec.args().stream().map(redact).toList();
  }
}
