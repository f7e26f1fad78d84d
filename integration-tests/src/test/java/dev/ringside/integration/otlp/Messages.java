package dev.ringside.integration.otlp;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.HexFormat;

/// Small OTLP messages.
final class Messages {
  private Messages() {}

  static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  static final String SPAN = "00f067aa0ba902b7";

  static ExportLogsServiceRequest logs(String name) {
    var list =
        ArrayValue.newBuilder()
            .addValues(AnyValue.newBuilder().setStringValue("a"))
            .addValues(AnyValue.newBuilder().setStringValue("é"));
    var log =
        LogRecord.newBuilder()
            .setEventName(name)
            .setSeverityNumberValue(9)
            .setTimeUnixNano(1_700_000_000_000_000_001L)
            .setObservedTimeUnixNano(1_700_000_000_000_000_002L)
            .setTraceId(id(TRACE))
            .setSpanId(id(SPAN))
            .addAttributes(attribute("process.pid", AnyValue.newBuilder().setIntValue(7)))
            .addAttributes(attribute("list", AnyValue.newBuilder().setArrayValue(list)));
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .setResource(resource())
                .addScopeLogs(ScopeLogs.newBuilder().setScope(scope()).addLogRecords(log)))
        .build();
  }

  static Resource.Builder resource() {
    return Resource.newBuilder()
        .addAttributes(attribute("host.name", AnyValue.newBuilder().setStringValue("here")));
  }

  static InstrumentationScope.Builder scope() {
    return InstrumentationScope.newBuilder().setName("it").setVersion("1");
  }

  static KeyValue attribute(String key, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  static ByteString id(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }
}
