package dev.ringside.receivers.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.List;

/// Log records as the bytes of an OTLP `ExportLogsServiceRequest`.
///
/// OpenTelemetry's own marshaler measures every record before it writes it and boxes every number
/// on the way; this one writes once, backwards, from the pooled record, and keeps the bytes of
/// keys, scopes and Resources. A test decodes both outputs and compares them.
///
/// Field numbers: opentelemetry-proto, `logs/v1/logs.proto`. One thread.
final class LogEncoder {
  // ExportLogsServiceRequest, ResourceLogs, ScopeLogs
  private static final int RESOURCE_LOGS = 1;
  private static final int RESOURCE = 1;
  private static final int SCOPE_LOGS = 2;
  private static final int SCOPE = 1;
  private static final int LOG_RECORDS = 2;
  private static final int SCHEMA_URL = 3;
  // LogRecord
  private static final int TIME = 1;
  private static final int SEVERITY_NUMBER = 2;
  private static final int SEVERITY_TEXT = 3;
  private static final int BODY = 5;
  private static final int ATTRIBUTES = 6;
  private static final int DROPPED_ATTRIBUTES = 7;
  private static final int FLAGS = 8;
  private static final int TRACE_ID = 9;
  private static final int SPAN_ID = 10;
  private static final int OBSERVED_TIME = 11;
  private static final int EVENT_NAME = 12;

  /// Records that share a block in the message, which is by identity as in the SDK.
  private record Group(
      Resource resource, InstrumentationScopeInfo scope, byte[] resourceField, byte[] scopeField) {
    boolean holds(LogRecordData log) {
      return log.getInstrumentationScopeInfo() == scope && log.getResource() == resource;
    }
  }

  private final ProtobufWriter out = new ProtobufWriter(1 << 16);
  private final AttributeWriter attributes = new AttributeWriter(out, ATTRIBUTES);

  /// Those of the last message; receivers and their scopes do not change.
  private final List<Group> known = new ArrayList<>();

  private final List<Group> groups = new ArrayList<>();

  // Of the last record: events of a receiver mostly have one name.
  private String eventName;
  private byte[] encodedEventName;

  /// The message is valid until the next call.
  ///
  /// @param stillRead whether somebody may still read what the last call wrote
  Route.Message encode(List<? extends LogRecordData> logs, boolean stillRead) {
    out.reset(stillRead);
    group(logs);
    for (int g = groups.size() - 1; g >= 0; g--) {
      var group = groups.get(g);
      int resourceLogs = out.size();
      String url = group.resource.getSchemaUrl();
      if (url != null) out.string(SCHEMA_URL, url);
      int scopeLogs = out.size();
      url = group.scope.getSchemaUrl();
      if (url != null) out.string(SCHEMA_URL, url);
      for (int i = logs.size() - 1; i >= 0; i--) {
        var log = logs.get(i);
        if (groups.size() == 1 || group.holds(log)) record(log);
      }
      out.raw(group.scopeField);
      out.message(SCOPE_LOGS, scopeLogs);
      out.raw(group.resourceField);
      out.message(RESOURCE_LOGS, resourceLogs);
    }
    return new Route.Message(out.array(), out.offset(), out.size());
  }

  private void group(List<? extends LogRecordData> logs) {
    known.clear();
    known.addAll(groups);
    groups.clear();
    Group last = null;
    for (int i = 0; i < logs.size(); i++) {
      var log = logs.get(i);
      if (last != null && last.holds(log)) continue;
      last = find(groups, log);
      if (last != null) continue;
      last = find(known, log);
      if (last == null) last = newGroup(log);
      groups.add(last);
    }
  }

  private static Group find(List<Group> groups, LogRecordData log) {
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i).holds(log)) return groups.get(i);
    }
    return null;
  }

  private static Group newGroup(LogRecordData log) {
    var resource = log.getResource();
    var scope = log.getInstrumentationScopeInfo();
    var field = new ProtobufWriter(256);
    new AttributeWriter(field, 1).write(resource.getAttributes());
    field.message(RESOURCE, 0);
    var resourceField = field.toByteArray();
    field.reset(false);
    new AttributeWriter(field, 3).write(scope.getAttributes());
    if (scope.getVersion() != null) field.string(2, scope.getVersion());
    field.string(1, scope.getName());
    field.message(SCOPE, 0);
    return new Group(resource, scope, resourceField, field.toByteArray());
  }

  private void record(LogRecordData log) {
    int before = out.size();
    var name = log.getEventName();
    if (name != null) out.raw(name == eventName ? encodedEventName : encodeEventName(name));
    out.fixed64(OBSERVED_TIME, log.getObservedTimestampEpochNanos());
    span(log.getSpanContext());
    int dropped = log.getTotalAttributeCount() - log.getAttributes().size();
    if (dropped > 0) {
      out.varint(dropped);
      out.tag(DROPPED_ATTRIBUTES, ProtobufWriter.VARINT);
    }
    attributes.write(log.getAttributes());
    var body = log.getBodyValue();
    if (body != null) {
      int bodyFrom = out.size();
      attributes.any(body);
      out.message(BODY, bodyFrom);
    }
    var text = log.getSeverityText();
    if (text != null) out.string(SEVERITY_TEXT, text);
    out.varint(log.getSeverity().getSeverityNumber());
    out.tag(SEVERITY_NUMBER, ProtobufWriter.VARINT);
    out.fixed64(TIME, log.getTimestampEpochNanos());
    out.message(LOG_RECORDS, before);
  }

  private byte[] encodeEventName(String name) {
    var field = new ProtobufWriter(64);
    field.string(EVENT_NAME, name);
    eventName = name;
    return encodedEventName = field.toByteArray();
  }

  private void span(SpanContext span) {
    if (span == SpanContext.getInvalid()) return;
    if (span.isValid()) {
      out.hex(SPAN_ID, span.getSpanId());
      out.hex(TRACE_ID, span.getTraceId());
    }
    out.fixed32(FLAGS, span.getTraceFlags().asByte() & 0xff);
  }
}
