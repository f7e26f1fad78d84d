package dev.ringside.integration.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// What the kernel sees the threads of a service do stands in their traces, and nothing else does.
/// One run of a service for all, as a subclass starts it.
@TestInstance(Lifecycle.PER_CLASS)
abstract class ThreadContextsTests {
  private static final String NO_SPAN = "0".repeat(32) + "/" + "0".repeat(16);
  private static final int MOST_TIMES = 3;
  private static final String SERVER = "server " + NO_SPAN;

  private final List<String> before;

  private Path work;
  private List<List<String>> said;

  /// @param before what starts the service
  ThreadContextsTests(String... before) {
    this.before = List.of(before);
  }

  /// Where the kernel left out runs of a program, which it counts, something was not told: then the
  /// service runs once more.
  @BeforeAll
  void runTheService(@TempDir Path directory) throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "not root");
    for (int time = 1; time <= MOST_TIMES; time++) {
      run(Files.createDirectory(directory.resolve("run-" + time)));
      if (lines("left out").allMatch(l -> l.get(1).equals("0"))) return;
    }
  }

  private void run(Path directory) throws Exception {
    var out = directory.resolve("out");
    var err = directory.resolve("err");
    work = Files.createDirectory(directory.resolve("work"));
    var command = new ArrayList<>(before);
    command.addAll(
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-Dsun.net.inetaddr.ttl=0", // each name is looked up anew
            "-cp",
            System.getProperty("java.class.path"),
            TracedService.class.getName(),
            work.toString()));
    var service =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      boolean ended = service.waitFor(5, TimeUnit.MINUTES);
      assertThat(ended).as("ended; it said %s%s", text(out), text(err)).isTrue();
      assertThat(service.exitValue()).as(text(err)).isZero();
    } finally {
      service.destroyForcibly();
    }
    said = Files.readAllLines(out).stream().map(line -> List.of(line.split("\t"))).toList();
    assertThat(lines("failed")).isEmpty();
  }

  @Test
  void aSlowSystemCallStandsInTheSpanOfItsThread() {
    for (var name : List.of("first", "second")) {
      assertThat(events("ringside.syscall.slow", tid(name))).as(name).contains(span(name));
    }
    assertThat(events("ringside.syscall.slow", tid("without"))).containsOnly(NO_SPAN);
  }

  @Test
  void aCallOfAUserFunctionStandsInTheSpanOfItsThread() {
    for (var name : List.of("first", "second")) {
      assertThat(events("ringside.user.function.slow", tid(name)))
          .as(name)
          .containsOnly(span(name));
    }
    assertThat(events("ringside.user.function.slow", tid("without"))).containsOnly(NO_SPAN);
  }

  @Test
  void anOpenStandsInTheSpanAndNoneDoesAfterIt() {
    for (var name : List.of("first", "second")) {
      assertThat(opensOf(name)).containsExactly(span(name));
      assertThat(opensOf(name + "-after")).containsExactly(NO_SPAN);
    }
    assertThat(opensOf("without")).containsExactly(NO_SPAN);
  }

  @Test
  void anOpenStandsInTheSpanThatWasCurrentThenAndNotInAnotherOneOfItsThread() {
    for (var name : List.of("first", "second")) {
      assertThat(opensOf(name + "-before")).containsExactly(span(name));
      assertThat(opensOf(name + "-inside")).containsExactly(span(name + "-inner"));
      assertThat(opensOf(name + "-outside")).containsExactly(span(name));
    }
  }

  @Test
  void aVirtualThreadIsInNoSpan() {
    assertThat(opensOf("virtual")).containsExactly(NO_SPAN);
  }

  @Test
  void aConnectionIsLinkedToTheSpanInWhichItWasOpened() {
    for (var name : List.of("first", "second")) {
      assertThat(connectionsOf(name)).containsExactlyInAnyOrder("client " + span(name), SERVER);
    }
    assertThat(connectionsOf("without")).containsExactlyInAnyOrder("client " + NO_SPAN, SERVER);
  }

  @Test
  void histogramsHaveSlowCallsOfTracesAsExemplars() {
    for (var metric : List.of("ringside.syscall.duration", "ringside.user.function.duration")) {
      assertThat(lines("exemplar").filter(e -> e.get(1).equals(metric)).map(e -> id(e, 2)))
          .as(metric)
          .contains(span("first"), span("second"))
          .doesNotContain(NO_SPAN);
    }
  }

  private Stream<List<String>> lines(String kind) {
    return said.stream().filter(line -> line.getFirst().equals(kind));
  }

  private List<String> thread(String name) {
    return lines("thread").filter(t -> t.get(1).equals(name)).findFirst().orElseThrow();
  }

  private String tid(String name) {
    return thread(name).get(2);
  }

  private String span(String name) {
    return id(thread(name), 3);
  }

  private List<String> events(String name, String tid) {
    return lines("event")
        .filter(e -> e.get(1).equals(name) && e.get(2).equals(tid))
        .map(e -> id(e, 4))
        .toList();
  }

  private List<String> opensOf(String file) {
    var path = work.resolve(file).toString();
    return lines("event").filter(e -> e.get(3).equals(path)).map(e -> id(e, 4)).toList();
  }

  private List<String> connectionsOf(String name) {
    var port =
        lines("connection").filter(c -> c.get(1).equals(name)).findFirst().orElseThrow().get(2);
    return lines("span")
        .filter(s -> s.get(3).equals(port))
        .map(s -> s.get(2) + " " + id(s, 4))
        .toList();
  }

  private static String id(List<String> line, int at) {
    return line.get(at) + "/" + line.get(at + 1);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return Arrays.toString(e.getStackTrace());
    }
  }
}
