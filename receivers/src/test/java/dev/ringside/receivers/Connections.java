package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.receivers.RecordingTelemetry.Event;
import dev.ringside.semconv.EventType;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.MetricType;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What `src/test/c/connections.c` did, in a cgroup and a network namespace of its own.
///
/// @param said by its own account, line by line: the namespace, what came of each word, and its
///   exit status
record Connections(List<String> said, RecordingTelemetry telemetry) {
  static final CProgram PROGRAM = new CProgram("connections", "-static");

  /// Where the kernel leaves out runs of a program, which it counts, the connection that they were
  /// about is not told: then it is done once more.
  private static final int MOST_TIMES = 3;

  /// @param words with blanks between them, but for every second: that is one
  static Connections observe(OwnCgroup cgroup, String... words) throws Exception {
    return observe(TcpConnectionOptionsBuilder.everything(), cgroup, words);
  }

  static Connections observe(TcpConnectionOptionsBuilder options, OwnCgroup cgroup, String... words)
      throws Exception {
    var command = new ArrayList<>(List.of(PROGRAM.path()));
    for (int i = 0; i < words.length; i++) {
      command.addAll(i % 2 == 0 ? List.of(words[i].split(" ")) : List.of(words[i]));
    }
    return observe(options.in(cgroup), () -> CProgram.command(cgroup.enter(command), Map.of()));
  }

  /// What connects, and what it says.
  interface Work {
    List<String> run() throws Exception;
  }

  static Connections observe(TcpConnectionOptionsBuilder options, Work work) throws Exception {
    for (int time = 1; ; time++) {
      try (var observation = start(options)) {
        var said = work.run();
        assertThat(said).endsWith("0");
        var connections = new Connections(said, observation.end());
        if (observation.missed() == 0 || time == MOST_TIMES) return connections;
      }
    }
  }

  static Observation start(TcpConnectionOptionsBuilder options) {
    return Observation.start(new TcpConnectionType(), options.build());
  }

  List<Event> events(EventType type) {
    return telemetry.events(type);
  }

  long count(MetricType metric, String role, String type, String error) {
    return telemetry.histogram(metric).stream()
        .filter(p -> is(p.getKey(), Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE, role))
        .filter(p -> is(p.getKey(), Keys.NETWORK_TYPE, type))
        .filter(p -> is(p.getKey(), Keys.ERROR_TYPE, error))
        .mapToLong(p -> p.getValue().count())
        .sum();
  }

  private static boolean is(Attributes attributes, AttributeKey<String> key, String value) {
    return Objects.equals(attributes.get(key), value);
  }
}
