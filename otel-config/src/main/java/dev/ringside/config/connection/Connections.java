package dev.ringside.config.connection;

import dev.ringside.receivers.telemetry.OtlpConnection;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.sdk.common.export.GrpcSenderProvider;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes OpenTelemetry's exporters use our connections, and notes which they are.
///
/// Not as a service on the class path: a Java service that embeds Ringside has exporters of its
/// own. One thread.
public final class Connections implements ComponentLoader {
  private final ComponentLoader others;
  private OtlpConnection newest;

  /// @param others finds everything else
  public Connections(ComponentLoader others) {
    this.others = others;
  }

  /// The connection that was made last, once: the one of the exporter that was just built. Empty
  /// when that one has none of ours, or sends something else than protobuf.
  public Optional<OtlpConnection> newest() {
    var made = Optional.ofNullable(newest);
    newest = null;
    return made;
  }

  @Override
  public <T> Iterable<T> load(Class<T> service) {
    if (service == HttpSenderProvider.class) {
      HttpSenderProvider http =
          config -> {
            var connection = new HttpConnection(config);
            newest = config.getContentType().equals("application/x-protobuf") ? connection : null;
            return connection;
          };
      return List.of(service.cast(http));
    }
    if (service == GrpcSenderProvider.class) {
      GrpcSenderProvider grpc =
          config -> {
            var connection = new GrpcConnection(config);
            newest = connection;
            return connection;
          };
      return List.of(service.cast(grpc));
    }
    var found = new ArrayList<T>();
    others.load(service).forEach(found::add);
    return found;
  }
}
