package dev.ringside.config.export;

import dev.ringside.config.tree.Printable;
import io.opentelemetry.exporter.internal.FailedExportException.GrpcExportException;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;

/// What a failed export means, in a few words. OpenTelemetry's OTLP exporters say it only through
/// classes that are internal (seen in 1.65.0).
public final class ExportFailure {
  private ExportFailure() {}

  /// @param failure of a [io.opentelemetry.sdk.common.CompletableResultCode]; may be null
  public static String of(Throwable failure) {
    return Printable.of(
        switch (failure) {
          case null -> "no reason given";
          case HttpExportException http when http.getResponse() != null ->
              ("HTTP "
                      + http.getResponse().getStatusCode()
                      + " "
                      + http.getResponse().getStatusMessage())
                  .strip();
          case GrpcExportException grpc when grpc.getResponse() != null ->
              ("gRPC " + grpc.getResponse().getStatusCode() + " " + description(grpc)).strip();
          default -> deepest(failure);
        });
  }

  private static String description(GrpcExportException grpc) {
    var description = grpc.getResponse().getStatusDescription();
    return description == null ? "" : description;
  }

  private static String deepest(Throwable failure) {
    var deepest = failure;
    while (deepest.getCause() != null) deepest = deepest.getCause();
    var message = deepest.getMessage();
    return message == null || message.isEmpty() ? deepest.getClass().getSimpleName() : message;
  }
}
