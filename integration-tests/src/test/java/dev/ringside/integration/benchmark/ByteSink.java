package dev.ringside.integration.benchmark;

import dev.ringside.receivers.telemetry.Answer;
import dev.ringside.receivers.telemetry.OtlpConnection;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/// Ends where the bytes would leave.
record ByteSink(AtomicLong bytes) implements OtlpConnection {
  private static final Answer TAKEN = Answer.http(200, "", null, new byte[0]);

  @Override
  public CompletableFuture<Answer> send(byte[] array, int offset, int length) {
    bytes.addAndGet(length);
    return CompletableFuture.completedFuture(TAKEN);
  }

  @Override
  public String endpoint() {
    return "nowhere";
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
