package dev.ringside.integration.otlp;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads OTLP JSON, as the Collector's file exporter writes it: one message a line.
///
/// OTLP JSON is protobuf's JSON with two exceptions ("JSON Protobuf Encoding" in the OTLP
/// specification): trace and span ids are hex, where protobuf has base64, and enums are numbers,
/// which protobuf accepts as well. A field that the protocol does not know is refused.
public final class OtlpJson {
  private static final Set<String> IDS = Set.of("traceId", "spanId", "parentSpanId");

  private OtlpJson() {}

  public static List<LogEvent> logs(String line) {
    var events = new ArrayList<LogEvent>();
    for (var resource : parse(line, LogsData.newBuilder()).getResourceLogsList()) {
      for (var scope : resource.getScopeLogsList()) {
        var origin =
            origin(
                resource.getResource(),
                resource.getSchemaUrl(),
                scope.getScope(),
                scope.getSchemaUrl());
        for (var log : scope.getLogRecordsList()) {
          events.add(
              new LogEvent(
                  origin,
                  log.getEventName(),
                  log.getSeverityNumberValue(),
                  log.getTimeUnixNano(),
                  log.getObservedTimeUnixNano(),
                  hex(log.getTraceId()),
                  hex(log.getSpanId()),
                  attributes(log.getAttributesList()),
                  body(log.getBody())));
        }
      }
    }
    return events;
  }

  public static List<SpanRecord> spans(String line) {
    var spans = new ArrayList<SpanRecord>();
    for (var resource : parse(line, TracesData.newBuilder()).getResourceSpansList()) {
      for (var scope : resource.getScopeSpansList()) {
        var origin =
            origin(
                resource.getResource(),
                resource.getSchemaUrl(),
                scope.getScope(),
                scope.getSchemaUrl());
        for (var span : scope.getSpansList()) {
          spans.add(
              new SpanRecord(
                  origin,
                  span.getName(),
                  span.getKindValue(),
                  hex(span.getTraceId()),
                  hex(span.getSpanId()),
                  hex(span.getParentSpanId()),
                  span.getStartTimeUnixNano(),
                  span.getEndTimeUnixNano(),
                  span.getStatus().getCodeValue(),
                  attributes(span.getAttributesList()),
                  span.getEventsList().stream()
                      .map(e -> new SpanRecord.Event(e.getName(), e.getTimeUnixNano()))
                      .toList()));
        }
      }
    }
    return spans;
  }

  public static List<MetricPoint> points(String line) {
    var points = new ArrayList<MetricPoint>();
    for (var resource : parse(line, MetricsData.newBuilder()).getResourceMetricsList()) {
      for (var scope : resource.getScopeMetricsList()) {
        var origin =
            origin(
                resource.getResource(),
                resource.getSchemaUrl(),
                scope.getScope(),
                scope.getSchemaUrl());
        for (var metric : scope.getMetricsList()) MetricPoints.read(origin, metric, points::add);
      }
    }
    return points;
  }

  static Map<String, Object> attributes(List<KeyValue> attributes) {
    var map = new LinkedHashMap<String, Object>();
    for (var a : attributes) {
      if (map.put(a.getKey(), value(a.getValue())) != null)
        throw new AssertionError("attribute " + a.getKey() + " is there twice: " + attributes);
    }
    return map;
  }

  /// The Collector writes `"body":{}` for a record without one.
  private static Object body(AnyValue body) {
    return body.getValueCase() == AnyValue.ValueCase.VALUE_NOT_SET ? null : value(body);
  }

  private static Object value(AnyValue any) {
    return switch (any.getValueCase()) {
      case STRING_VALUE -> any.getStringValue();
      case INT_VALUE -> any.getIntValue();
      case DOUBLE_VALUE -> any.getDoubleValue();
      case BOOL_VALUE -> any.getBoolValue();
      case ARRAY_VALUE ->
          any.getArrayValue().getValuesList().stream().map(OtlpJson::value).toList();
      default -> throw new AssertionError("no test expects an attribute like " + any);
    };
  }

  private static Origin origin(
      Resource resource, String schema, InstrumentationScope scope, String scopeSchema) {
    return new Origin(
        attributes(resource.getAttributesList()),
        schema,
        scope.getName(),
        scope.getVersion(),
        scopeSchema);
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static <B extends Message.Builder> B parse(String line, B into) {
    JsonElement json = JsonParser.parseString(line);
    idsToBase64(json);
    try {
      JsonFormat.parser().merge(json.toString(), into);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e.getMessage() + ": " + line, e);
    }
    return into;
  }

  private static void idsToBase64(JsonElement json) {
    if (json.isJsonArray()) json.getAsJsonArray().forEach(OtlpJson::idsToBase64);
    if (!(json instanceof JsonObject object)) return;
    for (var member : object.entrySet()) {
      if (IDS.contains(member.getKey())) {
        byte[] id = HexFormat.of().parseHex(member.getValue().getAsString());
        member.setValue(new JsonPrimitive(Base64.getEncoder().encodeToString(id)));
      } else {
        idsToBase64(member.getValue());
      }
    }
  }
}
