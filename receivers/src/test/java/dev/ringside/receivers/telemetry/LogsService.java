package dev.ringside.receivers.telemetry;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server for OTLP logs over gRPC on loopback.
final class LogsService extends LogsServiceGrpc.LogsServiceImplBase implements AutoCloseable {
  final List<ExportLogsServiceRequest> logs = new CopyOnWriteArrayList<>();

  /// What it answers; requests that are not answered with OK are not kept.
  volatile Status status = Status.OK;

  private final Server server;

  LogsService() {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      server = NettyServerBuilder.forAddress(loopback).addService(this).build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getPort();
  }

  @Override
  public void export(
      ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> response) {
    if (!status.isOk()) {
      response.onError(status.asRuntimeException());
      return;
    }
    logs.add(request);
    response.onNext(ExportLogsServiceResponse.getDefaultInstance());
    response.onCompleted();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
