package dev.ringside.receivers.telemetry;

import io.opentelemetry.exporter.internal.FailedExportException;
import io.opentelemetry.exporter.internal.FailedExportException.GrpcExportException;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import java.util.EnumSet;
import java.util.Set;

/// What a failed export means.
///
/// The OTLP specification ("Failures", for both transports) lists the answers after which data may
/// be sent again; every other answer is a refusal. No answer at all is not one.
///
/// @param refused whether the server does not want this data
/// @param said what it or the system said
record Answer(boolean refused, String said) {
  private static final Set<Integer> HTTP_RETRYABLE = Set.of(429, 502, 503, 504);
  private static final Set<GrpcStatusCode> GRPC_RETRYABLE =
      EnumSet.of(
          GrpcStatusCode.CANCELLED,
          GrpcStatusCode.DEADLINE_EXCEEDED,
          GrpcStatusCode.RESOURCE_EXHAUSTED,
          GrpcStatusCode.ABORTED,
          GrpcStatusCode.OUT_OF_RANGE,
          GrpcStatusCode.UNAVAILABLE,
          GrpcStatusCode.DATA_LOSS);

  /// @param failure of a [io.opentelemetry.sdk.common.CompletableResultCode]; may be null
  static Answer of(Throwable failure) {
    if (failure == null) return new Answer(false, "the export failed without a reason");
    // By name first: without an OTLP exporter on the class path there is no such class to ask for.
    if (failure.getClass().getName().startsWith("io.opentelemetry.exporter.internal.Failed")) {
      return Otlp.of(failure);
    }
    return new Answer(false, describe(failure));
  }

  static String describe(Throwable failure) {
    var message = failure.getMessage();
    var name = failure.getClass().getSimpleName();
    return message == null || message.isEmpty() ? name : name + ": " + message;
  }

  /// The only code that knows how OpenTelemetry's OTLP exporters say what happened: it is in none
  /// of their stable interfaces (seen in 1.65.0).
  private static final class Otlp {
    static Answer of(Throwable failure) {
      if (failure instanceof HttpExportException http && http.getResponse() != null) {
        var response = http.getResponse();
        int status = response.getStatusCode();
        return new Answer(
            !HTTP_RETRYABLE.contains(status),
            ("HTTP " + status + " " + response.getStatusMessage()).strip());
      }
      if (failure instanceof GrpcExportException grpc && grpc.getResponse() != null) {
        var response = grpc.getResponse();
        var status = response.getStatusCode();
        return new Answer(
            !GRPC_RETRYABLE.contains(status),
            ("gRPC " + status + " " + response.getStatusDescription()).strip());
      }
      var cause = ((FailedExportException) failure).getCause();
      return new Answer(false, describe(cause == null ? failure : cause));
    }
  }
}
