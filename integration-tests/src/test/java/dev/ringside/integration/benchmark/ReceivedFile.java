package dev.ringside.integration.benchmark;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/// What `workload/receive.c` kept: requests, each behind a line `PATH LENGTH`.
final class ReceivedFile {
  private ReceivedFile() {}

  /// Takes the body of a request.
  private interface Reading {
    void read(InputStream body) throws IOException;
  }

  /// Log records of an event that say `attribute` is `value`.
  static long records(Path file, String event, String attribute, String value) throws IOException {
    var records = new LongAdder();
    requests(
        file,
        "/v1/logs",
        body ->
            ExportLogsServiceRequest.parseFrom(body).getResourceLogsList().stream()
                .flatMap(resource -> resource.getScopeLogsList().stream())
                .flatMap(scope -> scope.getLogRecordsList().stream())
                .filter(record -> record.getEventName().equals(event))
                .filter(
                    record -> value.equals(attributes(record.getAttributesList()).get(attribute)))
                .forEach(_ -> records.increment()));
    return records.sum();
  }

  /// What a histogram counted in the end, by its attributes. It must be cumulative.
  static Map<Map<String, String>, Long> counts(Path file, String histogram) throws IOException {
    var counts = new HashMap<Map<String, String>, Long>();
    requests(
        file,
        "/v1/metrics",
        body ->
            ExportMetricsServiceRequest.parseFrom(body).getResourceMetricsList().stream()
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .filter(metric -> metric.getName().equals(histogram))
                .forEach(metric -> count(metric, counts)));
    return counts;
  }

  private static void count(Metric metric, Map<Map<String, String>, Long> counts) {
    for (var p : metric.getHistogram().getDataPointsList())
      counts.put(attributes(p.getAttributesList()), p.getCount());
    for (var p : metric.getExponentialHistogram().getDataPointsList())
      counts.put(attributes(p.getAttributesList()), p.getCount());
  }

  private static Map<String, String> attributes(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(Collectors.toMap(KeyValue::getKey, a -> a.getValue().getStringValue()));
  }

  private static void requests(Path file, String path, Reading reading) throws IOException {
    try (var in = new BufferedInputStream(Files.newInputStream(file))) {
      for (String head; !(head = line(in)).isEmpty(); ) {
        var parts = head.split(" ");
        byte[] body = in.readNBytes(Integer.parseInt(parts[1]));
        if (parts[0].equals(path)) reading.read(unpacked(body));
      }
    }
  }

  private static InputStream unpacked(byte[] body) throws IOException {
    boolean isGzip = body.length > 1 && body[0] == 0x1f && body[1] == (byte) 0x8b;
    var bytes = new ByteArrayInputStream(body);
    return isGzip ? new GZIPInputStream(bytes) : bytes;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c; (c = in.read()) >= 0 && c != '\n'; ) line.append((char) c);
    return line.toString();
  }
}
