package dev.ringside.config.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.EventType;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.testing.logs.TestLogRecordData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConsoleLogExporterTest {
  private static final Instant TIME = Instant.parse("2026-03-04T10:42:01.123456Z");

  private static LogRecordData event(String name, Attributes attributes) {
    return TestLogRecordData.builder()
        .setEventName(name)
        .setTimestamp(TIME)
        .setAttributes(attributes)
        .build();
  }

  private static LogRecordData event(EventType type, Attributes attributes) {
    return event(type.name(), attributes);
  }

  private static String print(Style style, LogRecordData... events) {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    new ConsoleLogExporter(out, ZoneOffset.UTC, style, () -> {}).export(List.of(events));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void printsAnExecWithItsArgumentsAndItsParent() {
    var exec =
        event(
            Events.PROCESS_EXEC,
            Attributes.builder()
                .put(Keys.PROCESS_PID, 1234L)
                .put(Keys.PROCESS_PARENT_PID, 1200L)
                .put(Keys.PROCESS_EXECUTABLE_PATH, "/usr/bin/ls")
                .put(Keys.PROCESS_COMMAND_ARGS, List.of("ls", "-l", "/tmp/a b"))
                .build());

    var line = print(Style.PLAIN, exec);

    assertThat(line).isEqualTo("10:42:01.123  exec    1234 ← 1200     /usr/bin/ls -l '/tmp/a b'\n");
  }

  @Test
  void printsAnExitWithItsCodeAndItsAge() {
    var exit =
        event(
            Events.PROCESS_EXIT,
            Attributes.builder()
                .put(Keys.PROCESS_PID, 1234L)
                .put(Keys.PROCESS_EXECUTABLE_NAME, "ls")
                .put(Keys.PROCESS_EXIT_CODE, 2L)
                .put(Keys.ERROR_TYPE, "2")
                .put(Keys.RINGSIDE_PROCESS_LIFETIME_DURATION, 0.00312)
                .build());

    var line = print(Style.PLAIN, exit);

    assertThat(line)
        .isEqualTo("10:42:01.123  exit    1234  ls               code 2  after 3.12 ms\n");
  }

  @Test
  void printsWhichSignalEndedAProcess() {
    var exit =
        event(
            Events.PROCESS_EXIT,
            Attributes.builder()
                .put(Keys.PROCESS_PID, 1L)
                .put(Keys.PROCESS_EXECUTABLE_NAME, "sleep")
                .put(Keys.PROCESS_EXIT_CODE, 137L)
                .put(Keys.RINGSIDE_PROCESS_EXIT_SIGNAL, "SIGKILL")
                .build());

    var line = print(Style.PLAIN, exit);

    assertThat(line).contains("killed by SIGKILL").doesNotContain("137");
  }

  @Test
  void marksAnOpenThatFailed() {
    var open =
        event(
            Events.FILE_OPEN,
            Attributes.builder()
                .put(Keys.PROCESS_PID, 1234L)
                .put(Keys.PROCESS_EXECUTABLE_NAME, "cat")
                .put(Keys.FILE_PATH, "/etc/shadow")
                .put(Keys.RINGSIDE_FILE_ACCESS_MODE, "read_write")
                .put(Keys.ERROR_TYPE, "EACCES")
                .build());

    var line = print(Style.PLAIN, open);

    assertThat(line)
        .isEqualTo(
            "10:42:01.123  open    1234  cat              /etc/shadow  read+write"
                + "  failed: EACCES\n");
  }

  @Test
  void printsASlowSystemCallWithItsDuration() {
    var slow =
        event(
            Events.SYSCALL_SLOW,
            Attributes.builder()
                .put(Keys.PROCESS_PID, 1301L)
                .put(Keys.PROCESS_EXECUTABLE_NAME, "db")
                .put(Keys.RINGSIDE_SYSCALL_NAME, "fsync")
                .put(Keys.RINGSIDE_OPERATION_DURATION, 0.0123)
                .put(Keys.ERROR_TYPE, "EIO")
                .build());

    var line = print(Style.PLAIN, slow);

    assertThat(line)
        .isEqualTo(
            "10:42:01.123  slow    1301  db               fsync  after 12.3 ms  failed: EIO\n");
  }

  @Test
  void printsAConnectionFromItsClientToItsServer() {
    var closed =
        event(
            Events.NETWORK_TCP_CONNECTION_CLOSED,
            Attributes.builder()
                .put(Keys.PROCESS_PID, 1340L)
                .put(Keys.PROCESS_EXECUTABLE_NAME, "curl")
                .put(Keys.CLIENT_ADDRESS, "10.1.2.3")
                .put(Keys.CLIENT_PORT, 40_000L)
                .put(Keys.SERVER_ADDRESS, "fd00::1")
                .put(Keys.SERVER_PORT, 443L)
                .put(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE, 75L)
                .put(Keys.RINGSIDE_NETWORK_TCP_RECEIVE_SIZE, 1256L)
                .put(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_DURATION, 0.001)
                .put(Keys.RINGSIDE_NETWORK_TCP_CONNECTION_DURATION, 0.0312)
                .put(Keys.ERROR_TYPE, "connection_reset")
                .build());

    var line = print(Style.PLAIN, closed);

    assertThat(line)
        .isEqualTo(
            "10:42:01.123  tcp     1340  curl             closed  10.1.2.3:40000 → [fd00::1]:443"
                + "  75 B out  1256 B in  after 31.2 ms  failed: connection_reset\n");
  }

  @Test
  void printsAChangeOfStateWithHowLongTheOneBeforeLasted() {
    var changed =
        event(
            Events.NETWORK_TCP_STATE_CHANGED,
            Attributes.builder()
                .put(Keys.PROCESS_PID, 1340L)
                .put(Keys.PROCESS_EXECUTABLE_NAME, "curl")
                .put(Keys.CLIENT_ADDRESS, "10.1.2.3")
                .put(Keys.CLIENT_PORT, 40_000L)
                .put(Keys.SERVER_ADDRESS, "10.1.2.80")
                .put(Keys.SERVER_PORT, 443L)
                .put(Keys.RINGSIDE_NETWORK_TCP_STATE_PREVIOUS, "established")
                .put(Keys.NETWORK_CONNECTION_STATE, "fin_wait_1")
                .put(Keys.RINGSIDE_NETWORK_TCP_STATE_DURATION, 0.0312)
                .build());

    var line = print(Style.PLAIN, changed);

    assertThat(line)
        .isEqualTo(
            "10:42:01.123  tcp     1340  curl             state changed  established → fin_wait_1"
                + "  10.1.2.3:40000 → 10.1.2.80:443  after 31.2 ms\n");
  }

  @Test
  void printsWhyAResetWasSent() {
    var reset =
        event(
            Events.NETWORK_TCP_RESET,
            Attributes.builder()
                .put(Keys.PROCESS_PID, 1340L)
                .put(Keys.PROCESS_EXECUTABLE_NAME, "nginx")
                .put(Keys.CLIENT_ADDRESS, "10.1.2.3")
                .put(Keys.CLIENT_PORT, 40_000L)
                .put(Keys.SERVER_ADDRESS, "10.1.2.80")
                .put(Keys.SERVER_PORT, 443L)
                .put(Keys.NETWORK_CONNECTION_STATE, "established")
                .put(Keys.NETWORK_IO_DIRECTION, "transmit")
                .put(Keys.RINGSIDE_NETWORK_TCP_RESET_REASON, "tcp_abort_on_close")
                .build());

    var line = print(Style.PLAIN, reset);

    assertThat(line)
        .isEqualTo(
            "10:42:01.123  tcp     1340  nginx            reset  transmit  tcp_abort_on_close"
                + "  10.1.2.3:40000 → 10.1.2.80:443\n");
  }

  @Test
  void printsADroppedSegmentWithWhyAndWhereThatWas() {
    var dropped =
        event(
            Events.NETWORK_TCP_DROP,
            Attributes.builder()
                .put(Keys.SOURCE_ADDRESS, "10.1.2.3")
                .put(Keys.SOURCE_PORT, 40_000L)
                .put(Keys.DESTINATION_ADDRESS, "10.1.2.80")
                .put(Keys.DESTINATION_PORT, 443L)
                .put(Keys.RINGSIDE_NETWORK_TCP_DROP_REASON, "no_socket")
                .put(Keys.CODE_FUNCTION_NAME, "tcp_v4_rcv")
                .build());

    var line = print(Style.PLAIN, dropped);

    assertThat(line)
        .isEqualTo(
            "10:42:01.123  tcp        ?  ?                drop  no_socket"
                + "  10.1.2.3:40000 → 10.1.2.80:443  by tcp_v4_rcv\n");
  }

  @Test
  void printsASlowFunctionOfTheKernelWithItsDuration() {
    var slow =
        event(
            Events.KERNEL_FUNCTION_SLOW,
            Attributes.builder()
                .put(Keys.PROCESS_PID, 303L)
                .put(Keys.PROCESS_EXECUTABLE_NAME, "sleep")
                .put(Keys.CODE_FUNCTION_NAME, "hrtimer_nanosleep")
                .put(Keys.RINGSIDE_OPERATION_DURATION, 0.511)
                .build());

    var line = print(Style.PLAIN, slow);

    assertThat(line)
        .isEqualTo(
            "10:42:01.123  slow     303  sleep            hrtimer_nanosleep  after 511 ms\n");
  }

  @Test
  void neverSendsControlCharactersOfAProcessToTheTerminal() {
    var evil = "/tmp/\u001b]0;owned\u0007\r\nfake line\u009b2J";
    var open =
        event(
            Events.FILE_OPEN,
            Attributes.builder()
                .put(Keys.PROCESS_PID, 1L)
                .put(Keys.PROCESS_EXECUTABLE_NAME, "e\u001b[31mvil")
                .put(Keys.FILE_PATH, evil)
                .put(Keys.CONTAINER_ID, "\u001b[2J")
                .put(Keys.ERROR_TYPE, "\u001b[1m")
                .build());
    var other = event("x\u001by", Attributes.of(AttributeKey.stringKey("k\u001b"), "v\u001b"));

    var lines = print(Style.PLAIN, open, other);

    assertThat(lines.replace("\n", "").codePoints().filter(Character::isISOControl).boxed())
        .isEmpty();
    assertThat(lines.lines()).hasSize(2);
    assertThat(lines).contains("\\x1b]0;owned\\x07\\r\\nfake line\\x9b2J");
  }

  @Test
  void printsAnEventItDoesNotKnow() {
    var event = event("ringside.disk.burn", Attributes.of(AttributeKey.stringKey("device"), "sda"));

    var line = print(Style.PLAIN, event);

    assertThat(line).isEqualTo("10:42:01.123  disk.burn  device=sda\n");
  }

  @Test
  void coloursOnlyWhereAskedTo() {
    var event = event(Events.FILE_OPEN, Attributes.empty());

    assertThat(print(Style.COLOURED, event)).contains("\u001b[");
    assertThat(print(Style.PLAIN, event)).doesNotContain("\u001b");
  }

  @Test
  void saysWhenNobodyReadsAnyMore() {
    var closed = new AtomicInteger();
    var broken =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            });
    var exporter =
        new ConsoleLogExporter(broken, ZoneOffset.UTC, Style.PLAIN, closed::incrementAndGet);

    var result = exporter.export(List.of(event(Events.FILE_OPEN, Attributes.empty())));

    assertThat(result.isSuccess()).isFalse();
    assertThat(closed).hasValue(1);
  }
}
