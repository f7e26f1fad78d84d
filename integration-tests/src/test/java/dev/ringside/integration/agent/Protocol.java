package dev.ringside.integration.agent;

import dev.ringside.integration.otlp.RealCollector;
import java.net.URI;

/// The two forms of OTLP.
enum Protocol {
  HTTP("http/protobuf"),
  GRPC("grpc");

  private final String name;

  Protocol(String name) {
    this.name = name;
  }

  /// As OTEL_EXPORTER_OTLP_PROTOCOL and `--protocol` call it.
  @Override
  public String toString() {
    return name;
  }

  URI endpoint(RealCollector collector) {
    return this == HTTP ? collector.http() : collector.grpc();
  }
}
