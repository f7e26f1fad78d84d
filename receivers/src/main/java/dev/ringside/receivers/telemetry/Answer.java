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
/// @param meaning what to do with the batch
/// @param said what the server or the system said
record Answer(Meaning meaning, String said) {

  enum Meaning {
    /// Keep the batch and try again.
    LATER,

    /// Try again, but not for ever: it may be this batch that does not pass.
    DOUBTFUL,

    /// The server does not want this batch.
    REFUSED
  }

  private static final Set<Integer> HTTP_RETRYABLE = Set.of(429, 502, 503, 504);
  private static final Set<GrpcStatusCode> GRPC_RETRYABLE =
      EnumSet.of(
          GrpcStatusCode.CANCELLED,
          GrpcStatusCode.DEADLINE_EXCEEDED,
          GrpcStatusCode.ABORTED,
          GrpcStatusCode.OUT_OF_RANGE,
          GrpcStatusCode.UNAVAILABLE,
          GrpcStatusCode.DATA_LOSS);

  /// @param failure of a [io.opentelemetry.sdk.common.CompletableResultCode]; may be null
  static Answer of(Throwable failure) {
    if (failure == null) return new Answer(Meaning.LATER, "the export failed without a reason");
    // By name first: without an OTLP exporter on the class path there is no such class to ask for.
    if (failure.getClass().getName().startsWith("io.opentelemetry.exporter.internal.Failed")) {
      return Otlp.of(failure);
    }
    return new Answer(Meaning.LATER, describe(failure));
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
            HTTP_RETRYABLE.contains(status) ? Meaning.LATER : Meaning.REFUSED,
            ("HTTP " + status + " " + response.getStatusMessage()).strip());
      }
      if (failure instanceof GrpcExportException grpc && grpc.getResponse() != null) {
        var response = grpc.getResponse();
        var status = response.getStatusCode();
        return new Answer(
            meaning(status), ("gRPC " + status + " " + response.getStatusDescription()).strip());
      }
      var cause = ((FailedExportException) failure).getCause();
      return new Answer(Meaning.LATER, describe(cause == null ? failure : cause));
    }

    /// "Exhausted" is said of a server without room, which passes, and of a message that is larger
    /// than it takes, which does not.
    private static Meaning meaning(GrpcStatusCode status) {
      if (status == GrpcStatusCode.RESOURCE_EXHAUSTED) return Meaning.DOUBTFUL;
      return GRPC_RETRYABLE.contains(status) ? Meaning.LATER : Meaning.REFUSED;
    }
  }
}
