package dev.ringside.integration.benchmark;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/// What `workload/receive.c` kept: requests, each behind a line `PATH LENGTH`.
final class ReceivedFile {
  private ReceivedFile() {}

  /// Log records of an event that say `attribute` is `value`.
  static long records(Path file, String event, String attribute, String value) throws IOException {
    long records = 0;
    try (var in = new BufferedInputStream(Files.newInputStream(file))) {
      for (String head; !(head = line(in)).isEmpty(); ) {
        var parts = head.split(" ");
        byte[] body = in.readNBytes(Integer.parseInt(parts[1]));
        if (parts[0].equals("/v1/logs")) records += records(body, event, attribute, value);
      }
    }
    return records;
  }

  private static long records(byte[] body, String event, String attribute, String value)
      throws IOException {
    boolean isGzip = body.length > 1 && body[0] == 0x1f && body[1] == (byte) 0x8b;
    InputStream bytes = new ByteArrayInputStream(body);
    return ExportLogsServiceRequest.parseFrom(isGzip ? new GZIPInputStream(bytes) : bytes)
        .getResourceLogsList()
        .stream()
        .flatMap(resource -> resource.getScopeLogsList().stream())
        .flatMap(scope -> scope.getLogRecordsList().stream())
        .filter(record -> record.getEventName().equals(event))
        .filter(record ->
            record.getAttributesList().stream()
                .anyMatch(a ->
                    a.getKey().equals(attribute) && a.getValue().getStringValue().equals(value)))
        .count();
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c; (c = in.read()) >= 0 && c != '\n'; ) line.append((char) c);
    return line.toString();
  }
}
