package dev.ringside.config.command;

import dev.ringside.config.tree.InvalidConfigurationException;
import dev.ringside.config.tree.Mark;
import dev.ringside.config.tree.Problem;
import dev.ringside.receivers.Nearest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where `--otlp` points: `http://collector:4318`, or in short `collector`, `collector:4317`.
///
/// @param url with scheme, host and port
/// @param isGrpc whether it speaks OTLP over gRPC instead of HTTP
record OtlpEndpoint(String url, boolean isGrpc) {
  private static final int GRPC_PORT = 4317;
  private static final int HTTP_PORT = 4318;
  private static final List<String> PROTOCOLS = List.of("http/protobuf", "grpc");

  /// @param protocol `grpc` or `http/protobuf`; null lets the port decide: 4317 is gRPC's
  static OtlpEndpoint parse(String text, String protocol) {
    if (protocol != null && !PROTOCOLS.contains(protocol))
      throw wrong(
          "--protocol " + protocol, "no such protocol" + Nearest.among(protocol, PROTOCOLS));
    var uri = uri(text);
    boolean isGrpc = protocol == null ? uri.getPort() == GRPC_PORT : protocol.equals("grpc");
    int port = uri.getPort() != -1 ? uri.getPort() : isGrpc ? GRPC_PORT : HTTP_PORT;
    var path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/+$", "");
    return new OtlpEndpoint(uri.getScheme() + "://" + uri.getHost() + ":" + port + path, isGrpc);
  }

  private static URI uri(String text) {
    try {
      var uri = new URI(text.contains("://") ? text : "http://" + text);
      boolean isHttp = uri.getScheme().equals("http") || uri.getScheme().equals("https");
      boolean hasPort = uri.getPort() == -1 || uri.getPort() > 0 && uri.getPort() < 65536;
      if (isHttp && hasPort && uri.getHost() != null && uri.getRawUserInfo() == null) return uri;
    } catch (URISyntaxException e) {
      // said below, with what is allowed
    }
    throw wrong(
        "--otlp " + Destinations.withoutCredentials(text),
        "not an endpoint; allowed: http://HOST:4318, https://HOST:4318, or HOST:4317 for gRPC;"
            + " credentials belong into OTEL_EXPORTER_OTLP_HEADERS");
  }

  private static InvalidConfigurationException wrong(String source, String message) {
    return new InvalidConfigurationException(List.of(new Problem(Mark.of(source), "", message)));
  }

  /// The properties that send all signals there, also where a variable says otherwise for one of
  /// them.
  Map<String, String> properties() {
    var properties = new LinkedHashMap<String, String>();
    properties.put("otel.exporter.otlp.endpoint", url);
    properties.put("otel.exporter.otlp.protocol", isGrpc ? "grpc" : "http/protobuf");
    for (var signal : List.of("logs", "traces", "metrics")) {
      properties.put("otel." + signal + ".exporter", "otlp");
      var own = "otel.exporter.otlp." + signal + ".";
      properties.put(own + "endpoint", isGrpc ? url : url + "/v1/" + signal);
      properties.put(own + "protocol", isGrpc ? "grpc" : "http/protobuf");
    }
    return properties;
  }
}
