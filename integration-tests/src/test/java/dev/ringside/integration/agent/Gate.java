package dev.ringside.integration.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// Stands between the agent and a Collector and lets nothing through until it is opened: an
/// exporter that is as slow as the test wants it.
final class Gate implements AutoCloseable {
  private final ServerSocket server;
  private final URI collector;
  private final CountDownLatch opened = new CountDownLatch(1);
  private final CountDownLatch waiting = new CountDownLatch(1);
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  Gate(URI collector) throws IOException {
    this.collector = collector;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var client = server.accept();
        var behind = new Socket(collector.getHost(), collector.getPort());
        sockets.addAll(List.of(client, behind));
        Thread.ofVirtual().start(() -> pass(client, behind, true));
        Thread.ofVirtual().start(() -> pass(behind, client, false));
      } catch (IOException e) {
        if (!server.isClosed()) throw new UncheckedIOException(e);
      }
    }
  }

  private void pass(Socket from, Socket to, boolean isGated) {
    var buffer = new byte[65536];
    try (from;
        to) {
      for (int n; (n = from.getInputStream().read(buffer)) >= 0; ) {
        if (isGated) {
          waiting.countDown();
          opened.await();
        }
        to.getOutputStream().write(buffer, 0, n);
      }
    } catch (IOException e) {
      // one side hung up, so does the other
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until somebody stands before it.
  void awaitSomebody() throws InterruptedException {
    waiting.await();
  }

  void open() {
    opened.countDown();
  }

  @Override
  public void close() throws IOException {
    opened.countDown();
    server.close();
    for (var socket : sockets) socket.close();
  }
}
