package dev.ringside.receivers.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.ringside.bpf.Text;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.exporter.internal.otlp.logs.LogsRequestMarshaler;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.logs.TestLogRecordData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Our encoder says what OpenTelemetry's marshaler says, down to the order.
class LogEncoderTest {
  private static final Resource HOST =
      Resource.create(
          Attributes.builder().put("host.name", "h\u00f6st").put("n", 5).build(),
          "https://example.org/1");
  private static final InstrumentationScopeInfo SCOPE =
      InstrumentationScopeInfo.builder("scope")
          .setVersion("1")
          .setSchemaUrl("https://example.org/2")
          .setAttributes(Attributes.builder().put("a", true).build())
          .build();
  private static final SpanContext SPAN =
      SpanContext.create(
          "4bf92f3577b34da6a3ce929d0e0e4736",
          "00f067aa0ba902b7",
          TraceFlags.getSampled(),
          TraceState.getDefault());

  private final LogEncoder encoder = new LogEncoder();

  @Test
  void everyKindOfAttribute() throws Exception {
    var attributes =
        Attributes.builder()
            .put("text", "plain")
            .put("unicode", "gr\u00fc\u00df \u4e16\u754c \ud83d\ude00")
            .put("empty", "")
            .put("zero", 0)
            .put("negative", -1)
            .put("largest", Long.MAX_VALUE)
            .put("smallest", Long.MIN_VALUE)
            .put("double", 0.25)
            .put("nothing", 0.0)
            .put("true", true)
            .put("false", false)
            .put("texts", "a", "", "\u00fc")
            .put("longs", 1, 2, 300)
            .put("doubles", 1.5, -0.0)
            .put("booleans", true, false)
            .put(AttributeKey.stringArrayKey("none"), List.of())
            .put(
                AttributeKey.valueKey("value"),
                Value.of(KeyValue.of("k", Value.of(1)), KeyValue.of("l", Value.of("m"))))
            .build();

    assertSame(List.of(log(attributes).build()));
  }

  @Test
  void everyFieldOfARecord() throws Exception {
    assertSame(
        List.of(
            log()
                .setEventName("event")
                .setTimestamp(1, TimeUnit.NANOSECONDS)
                .setObservedTimestamp(Long.MAX_VALUE, TimeUnit.NANOSECONDS)
                .setSeverity(Severity.FATAL4)
                .setSeverityText("F")
                .setSpanContext(SPAN)
                .setTotalAttributeCount(300)
                .setBodyValue(Value.of(new byte[] {1, 2, 3}))
                .build(),
            log().setBodyValue(Value.of(Value.of("a"), Value.of(2.5))).build()));
  }

  @Test
  void recordsOfSeveralReceiversComeInGroups() throws Exception {
    var logs = new ArrayList<LogRecordData>();
    for (int i = 0; i < 20; i++) {
      for (int j = 0; j < 2; j++) {
        logs.add(
            log().setInstrumentationScopeInfo(SCOPES.get(i % 3)).setEventName("e" + i).build());
      }
      logs.add(
          log()
              .setResource(RESOURCES.get(i % 2))
              .setInstrumentationScopeInfo(SCOPES.get(i % 3))
              .setEventName("r" + i)
              .build());
    }

    assertSame(logs);
    assertSame(logs.subList(7, 11));
    assertSame(logs);
  }

  @Test
  void aMessageOfManyMegabytes() throws Exception {
    var random = new Random(7);
    var logs = new ArrayList<LogRecordData>();
    for (int i = 0; i < 300; i++) {
      var text = "x".repeat(random.nextInt(20_000)) + (i % 2 == 0 ? "\u00e9" : "");
      logs.add(log(Attributes.builder().put("t", text).build()).build());
    }

    assertSame(logs);
  }

  @Test
  void pooledRecordsInEveryBatch() {
    var comparing = new Comparing();
    var direct =
        DirectTelemetry.builder()
            .logs(List.of(comparing))
            .host(HOST)
            .clock(new BootClock())
            .batchSize(100)
            .build();
    var files = direct.receiver("file_open", "1");
    var programs = direct.receiver("process_exec", "1");
    var random = new Random(3);
    var processes =
        List.of(
            SharedAttributes.builder().set(Keys.PROCESS_PID, 1L).build(),
            SharedAttributes.builder()
                .set(Keys.PROCESS_USER_ID, 0L)
                .setText(Keys.PROCESS_EXECUTABLE_NAME, Text.of("ls"))
                .setText(Keys.THREAD_NAME, Text.of("d\u00e9"))
                .set(Keys.PROCESS_COMMAND_ARGS, List.of("ls", "\u00e9"))
                .build());

    for (int i = 0; i < 1000; i++) {
      files
          .event(Events.FILE_OPEN)
          .at(random.nextLong(1L << 50))
          .set(processes.get(random.nextInt(2)))
          .set(Keys.PROCESS_PID, random.nextLong(1L << 32))
          .set(Keys.FILE_PATH, "/tmp/" + i)
          .set(Keys.RINGSIDE_OPERATION_DURATION, random.nextDouble())
          .set(Keys.RINGSIDE_FILE_PATH_TRUNCATED, random.nextBoolean() ? true : null)
          .emit();
      programs
          .event(Events.PROCESS_EXEC)
          .severity(Severity.WARN)
          .in(SPAN)
          .set(Keys.PROCESS_COMMAND_ARGS, List.of("ls", "-l", "d\u00e9"))
          .emit();
    }
    direct.close();

    assertThat(comparing.compared).isEqualTo(2000);
  }

  private static final List<InstrumentationScopeInfo> SCOPES =
      List.of(
          SCOPE, InstrumentationScopeInfo.create("two"), InstrumentationScopeInfo.create("three"));
  private static final List<Resource> RESOURCES =
      List.of(Resource.empty(), Resource.create(Attributes.builder().put("n", 2).build()));

  private static TestLogRecordData.Builder log() {
    return TestLogRecordData.builder().setResource(HOST).setInstrumentationScopeInfo(SCOPE);
  }

  private static TestLogRecordData.Builder log(Attributes attributes) {
    return log().setAttributes(attributes).setTotalAttributeCount(attributes.size());
  }

  private void assertSame(List<LogRecordData> logs) throws IOException {
    assertThat(inOrder(ours(encoder, logs))).isEqualTo(inOrder(theirs(logs)));
  }

  private static ExportLogsServiceRequest ours(LogEncoder encoder, List<LogRecordData> logs)
      throws InvalidProtocolBufferException {
    var message = encoder.encode(logs, false);
    var bytes = ByteBuffer.wrap(message.array(), message.offset(), message.length());
    return ExportLogsServiceRequest.parseFrom(bytes);
  }

  /// The SDK groups by a hash of identities, so its groups come in any order.
  private static Map<String, List<String>> inOrder(ExportLogsServiceRequest request) {
    var groups = new TreeMap<String, List<String>>();
    for (var resource : request.getResourceLogsList()) {
      for (var scope : resource.getScopeLogsList()) {
        var of = resource.toBuilder().clearScopeLogs().build() + " " + scope.getSchemaUrl();
        var begin = scope.toBuilder().clearLogRecords().build();
        var group = groups.computeIfAbsent(of + begin, g -> new ArrayList<>());
        scope.getLogRecordsList().forEach(log -> group.add(log.toString()));
      }
    }
    return groups;
  }

  private static ExportLogsServiceRequest theirs(Collection<LogRecordData> logs)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    LogsRequestMarshaler.create(logs).writeBinaryTo(bytes);
    return ExportLogsServiceRequest.parseFrom(bytes.toByteArray());
  }

  /// Looks at each batch of pooled records in both ways.
  private static final class Comparing implements LogRecordExporter {
    private final LogEncoder encoder = new LogEncoder();
    private int compared;

    @Override
    public CompletableResultCode export(Collection<LogRecordData> logs) {
      try {
        assertThat(inOrder(ours(encoder, List.copyOf(logs)))).isEqualTo(inOrder(theirs(logs)));
      } catch (IOException e) {
        return CompletableResultCode.ofExceptionalFailure(e);
      }
      compared += logs.size();
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
