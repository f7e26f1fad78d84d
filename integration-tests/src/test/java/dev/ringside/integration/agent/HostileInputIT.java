package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.integration.otlp.LogEvent;
import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Programs;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whoever may run a program chooses its name, its arguments and what it opens.
class HostileInputIT {
  /// A title for the terminal's window, a cleared screen, a line that looks like another event,
  /// bytes that are no characters, a change of the direction of writing, quotes.
  private static final String SCRIPT =
      """
      evil=$(printf 'x\\033]0;owned\\007\\033[2J\\r12:00:00.000  exec\\n\\377\\302\\233\\342\\200\\256"q'"'"'u')
      cp "$1" "$0/$evil" && cd "$0" || exit 9
      "./$evil" "$evil" "--password=$evil"
      "./missing$evil" "$evil" 2>/dev/null
      printf '\\033[31m\\n\\377comm' > /proc/self/comm
      : < "./$evil"
      exit 0
      """;

  /// What argv of an event may have in all.
  private static final int ARGS_BYTES = 16_384;

  private static final int PATH_MAX = 4096;

  @TempDir Path directory;

  @Test
  void writesNothingRawToATerminal() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var agent = start(cgroup, collector)) {
      agent.awaitRunning("process_exec", "file_open");

      cgroup.run(
          Path.of("/bin/sh"), "-c", SCRIPT, directory.toString(), Programs.target().toString());
      Marker.exec(cgroup, collector);
      assertThat(agent.interrupt()).as(agent.err()).isZero();

      // Everything arrived as it was …
      assertThat(collector.logs())
          .anySatisfy(l ->
              assertThat(l.text("process.executable.path"))
                  .contains("/x\u001b]0;owned\u0007\u001b[2J\r", "\n\\xff\u009b\u202e\"q'u"))
          .anySatisfy(l -> assertThat(l.text("file.path")).endsWith("\n\\xff\u009b\u202e\"q'u"));
      // … and was shown in one line each, without what a terminal obeys.
      var shown = agent.out();
      assertThat(shown)
          .contains("\\x1b]0;owned\\x07\\x1b[2J\\r12:00:00.000  exec\\n\\xff\\x9b\\u202e");
      assertThat((shown + agent.err()).codePoints())
          .allMatch(c -> c == '\n' || !Character.isISOControl(c) && !isInvisible(c));
      assertThat(shown.lines().takeWhile(line -> !line.isBlank()))
          .hasSize(collector.logs().size())
          .allMatch(line -> line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  (exec|exit|open) .*"));
    }
  }

  private static boolean isInvisible(int c) {
    return Character.getType(c) == Character.FORMAT;
  }

  @Test
  void holdsItsBoundsWhenArgumentsAreLarge() throws Exception {
    // MAX_ARG_STRLEN, and a megabyte in all.
    var largest = "--password=" + "S".repeat(128 * 1024 - 12);
    var many = Collections.nCopies(8, "n".repeat(128 * 1024 - 1)).toArray(String[]::new);
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var agent = start(cgroup, collector)) {
      agent.awaitRunning("process_exec", "file_open");

      long one = cgroup.run(Programs.target(), largest);
      long all = cgroup.run(Programs.target(), many);
      Marker.exec(cgroup, collector);
      assertThat(agent.interrupt()).as(agent.err()).isZero();

      assertThat(exec(collector, one))
          .satisfies(l -> assertThat(l.attributes().toString()).doesNotContain("SSSS"))
          .satisfies(l -> assertThat(l.number("process.args_count")).isEqualTo(2))
          .satisfies(HostileInputIT::isCut);
      assertThat(exec(collector, all))
          .satisfies(l -> assertThat(l.number("process.args_count")).isEqualTo(9))
          .satisfies(l -> assertThat(length(l)).isBetween(ARGS_BYTES / 2, ARGS_BYTES))
          .satisfies(HostileInputIT::isCut);
    }
  }

  @Test
  void holdsItsBoundsWhenNamesAndArgumentsChangeWhileTheyAreRead() throws Exception {
    int rounds = 5000;
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var workload = Workload.rewrite(cgroup, rounds);
        var agent = start(cgroup, collector)) {
      agent.awaitRunning("process_exec", "file_open");

      workload.run();
      Marker.execWhenThereIsRoom(cgroup, collector);
      assertThat(agent.interrupt()).as(agent.err()).isZero();

      var accounts = collector.points();
      for (var receiver : List.of("process_exec", "file_open")) {
        var account = Account.of(receiver, accounts);
        assertThat(account.produced()).isGreaterThanOrEqualTo(rounds);
        assertThat(account.exported() + account.lostInAll()).isEqualTo(account.produced());
        assertThat(account.lost()).as(receiver).doesNotContainKey("handler_failed");
      }
      assertThat(Latest.of("ringside.process.execs", accounts).by("error.type"))
          .matches(
              execs -> execs.getOrDefault("ENOENT", 0L) + execs.getOrDefault("EFAULT", 0L) > 0);
      for (var event : collector.logs()) {
        assertThat(length(event)).isLessThanOrEqualTo(4 * ARGS_BYTES); // \xHH for one byte
        if (event.attributes().get("file.path") instanceof String path)
          assertThat(path.length()).isLessThanOrEqualTo(4 * (2 * PATH_MAX + 1));
      }
    }
  }

  private AgentProcess start(OwnCgroup cgroup, RealCollector collector) throws Exception {
    return AgentProcess.start(
        directory,
        Map.of(),
        "run",
        "--console",
        "--otlp=" + collector.http(),
        "--set=process_exec.cgroup=" + cgroup.path(),
        "--set=file_open.cgroup=" + cgroup.path(),
        "--set=file_open.events=true");
  }

  private static LogEvent exec(RealCollector collector, long pid) {
    return collector.logs().stream()
        .filter(l -> l.name().equals("ringside.process.exec") && l.number("process.pid") == pid)
        .findFirst()
        .orElseThrow();
  }

  private static void isCut(LogEvent exec) {
    assertThat(exec.attributes().get("ringside.process.command_args.truncated")).isEqualTo(true);
  }

  private static int length(LogEvent event) {
    return event.attributes().get("process.command_args") instanceof List<?> args
        ? String.join(" ", args.stream().map(String::valueOf).toList()).length()
        : 0;
  }
}
