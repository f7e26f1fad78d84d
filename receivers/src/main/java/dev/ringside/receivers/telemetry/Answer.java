package dev.ringside.receivers.telemetry;

import io.opentelemetry.exporter.internal.FailedExportException.GrpcExportException;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;

/// What a server's answer to an export means, or that there was none.
///
/// The OTLP specification ("Failures", for both transports) lists the answers after which data may
/// be sent again; every other answer is a refusal. No answer at all is not one.
///
/// @param meaning what to do with the batch
/// @param said what the server or the system said, for a person; printable
/// @param retryAfter how long the server wants to be left alone; zero when it does not say
/// @param rejected how many records of a batch that was taken the server did not want
///   (`partial_success`); it does not say which
public record Answer(Meaning meaning, String said, Duration retryAfter, long rejected) {

  /// What to do with the batch.
  public enum Meaning {
    /// It arrived.
    TAKEN,

    /// It did not, but it is in a buffer.
    KEPT,

    /// It did not, and the buffer has no room for it.
    FULL,

    /// Keep it and try again.
    LATER,

    /// Try again, but not for ever: it may be this batch that does not pass.
    DOUBTFUL,

    /// Send it in smaller parts.
    TOO_LARGE,

    /// The server does not want it.
    REFUSED
  }

  /// What a terminal obeys, or shows other than it is: control characters, those above 0x7f as
  /// well, invisible ones, and ends of lines. A text, since few servers ever say a word: a pattern
  /// would be made while the first event waits.
  private static final String UNSAFE = "[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+";

  static final Answer TAKEN = new Answer(Meaning.TAKEN, "", Duration.ZERO, 0);
  static final Answer KEPT = new Answer(Meaning.KEPT, "", Duration.ZERO, 0);

  private static final Set<Integer> HTTP_RETRYABLE = Set.of(429, 502, 503, 504);
  private static final Set<GrpcStatusCode> GRPC_RETRYABLE =
      EnumSet.of(
          GrpcStatusCode.CANCELLED,
          GrpcStatusCode.DEADLINE_EXCEEDED,
          GrpcStatusCode.ABORTED,
          GrpcStatusCode.OUT_OF_RANGE,
          GrpcStatusCode.UNAVAILABLE,
          GrpcStatusCode.DATA_LOSS);

  /// There is no status of its own for a message that is too large in gRPC, and the Collector
  /// answers 400 over HTTP.
  private static final Pattern TOO_LARGE =
      Pattern.compile("(?i)too large|larger than max|exceeds maximum");

  public Answer {
    said = printable(said);
  }

  /// Of an HTTP server.
  ///
  /// @param retryAfter the header's value; may be null
  /// @param body an OTLP response, or a `google.rpc.Status`, or anything else
  public static Answer http(int status, String message, String retryAfter, byte[] body) {
    if (status / 100 == 2) return taken(body);
    var text = ServerText.status(body);
    var said = "HTTP " + status + " " + (text.isEmpty() ? Objects.toString(message, "") : text);
    var pause = ServerText.retryAfter(retryAfter);
    if (HTTP_RETRYABLE.contains(status)) return new Answer(Meaning.LATER, said, pause, 0);
    boolean tooLarge = status == 413 || status == 400 && TOO_LARGE.matcher(said).find();
    return new Answer(tooLarge ? Meaning.TOO_LARGE : Meaning.REFUSED, said, Duration.ZERO, 0);
  }

  /// Of a gRPC server.
  ///
  /// @param description may be null
  /// @param details the `google.rpc.Status` of the trailer `grpc-status-details-bin`; may be empty
  /// @param message the OTLP response; may be empty
  public static Answer grpc(
      GrpcStatusCode status, String description, byte[] details, byte[] message) {
    if (status == GrpcStatusCode.OK) return taken(message);
    var said = "gRPC " + status + " " + Objects.toString(description, "");
    var pause = ServerText.retryInfo(details);
    var meaning = meaning(status, said, !pause.isNegative());
    return new Answer(meaning, said, pause.isNegative() ? Duration.ZERO : pause, 0);
  }

  /// "Exhausted" is said of a server without room, which passes (and then a polite one says when),
  /// and of a message that is larger than it takes, which does not.
  private static Meaning meaning(GrpcStatusCode status, String said, boolean saysWhen) {
    if (GRPC_RETRYABLE.contains(status)) return Meaning.LATER;
    if (status != GrpcStatusCode.RESOURCE_EXHAUSTED) return Meaning.REFUSED;
    if (saysWhen) return Meaning.LATER;
    return TOO_LARGE.matcher(said).find() ? Meaning.TOO_LARGE : Meaning.DOUBTFUL;
  }

  private static Answer taken(byte[] response) {
    var partial = ServerText.partialSuccess(response);
    return partial.rejected() <= 0
        ? TAKEN
        : new Answer(Meaning.TAKEN, partial.message(), Duration.ZERO, partial.rejected());
  }

  /// Of an export that failed, also of OpenTelemetry's own exporters.
  ///
  /// @param failure of a [io.opentelemetry.sdk.common.CompletableResultCode]; may be null
  public static Answer of(Throwable failure) {
    if (failure == null) return later("the export failed without a reason");
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return of(failure.getCause());
    }
    if (failure instanceof ExportException ours) return ours.answer();
    // By name first: without an OTLP exporter on the class path there is no such class to ask for.
    if (failure.getClass().getName().startsWith("io.opentelemetry.exporter.internal.Failed")) {
      return Otlp.of(failure);
    }
    return later(describe(failure));
  }

  static Answer later(String said) {
    return new Answer(Meaning.LATER, said, Duration.ZERO, 0);
  }

  static Answer doubtful(String said) {
    return new Answer(Meaning.DOUBTFUL, said, Duration.ZERO, 0);
  }

  static String describe(Throwable failure) {
    var message = failure.getMessage();
    var name = failure.getClass().getSimpleName();
    return message == null || message.isEmpty() ? name : name + ": " + message;
  }

  /// What a stranger says ends up on a terminal.
  private static String printable(String text) {
    var line = text.strip().replaceAll(UNSAFE, " ");
    return line.length() <= 300 ? line : line.substring(0, 300) + "…";
  }

  /// The only code that knows how OpenTelemetry's OTLP exporters say what happened: it is in none
  /// of their stable interfaces (seen in 1.65.0).
  private static final class Otlp {
    static Answer of(Throwable failure) {
      if (failure instanceof HttpExportException http && http.getResponse() != null) {
        var response = http.getResponse();
        return http(
            response.getStatusCode(),
            response.getStatusMessage(),
            null,
            response.getResponseBody());
      }
      if (failure instanceof GrpcExportException grpc && grpc.getResponse() != null) {
        var response = grpc.getResponse();
        var none = new byte[0];
        return grpc(response.getStatusCode(), response.getStatusDescription(), none, none);
      }
      var cause = failure.getCause();
      return later(describe(cause == null ? failure : cause));
    }
  }
}
