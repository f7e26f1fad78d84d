package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.Histogram;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.MetricType;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What is measured and counted, by server and by executable.
class TcpConnectionSeriesIT {
  private static final String TWICE =
      "own-namespace port 8080 many 127.0.0.2 3 port 8081 many ::1 2";

  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @Test
  void tellsServersAndExecutablesApart() throws Exception {
    var telemetry = observe(Map.of(), TWICE, Connections.PROGRAM.path(), other());

    for (var metric :
        List.of(
            Metrics.NETWORK_TCP_HANDSHAKE_DURATION,
            Metrics.NETWORK_TCP_CONNECTION_DURATION,
            Metrics.NETWORK_TCP_RTT_DURATION)) {
      var counts = new TreeMap<String, Long>();
      for (var point : telemetry.histogram(metric)) {
        counts.merge(series(point.getKey()), point.getValue().count(), Long::sum);
      }
      assertThat(counts)
          .as(metric.name())
          .isEqualTo(
              Map.of(
                  "client 127.0.0.2 8080 connections", 3L,
                  "server 127.0.0.2 8080 connections", 3L,
                  "client ::1 8081 connections", 2L,
                  "server ::1 8081 connections", 2L,
                  "client 127.0.0.2 8080 others", 3L,
                  "server 127.0.0.2 8080 others", 3L,
                  "client ::1 8081 others", 2L,
                  "server ::1 8081 others", 2L));
    }
    assertThat(telemetry.counter(Metrics.NETWORK_TCP_IO))
        .containsOnly(
            Map.entry(bytes("transmit", "127.0.0.2", 8080, "connections"), 15L),
            Map.entry(bytes("receive", "127.0.0.2", 8080, "connections"), 15L),
            Map.entry(bytes("transmit", "::1", 8081, "connections"), 10L),
            Map.entry(bytes("receive", "::1", 8081, "connections"), 10L),
            Map.entry(bytes("transmit", "127.0.0.2", 8080, "others"), 15L),
            Map.entry(bytes("receive", "127.0.0.2", 8080, "others"), 15L),
            Map.entry(bytes("transmit", "::1", 8081, "others"), 10L),
            Map.entry(bytes("receive", "::1", 8081, "others"), 10L));
  }

  @Test
  void addsUpWhatThereIsNoRoomFor() throws Exception {
    var room = Map.of("durations_by_series", 1L, "io_by_series", 1L, "open_io_by_series", 1L);

    var telemetry = observe(room, TWICE, Connections.PROGRAM.path());

    var durations = telemetry.histogram(Metrics.NETWORK_TCP_CONNECTION_DURATION);
    assertThat(count(durations, false)).isLessThan(10);
    assertThat(count(durations, false) + count(durations, true)).isEqualTo(10);
    var io = telemetry.counter(Metrics.NETWORK_TCP_IO);
    assertThat(io.values().stream().mapToLong(n -> n).sum()).isEqualTo(2 * 25);
    assertThat(io).hasSize(3).containsEntry(overflow("transmit"), 25 - bytesOf(io, "transmit"));
  }

  /// Who was there before and is not looked at, as this program, takes no room.
  @Test
  void addsUpWhatBelongsToExecutablesThereIsNoRoomFor() throws Exception {
    var room = Map.of("executable_numbers", 1L, "numbers_taken", 1L);

    RecordingTelemetry telemetry;
    try (var before = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(before.isBound()).isTrue();
      telemetry = observe(room, TWICE, Connections.PROGRAM.path(), other());
    }

    var durations = telemetry.histogram(Metrics.NETWORK_TCP_CONNECTION_DURATION);
    assertThat(count(durations, false)).isEqualTo(10);
    assertThat(count(durations, true)).isEqualTo(10);
    assertThat(telemetry.counter(Metrics.NETWORK_TCP_IO))
        .containsEntry(overflow("transmit"), 25L)
        .containsEntry(overflow("receive"), 25L);
    assertThat(durations)
        .noneMatch(p -> "others".equals(p.getKey().get(Keys.PROCESS_EXECUTABLE_NAME)));
  }

  /// One end resets, the other is reset, and after the end nobody knows which end it was.
  @Test
  void countsResetsByServerAndExecutable() throws Exception {
    var words = "own-namespace port 8080 cut 127.0.0.2 port 8081 cut ::1 reset-by linger2 ::1";

    var telemetry = observe(Map.of(), words, Connections.PROGRAM.path(), other());

    var counts = new TreeMap<String, Long>();
    telemetry
        .counter(Metrics.NETWORK_TCP_RESETS)
        .forEach((point, n) ->
            counts.merge(point.get(Keys.NETWORK_IO_DIRECTION) + " " + server(point), n, Long::sum));
    assertThat(counts)
        .isEqualTo(
            Map.of(
                "transmit 127.0.0.2 8080 connections", 1L,
                "receive 127.0.0.2 8080 connections", 1L,
                "transmit ::1 8081 connections", 1L,
                "receive ::1 8081 connections", 2L,
                "transmit null null connections", 1L,
                "transmit 127.0.0.2 8080 others", 1L,
                "receive 127.0.0.2 8080 others", 1L,
                "transmit ::1 8081 others", 1L,
                "receive ::1 8081 others", 2L,
                "transmit null null others", 1L));
  }

  /// Sent by timers, while anybody runs: a client's SYN, and what a server answers one with.
  @Test
  void countsWhatIsSentAgainByServerAndExecutable() throws Exception {
    var words = "own-namespace port 8080 crowded 127.0.0.2 port 8081 deferred ::1";

    var telemetry = observe(Map.of(), words, Connections.PROGRAM.path(), other());

    var told = new TreeMap<String, Long>();
    for (var event : telemetry.events(Events.NETWORK_TCP_RETRANSMIT)) {
      var series =
          "%s %s %s %s"
              .formatted(
                  event.get(Keys.NETWORK_CONNECTION_STATE),
                  event.get(Keys.SERVER_ADDRESS),
                  event.get(Keys.SERVER_PORT),
                  event.get(Keys.PROCESS_EXECUTABLE_NAME));
      told.merge(series, 1L, Long::sum);
    }
    var counted = new TreeMap<String, Long>();
    telemetry
        .counter(Metrics.NETWORK_TCP_RETRANSMITS)
        .forEach((point, n) ->
            counted.put(point.get(Keys.NETWORK_CONNECTION_STATE) + " " + server(point), n));
    assertThat(counted)
        .isEqualTo(told)
        .containsOnlyKeys(
            "syn_sent 127.0.0.2 8080 connections",
            "syn_received ::1 8081 connections",
            "syn_sent 127.0.0.2 8080 others",
            "syn_received ::1 8081 others");
  }

  @Test
  void addsUpWhatWentWrongThatThereIsNoRoomFor() throws Exception {
    var room = Map.of("retransmits_by_series", 1L, "resets_by_series", 1L);
    var words = "own-namespace cut 127.0.0.2 cut ::1 crowded 127.0.0.2 deferred ::1";

    var telemetry = observe(room, words, Connections.PROGRAM.path());

    assertThat(inOneSeriesAndTheRest(telemetry, Metrics.NETWORK_TCP_RETRANSMITS))
        .isEqualTo(telemetry.events(Events.NETWORK_TCP_RETRANSMIT).size());
    assertThat(inOneSeriesAndTheRest(telemetry, Metrics.NETWORK_TCP_RESETS))
        .isEqualTo(telemetry.events(Events.NETWORK_TCP_RESET).size());
  }

  private static long inOneSeriesAndTheRest(RecordingTelemetry telemetry, MetricType metric) {
    var counts = telemetry.counter(metric);
    assertThat(counts.keySet())
        .as(metric.name())
        .hasSizeGreaterThan(1)
        .filteredOn(point -> point.get(CallsByWhom.OVERFLOW) == null)
        .hasSize(1);
    return counts.values().stream().mapToLong(n -> n).sum();
  }

  /// @param room entries of maps
  private RecordingTelemetry observe(Map<String, Long> room, String words, String... programs)
      throws Exception {
    var options = TcpConnectionOptionsBuilder.everything().withAllAttributes().in(cgroup);
    var type = new TcpConnectionType();
    var whole = type.create(options.build());
    Receiver small =
        (probe, telemetry) -> {
          whole.bind(probe, telemetry);
          room.forEach(probe::resize);
        };
    try (var observation = Observation.start(type, small)) {
      for (var program : programs) {
        var said = CProgram.command(cgroup.enter(command(program, words)), Map.of());
        assertThat(said).endsWith("0");
      }
      var telemetry = observation.end();
      assertThat(observation.lost()).isZero();
      return telemetry;
    }
  }

  private static List<String> command(String program, String words) {
    return Stream.concat(Stream.of(program), Stream.of(words.split(" "))).toList();
  }

  /// The same program by another name.
  private static String other() throws IOException, InterruptedException {
    var program = Path.of(Connections.PROGRAM.path());
    return Files.copy(
            program, program.resolveSibling("others"), StandardCopyOption.REPLACE_EXISTING)
        .toString();
  }

  private static String series(Attributes point) {
    return point.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE) + " " + server(point);
  }

  private static String server(Attributes point) {
    return point.get(Keys.SERVER_ADDRESS)
        + " "
        + point.get(Keys.SERVER_PORT)
        + " "
        + point.get(Keys.PROCESS_EXECUTABLE_NAME);
  }

  private static Attributes bytes(String direction, String address, long port, String executable) {
    return Attributes.builder()
        .put(Keys.NETWORK_IO_DIRECTION, direction)
        .put(Keys.SERVER_ADDRESS, address)
        .put(Keys.SERVER_PORT, port)
        .put(Keys.PROCESS_EXECUTABLE_NAME, executable)
        .build();
  }

  private static Attributes overflow(String direction) {
    return Attributes.builder()
        .put(Keys.NETWORK_IO_DIRECTION, direction)
        .put(CallsByWhom.OVERFLOW, true)
        .build();
  }

  /// Of those that found room.
  private static long bytesOf(Map<Attributes, Long> io, String direction) {
    return io.entrySet().stream()
        .filter(p -> direction.equals(p.getKey().get(Keys.NETWORK_IO_DIRECTION)))
        .filter(p -> p.getKey().get(CallsByWhom.OVERFLOW) == null)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static long count(List<Map.Entry<Attributes, Histogram>> points, boolean withoutRoom) {
    return points.stream()
        .filter(p -> (p.getKey().get(CallsByWhom.OVERFLOW) != null) == withoutRoom)
        .mapToLong(p -> p.getValue().count())
        .sum();
  }
}
