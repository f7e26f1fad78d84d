package dev.ringside.integration.benchmark;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Where the SDK's exporter writes its bytes, and they end.
final class SdkSink implements HttpSender {
  private final AtomicLong bytes;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);

  SdkSink(AtomicLong bytes) {
    this.bytes = bytes;
  }

  @Override
  public void send(
      MessageWriter writer, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
    out.reset();
    try {
      writer.writeMessage(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes.addAndGet(out.size());
    onResponse.accept(
        new HttpResponse() {
          @Override
          public int getStatusCode() {
            return 200;
          }

          @Override
          public String getStatusMessage() {
            return "OK";
          }

          @Override
          public byte[] getResponseBody() {
            return new byte[0];
          }
        });
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
