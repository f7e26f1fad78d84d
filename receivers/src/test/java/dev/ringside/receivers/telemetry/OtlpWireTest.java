package dev.ringside.receivers.telemetry;

import static dev.ringside.receivers.telemetry.WireText.hex;
import static dev.ringside.receivers.telemetry.WireText.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Spans;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What our records look like behind OpenTelemetry's own OTLP exporter, on the wire.
@Timeout(60)
class OtlpWireTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final SpanContext PARENT =
      SpanContext.createFromRemoteParent(
          TRACE, SPAN, TraceFlags.getSampled(), TraceState.getDefault());
  static final SpanContext UNSAMPLED =
      SpanContext.createFromRemoteParent(
          TRACE, SPAN, TraceFlags.getDefault(), TraceState.getDefault());
  static final SpanContext CAUSE =
      SpanContext.create(
          "0af7651916cd43dd8448eb211c80319c",
          "b7ad6b7169203331",
          TraceFlags.getSampled(),
          TraceState.getDefault());
  private static final Resource HOST =
      Resource.create(Attributes.of(AttributeKey.stringKey("host.name"), "observed"));

  private final OtlpServer server = new OtlpServer(0);

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(MemoryMode.class)
  void anEventArrivesWhole(MemoryMode mode) {
    var direct = direct(mode);
    var telemetry = direct.receiver("process_exec", "0.1");

    telemetry
        .event(Events.PROCESS_EXEC)
        .at(1_000_000_007L)
        .severity(Severity.WARN)
        .set(Keys.PROCESS_PID, 4_000_000_000L)
        .set(Keys.PROCESS_EXECUTABLE_PATH, "/usr/bin/ünïcode")
        .set(Keys.PROCESS_COMMAND_ARGS, List.of("ls", "-l"))
        .set(Keys.RINGSIDE_PROCESS_COMMAND_ARGS_TRUNCATED, true)
        .set(Keys.RINGSIDE_OPERATION_DURATION, 0.25)
        .set(Keys.CONTAINER_ID, null)
        .in(PARENT)
        .emit();
    direct.afterDrain();

    var resource = server.logs.getFirst().getResourceLogs(0);
    assertThat(text(resource.getResource().getAttributesList())).isEqualTo("host.name=observed");
    var scope = resource.getScopeLogs(0);
    assertThat(scope.getScope().getName()).isEqualTo("dev.ringside.process_exec");
    assertThat(scope.getScope().getVersion()).isEqualTo("0.1");
    LogRecord event = scope.getLogRecords(0);
    assertThat(event.getEventName()).isEqualTo("ringside.process.exec");
    assertThat(event.getTimeUnixNano()).isEqualTo(BootClock.BOOT_UNIX_NS + 1_000_000_007L);
    assertThat(event.getObservedTimeUnixNano())
        .isBetween(ObservedTime.unixNanos() - 60_000_000_000L, ObservedTime.unixNanos());
    assertThat(event.getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_WARN);
    assertThat(event.hasBody()).isFalse();
    assertThat(hex(event.getTraceId().toByteArray())).isEqualTo(TRACE);
    assertThat(hex(event.getSpanId().toByteArray())).isEqualTo(SPAN);
    assertThat(text(event.getAttributesList()))
        .isEqualTo(
            "process.pid=4000000000, process.executable.path=/usr/bin/ünïcode,"
                + " process.command_args=[ls, -l], ringside.process.command_args.truncated=true,"
                + " ringside.operation.duration=0.25");
  }

  @ParameterizedTest
  @EnumSource(MemoryMode.class)
  void pooledEventsDoNotMixTheirBatches(MemoryMode mode) {
    var direct = direct(mode);
    var telemetry = direct.receiver("process_exec", "0.1");

    for (long pid = 1; pid <= 1500; pid++) {
      var event = telemetry.event(Events.PROCESS_EXEC).at(pid).set(Keys.PROCESS_PID, pid);
      if (pid % 2 == 0) event.set(Keys.PROCESS_EXECUTABLE_NAME, "even-" + pid);
      event.emit();
    }
    direct.close();

    var events =
        server.logs.stream()
            .flatMap(request -> request.getResourceLogsList().stream())
            .flatMap(resource -> resource.getScopeLogsList().stream())
            .flatMap(scope -> scope.getLogRecordsList().stream())
            .toList();
    assertThat(server.logs).hasSize(3);
    assertThat(events).hasSize(1500);
    for (int i = 0; i < events.size(); i++) {
      int pid = i + 1;
      assertThat(events.get(i).getTimeUnixNano()).isEqualTo(BootClock.BOOT_UNIX_NS + pid);
      assertThat(text(events.get(i).getAttributesList()))
          .isEqualTo(
              "process.pid=" + pid + (pid % 2 == 0 ? ", process.executable.name=even-" + pid : ""));
    }
  }

  @Test
  void aSpansServiceIsTheOneThatIsConfigured() {
    var configured = Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "mine"));
    var direct = direct(MemoryMode.REUSABLE_DATA, configured);

    direct.receiver("process_exec", "0.1").span(Spans.CLI_INTERNAL).between(1, 2).emit();
    direct.afterDrain();

    var resource = server.traces.getFirst().getResourceSpans(0).getResource();
    assertThat(text(resource.getAttributesList())).isEqualTo("service.name=mine");
  }

  @ParameterizedTest
  @EnumSource(MemoryMode.class)
  void aSpanArrivesWhole(MemoryMode mode) {
    var direct = direct(mode);

    direct
        .receiver("process_exec", "0.1")
        .span(Spans.CLI_INTERNAL)
        .name("ls")
        .between(1_000, 2_500)
        .parent(PARENT)
        .link(CAUSE)
        .link(SpanContext.getInvalid())
        .set(Keys.PROCESS_PID, 42)
        .error("127")
        .emit();
    direct.afterDrain();

    var resource = server.traces.getFirst().getResourceSpans(0);
    assertThat(text(resource.getResource().getAttributesList()))
        .isEqualTo("host.name=observed, service.name=ringside");
    var scope = resource.getScopeSpans(0);
    assertThat(scope.getScope().getName()).isEqualTo("dev.ringside.process_exec");
    Span span = scope.getSpans(0);
    assertThat(span.getName()).isEqualTo("ls");
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_INTERNAL);
    assertThat(span.getStartTimeUnixNano()).isEqualTo(BootClock.BOOT_UNIX_NS + 1_000);
    assertThat(span.getEndTimeUnixNano()).isEqualTo(BootClock.BOOT_UNIX_NS + 2_500);
    assertThat(hex(span.getTraceId().toByteArray())).isEqualTo(TRACE);
    assertThat(hex(span.getParentSpanId().toByteArray())).isEqualTo(SPAN);
    assertThat(span.getSpanId().toByteArray()).hasSize(8);
    assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(text(span.getAttributesList())).isEqualTo("process.pid=42, error.type=127");
    assertThat(span.getLinksList())
        .singleElement()
        .returns(CAUSE.getTraceId(), link -> hex(link.getTraceId().toByteArray()))
        .returns(CAUSE.getSpanId(), link -> hex(link.getSpanId().toByteArray()))
        .returns(1, link -> link.getFlags() & 0xff);
  }

  @ParameterizedTest
  @EnumSource(MemoryMode.class)
  void aSpanWithoutAParentIsARoot(MemoryMode mode) {
    var direct = direct(mode);
    var telemetry = direct.receiver("process_exec", "0.1");

    telemetry.span(Spans.CLI_INTERNAL).name("one").between(1, 2).link(CAUSE).emit();
    telemetry.span(Spans.CLI_INTERNAL).name("other").between(1, 2).emit();
    direct.afterDrain();

    var spans = server.traces.getFirst().getResourceSpans(0).getScopeSpans(0).getSpansList();
    assertThat(spans)
        .allSatisfy(span -> assertThat(span.getParentSpanId().isEmpty()).isTrue())
        .allSatisfy(span ->
            assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET));
    assertThat(spans.get(0).getTraceId()).isNotEqualTo(spans.get(1).getTraceId());
    assertThat(spans.get(1).getLinksList()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(MemoryMode.class)
  void aSpanOfATraceThatNobodySampledIsLeftOut(MemoryMode mode) {
    var direct = direct(mode);

    direct.receiver("r", "1").span(Spans.CLI_INTERNAL).parent(UNSAMPLED).between(1, 2).emit();
    direct.close();

    assertThat(server.traces).isEmpty();
    assertThat(direct.statistics().getFirst().emitted()).isZero();
  }

  private DirectTelemetry direct(MemoryMode mode) {
    return direct(mode, HOST);
  }

  private DirectTelemetry direct(MemoryMode mode, Resource host) {
    return DirectTelemetry.builder()
        .logs(
            List.of(
                OtlpHttpLogRecordExporter.builder()
                    .setEndpoint(server.url("logs"))
                    .setMemoryMode(mode)
                    .build()))
        .spans(
            List.of(
                OtlpHttpSpanExporter.builder()
                    .setEndpoint(server.url("traces"))
                    .setMemoryMode(mode)
                    .build()))
        .host(host)
        .clock(new BootClock())
        .delay(Duration.ZERO)
        .build();
  }
}
