package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.Histogram;
import dev.ringside.semconv.Keys;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Histograms and bytes by server and by executable.
class TcpConnectionSeriesIT {
  private static final String TWICE =
      "own-namespace port 8080 many 127.0.0.2 3 port 8081 many ::1 2";

  private OwnCgroup cgroup;

  @BeforeEach
  void begin() throws IOException {
    cgroup = OwnCgroup.create("workload");
  }

  @AfterEach
  void end() throws IOException {
    cgroup.close();
  }

  @Test
  void tellsServersAndExecutablesApart() throws Exception {
    var telemetry = observe(Map.of(), Connections.PROGRAM.path(), other());

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

    var telemetry = observe(room, Connections.PROGRAM.path());

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
      telemetry = observe(room, Connections.PROGRAM.path(), other());
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

  /// @param room entries of maps
  private RecordingTelemetry observe(Map<String, Long> room, String... programs) throws Exception {
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
        var said = CProgram.command(cgroup.enter(command(program)), Map.of());
        assertThat(said).endsWith("0");
      }
      var telemetry = observation.end();
      assertThat(observation.lost()).isZero();
      return telemetry;
    }
  }

  private static List<String> command(String program) {
    return Stream.concat(Stream.of(program), Stream.of(TWICE.split(" "))).toList();
  }

  /// The same program by another name.
  private static String other() throws IOException, InterruptedException {
    var program = Path.of(Connections.PROGRAM.path());
    return Files.copy(
            program, program.resolveSibling("others"), StandardCopyOption.REPLACE_EXISTING)
        .toString();
  }

  private static String series(Attributes point) {
    return point.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_ROLE)
        + " "
        + point.get(Keys.SERVER_ADDRESS)
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
