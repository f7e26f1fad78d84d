package dev.ringside.receivers.telemetry;

import io.opentelemetry.exporter.internal.FailedExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import java.net.ConnectException;

/// How OTLP exporters fail.
final class Failures {
  private Failures() {}

  static CompletableResultCode connectionRefused() {
    return CompletableResultCode.ofExceptionalFailure(
        FailedExportException.httpFailedExceptionally(new ConnectException("Connection refused")));
  }

  static CompletableResultCode http(int status, String message) {
    return CompletableResultCode.ofExceptionalFailure(
        FailedExportException.httpFailedWithResponse(
            new HttpResponse() {
              @Override
              public int getStatusCode() {
                return status;
              }

              @Override
              public String getStatusMessage() {
                return message;
              }

              @Override
              public byte[] getResponseBody() {
                return new byte[0];
              }
            }));
  }

  static CompletableResultCode grpc(GrpcStatusCode status, String description) {
    return CompletableResultCode.ofExceptionalFailure(
        FailedExportException.grpcFailedWithResponse(
            new GrpcResponse() {
              @Override
              public GrpcStatusCode getStatusCode() {
                return status;
              }

              @Override
              public String getStatusDescription() {
                return description;
              }

              @Override
              public byte[] getResponseMessage() {
                return new byte[0];
              }
            }));
  }
}
