package dev.ringside.config.connection;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.config.connection.LogsOverHttp.Reply;
import dev.ringside.receivers.telemetry.DiskBuffer;
import dev.ringside.receivers.telemetry.ExportState;
import dev.ringside.receivers.telemetry.ExportStatistics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A buffer on disk, before a server that comes and goes.
@Timeout(60)
class DiskBufferTest {
  private static final long PLENTY = 1 << 30;

  @TempDir Path temporary;

  private Path directory;
  private int port;

  @BeforeEach
  void findAPort() throws IOException {
    directory = temporary.resolve("buffer");
    try (var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
  }

  @Test
  void stormsGoToDiskWhileTheServerIsAwayAndArriveInOrder() throws Exception {
    try (var buffer = DiskBuffer.open(directory, PLENTY);
        var way = way(buffer)) {
      way.emit(20_000);
      var meanwhile = way.account();

      try (var server = new LogsOverHttp(port)) {
        await().until(() -> way.account().exported() == 20_000);
        way.emit(100);
        await().until(() -> way.account().exported() == 20_100);

        assertThat(server.pids).isEqualTo(pids(0, 20_100));
      }
      assertThat(meanwhile).isEqualTo(account(20_000, 0, Map.of()));
      assertThat(files()).isEmpty();
      assertThat(way.states)
          .extracting(state -> (Object) state.getClass())
          .containsExactly(ExportState.Buffering.class, ExportState.Restored.class);
    }
  }

  /// Shown by volume: 600 000 records, and not by waiting.
  @Test
  void tenMinutesOfAThousandEventsASecondLoseNothing() throws Exception {
    try (var buffer = DiskBuffer.open(directory, 64 << 20);
        var way = way(buffer, 2048)) {
      way.emit(600_000);
      way.direct.afterDrain();
      long onDisk = size();

      try (var server = new LogsOverHttp(port)) {
        await().atMost(ofSeconds(50)).until(() -> way.account().exported() == 600_000);

        assertThat(server.taken).hasValue(600_000);
      }
      assertThat(onDisk).isLessThan(64 << 20);
      assertThat(way.account().lost()).isZero();
    }
  }

  @Test
  void theNextRunDeliversWhatTheLastOneLeft() throws Exception {
    List<ExportState> said;
    try (var buffer = DiskBuffer.open(directory, PLENTY)) {
      var way = way(buffer);
      way.emit(500);
      way.close();
      said = way.states;
    }

    try (var buffer = DiskBuffer.open(directory, PLENTY);
        var server = new LogsOverHttp(port);
        var way = way(buffer)) {
      await().until(() -> way.account().exported() == 500);

      assertThat(server.pids).isEqualTo(pids(0, 500));
      assertThat(way.account()).isEqualTo(account(500, 500, Map.of()));
    }
    assertThat(said.getLast().message())
        .isEqualTo("5 batches stay in " + logs() + " for the next start");
  }

  @Test
  void aServerThatHangsHoldsUpNobody() throws Exception {
    try (var buffer = DiskBuffer.open(directory, PLENTY);
        var way = way(buffer)) {
      ExportStatistics meanwhile;
      try (var silent = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
        assertThat(silent.isBound()).isTrue();
        way.emit(5000);
        meanwhile = way.account();
      }

      try (var server = new LogsOverHttp(port)) {
        await().until(() -> way.account().exported() == 5000);

        assertThat(server.pids).isEqualTo(pids(0, 5000));
      }
      assertThat(meanwhile.waiting()).isEqualTo(5000);
    }
  }

  @Test
  void whatDoesNotFitIntoTheBudgetIsLostAndCounted() throws Exception {
    long budget = 10 * 4096;
    try (var buffer = DiskBuffer.open(directory, budget);
        var way = way(buffer)) {
      way.emit(10_000);
      long onDisk = size();

      try (var server = new LogsOverHttp(port)) {
        await().until(() -> way.account().waiting() == 0);

        assertThat(onDisk).isPositive().isLessThanOrEqualTo(budget);
        assertThat(server.taken.get()).isPositive().isLessThan(10_000);
        assertThat(way.account())
            .isEqualTo(
                account(
                    10_000,
                    server.taken.get(),
                    Map.of("buffer_full", 10_000L - server.taken.get())));
        assertThat(server.pids).isEqualTo(pids(0, server.taken.get()));
      }
      assertThat(fullness(way)).contains("is full", "lost 100 records", "max_size");
    }
  }

  @Test
  void aFullDiskIsNotTheEnd() throws Exception {
    Files.createDirectory(directory);
    assumeThat(run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory.toString()))
        .as("may mount a small file system")
        .isZero();
    try (var buffer = DiskBuffer.open(directory, PLENTY);
        var way = way(buffer)) {
      way.emit(5_000);

      try (var server = new LogsOverHttp(port)) {
        await().until(() -> way.account().waiting() == 0);

        var account = way.account();
        assertThat(account.exported()).isEqualTo(server.taken.get()).isPositive();
        assertThat(account.lostByReason())
            .isEqualTo(Map.of("buffer_full", 5_000 - account.exported()));
      }
      assertThat(fullness(way)).contains("cannot be written", "lost");
    } finally {
      run("umount", "-l", directory.toString());
    }
  }

  @Test
  void damagedFilesAreSkippedAndSaid() throws Exception {
    try (var buffer = DiskBuffer.open(directory, PLENTY)) {
      var way = way(buffer);
      way.emit(500);
      way.close();
    }
    var files = files();
    Files.write(files.get(0), new byte[0]);
    var bytes = Files.readAllBytes(files.get(2));
    bytes[bytes.length / 2] ^= 1;
    Files.write(files.get(2), bytes);
    Files.write(logs().resolve("unfinished.tmp"), new byte[100]);
    Files.writeString(logs().resolve("notes.txt"), "somebody else's");

    try (var buffer = DiskBuffer.open(directory, PLENTY);
        var server = new LogsOverHttp(port);
        var way = way(buffer)) {
      await().until(() -> way.account().exported() == 300);

      assertThat(server.pids)
          .isEqualTo(Stream.of(pids(100, 200), pids(300, 500)).flatMap(List::stream).toList());
      assertThat(way.states)
          .extracting(ExportState::message)
          .containsExactly(
              "skipped batch 0 in " + logs() + ": IOException: damaged: its checksum is wrong",
              "skipped batch 2 in " + logs() + ": IOException: damaged: its checksum is wrong");
    }
  }

  @Test
  void whatTheServerRefusesInTheEndIsLostAndCounted() throws Exception {
    try (var buffer = DiskBuffer.open(directory, PLENTY);
        var way = way(buffer)) {
      way.emit(300);

      try (var server = new LogsOverHttp(port)) {
        server.script.add(Reply.partial(7, "too old"));
        server.script.add(Reply.of(400));
        await().until(() -> way.account().waiting() == 0);

        assertThat(way.account()).isEqualTo(account(300, 193, Map.of("export_refused", 107L)));
      }
    }
  }

  @Test
  void onlyTheOwnerMayReadIt() throws Exception {
    Files.createDirectory(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    try (var buffer = DiskBuffer.open(directory, PLENTY);
        var way = way(buffer)) {
      way.emit(100);

      for (var path : List.of(directory, logs())) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .isEqualTo("rwx------");
      }
    }
  }

  @Test
  void isForOneProcessAtATime() throws Exception {
    try (var first = DiskBuffer.open(directory, PLENTY)) {
      assertThat(first.directory()).isEqualTo(directory);
      assertThatThrownBy(() -> DiskBuffer.open(directory, PLENTY))
          .isInstanceOf(IOException.class)
          .hasMessage("in use by another Ringside");
    }
  }

  /// Said once, before or after the first attempt to deliver fails.
  private static String fullness(WayOut way) {
    var said =
        way.states.stream()
            .filter(ExportState.Full.class::isInstance)
            .map(ExportState::message)
            .toList();
    assertThat(said).hasSize(1);
    return said.getFirst();
  }

  private WayOut way(DiskBuffer buffer) {
    return way(buffer, 100);
  }

  private WayOut way(DiskBuffer buffer, int batchSize) {
    return new WayOut("http://127.0.0.1:" + port, "http/protobuf", Map.of(), buffer, batchSize);
  }

  private Path logs() {
    return directory.resolve("logs");
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(logs())) {
      return files.filter(file -> file.toString().endsWith(".otlp")).sorted().toList();
    }
  }

  private long size() throws IOException {
    long sum = 0;
    for (var file : files()) sum += Files.size(file);
    return sum;
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }

  private static List<Long> pids(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  private static ExportStatistics account(long emitted, long exported, Map<String, Long> lost) {
    return new ExportStatistics("r", emitted, exported, lost, 0);
  }
}
