package dev.ringside.receivers.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.concurrent.CompletableFuture;

/// A way to one OTLP server, for one kind of records, over HTTP or gRPC.
public interface OtlpConnection {

  /// Sends one request message, once: whoever calls knows when to try again. Does not wait.
  ///
  /// @param array holds the message from `offset` on; it must not change until there is a result
  /// @return what the server answered; exceptional when it did not, within the time that the
  ///   connection is configured for. Cancelling it ends the attempt.
  CompletableFuture<Answer> send(byte[] array, int offset, int length);

  /// Where to, for a person; without credentials.
  String endpoint();

  CompletableResultCode shutdown();
}
