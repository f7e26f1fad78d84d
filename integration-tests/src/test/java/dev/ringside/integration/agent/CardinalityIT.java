package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Paths, users and commands of which none comes twice.
class CardinalityIT {
  private static final int KINDS = 40_000;
  private static final int FIRST = 100_000;

  /// Twice what is in use at any time. If 200 bytes were kept of each, it would not be enough.
  private static final String HEAP = "-Xmx20m";

  @TempDir Path directory;

  private final CountDownLatch last = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  @Test
  void noMoreMemoryIsTakenForManyThanForFew() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var agent =
            AgentProcess.start(
                directory,
                Map.of("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
                withLittleMemory(
                    "run",
                    "--receivers=process_exec,file_open",
                    "--otlp=http://127.0.0.1:" + server.getAddress().getPort(),
                    "--set=process_exec.cgroup=" + cgroup.path(),
                    "--set=file_open.cgroup=" + cgroup.path(),
                    "--set=file_open.events=true"))) {
      agent.awaitRunning("process_exec", "file_open");

      cgroup.run(
          Programs.kinds(), "" + FIRST, "" + KINDS, Programs.target().toAbsolutePath().toString());
      boolean isDelivered = last.await(60, TimeUnit.SECONDS);

      assertThat(agent.hasEnded()).as(agent.out() + agent.err()).isFalse();
      assertThat(isDelivered).as("the last one is delivered").isTrue();
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      // Each is an exec and an exit, and those of the program that starts them all come on top.
      assertThat(agent.err())
          .containsPattern("process_exec +8000\\d +8000\\d +0\n")
          .containsPattern("file_open +4000\\d +4000\\d +0\n");
    }
  }

  private static List<String> withLittleMemory(String... args) throws Exception {
    var command = new ArrayList<>(Packaged.command());
    command.add(command.indexOf("-cp"), HEAP); // the last one holds
    command.addAll(List.of(args));
    return command;
  }

  private void take(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
    if (body.contains("--number=" + (FIRST + KINDS - 1))) last.countDown();
  }
}
