package dev.ringside.config.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.config.connection.LogsOverHttp.Reply;
import dev.ringside.receivers.telemetry.ExportStatistics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Events over HTTP to servers in every mood. Whatever happens, `emitted = exported + lost`.
@Timeout(60)
class HttpConnectionTest {

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void delivers(String compression) throws Exception {
    try (var server = new LogsOverHttp();
        var path = path(server.url(), Map.of("otel.exporter.otlp.compression", compression))) {
      path.emit(1000);
      path.direct.close();

      assertThat(server.taken).hasValue(1000);
      assertThat(path.account()).isEqualTo(account(1000, 1000, Map.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void leavesAServerAloneForAsLongAsItSays(int status) throws Exception {
    try (var server = new LogsOverHttp();
        var path = path(server.url(), Map.of())) {
      server.script.add(Reply.later(status, "3600"));

      path.emit(100);
      for (int i = 0; i < 20; i++) path.direct.afterDrain(); // a pause of our own is 1 ms
      int meanwhile = server.requests.get();
      path.direct.close();

      assertThat(meanwhile).isEqualTo(1);
      assertThat(server.taken).hasValue(100);
      assertThat(path.account()).isEqualTo(account(100, 100, Map.of()));
    }
  }

  @Test
  void understandsADateToComeBackAt() throws Exception {
    var tomorrow = ZonedDateTime.now(ZoneOffset.UTC).plusDays(1);
    try (var server = new LogsOverHttp();
        var path = path(server.url(), Map.of())) {
      server.script.add(Reply.later(503, DateTimeFormatter.RFC_1123_DATE_TIME.format(tomorrow)));

      path.emit(100);
      for (int i = 0; i < 20; i++) path.direct.afterDrain();

      assertThat(server.requests).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void triesAgainWhatTheSpecificationAllows(int status) throws Exception {
    try (var server = new LogsOverHttp();
        var path = path(server.url(), Map.of())) {
      for (int i = 0; i < 3; i++) server.script.add(Reply.of(status));

      path.emit(200);
      path.direct.close();

      assertThat(server.requests).hasValue(5);
      assertThat(server.taken).hasValue(200);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 407, 500})
  void countsWhatAServerRefuses(int status) throws Exception {
    try (var server = new LogsOverHttp();
        var path = path(server.url(), Map.of())) {
      server.script.add(Reply.of(status));

      path.emit(200);
      path.direct.close();

      assertThat(server.requests).hasValue(2);
      assertThat(path.account()).isEqualTo(account(200, 100, Map.of("export_refused", 100L)));
      assertThat(path.states.getFirst().message()).contains("HTTP " + status);
    }
  }

  @Test
  void countsWhatAServerRejectsOfABatchThatItTakes() throws Exception {
    try (var server = new LogsOverHttp();
        var path = path(server.url(), Map.of())) {
      server.script.add(Reply.partial(7, "too old"));

      path.emit(100);

      assertThat(path.account()).isEqualTo(account(100, 93, Map.of("export_refused", 7L)));
      assertThat(path.states.getFirst().message()).contains("too old", "lost 7 records");
    }
  }

  @Test
  void sendsInPartsWhatIsTooLarge() throws Exception {
    try (var server = new LogsOverHttp();
        var path = path(server.url(), Map.of())) {
      server.largest = 2000;

      path.emit(300);
      path.direct.close();

      assertThat(server.taken).hasValue(300);
      assertThat(path.account()).isEqualTo(account(300, 300, Map.of()));
    }
  }

  @Test
  void aServerThatHangsCostsNoRecord() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var path =
            path(
                "http://127.0.0.1:" + silent.getLocalPort(),
                Map.of("otel.exporter.otlp.timeout", "200"))) {
      path.emit(50);
      path.direct.afterDrain();
      var meanwhile = path.account();
      path.direct.close();

      assertThat(meanwhile.waiting()).isEqualTo(50);
      assertThat(path.states.getFirst().message())
          .contains("does not answer: SocketTimeoutException");
      assertThat(path.account()).isEqualTo(account(50, 0, Map.of("export_failed", 50L)));
    }
  }

  @Test
  void aServerThatAnswersByteByByteIsNotWaitedForLongerThanConfigured() throws Exception {
    try (var drip = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var path =
            path(
                "http://127.0.0.1:" + drip.getLocalPort(),
                Map.of("otel.exporter.otlp.timeout", "300"))) {
      Thread.ofVirtual().start(() -> drip(drip));

      path.emit(50);
      path.direct.afterDrain();

      assertThat(path.states.getFirst().message()).contains("does not answer");
    }
  }

  @Test
  void aKeptConnectionThatTheServerClosedIsNoTrouble() throws Exception {
    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var path = path("http://127.0.0.1:" + server.getLocalPort(), Map.of())) {
      Thread.ofVirtual().start(() -> answerOncePerConnection(server));

      path.emit(300);
      path.direct.close();

      assertThat(path.account()).isEqualTo(account(300, 300, Map.of()));
      assertThat(path.states).isEmpty();
    }
  }

  @Test
  void comesBackToAServerThatWasAway() throws Exception {
    int port;
    try (var first = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      port = first.getLocalPort();
    }
    try (var path = path("http://127.0.0.1:" + port, Map.of())) {
      path.emit(99);
      path.direct.afterDrain();
      await().until(() -> !path.states.isEmpty());

      assertThat(path.states.getFirst().message())
          .contains("http://127.0.0.1:" + port + "/v1/logs does not answer", "refused");
      assertThat(path.account().waiting()).isEqualTo(99);
    }
  }

  private static void drip(ServerSocket server) {
    while (!server.isClosed()) {
      try (var client = server.accept()) {
        client.getOutputStream().write("HTTP/1.1 200 OK\r\nServer: ".getBytes());
        while (true) {
          client.getOutputStream().write('x');
          client.getOutputStream().flush();
          LockSupport.parkNanos(20_000_000);
        }
      } catch (IOException e) {
        // the client hung up, or the test is over
      }
    }
  }

  /// Says that it keeps the connection, and closes it.
  private static void answerOncePerConnection(ServerSocket server) {
    while (!server.isClosed()) {
      try (var client = server.accept()) {
        var in = client.getInputStream();
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          int b = in.read();
          if (b < 0) break;
          head.append((char) b);
        }
        var length = head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1");
        if (head.isEmpty()) continue;
        in.readNBytes(Integer.parseInt(length));
        client.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes());
      } catch (IOException e) {
        // the test is over
      }
    }
  }

  private static ExportStatistics account(long emitted, long exported, Map<String, Long> lost) {
    return new ExportStatistics("r", emitted, exported, lost, 0);
  }

  private static WayOut path(String url, Map<String, String> more) {
    return new WayOut(url, "http/protobuf", more);
  }
}
