package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Programs;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the package starts fast by.
class AotCacheIT {
  private static final Path RINGSIDE =
      Path.of("../otel-config/target/ringside/bin/ringside").toAbsolutePath().normalize();

  /// Code that the JVM makes for calls between Java and C, and for the structs of events, is not
  /// all to be had from the cache.
  private static final int MADE_WHILE_RUNNING = 30;

  @TempDir Path directory;

  @Test
  void holdsAllClassesThatAnAgentTakesUntilItsFirstEventIsDelivered() throws Exception {
    assumeTrue(Files.isExecutable(RINGSIDE), "not packaged; ./ringside package does it");
    var classes = directory.resolve("classes");
    var delivered = new CountDownLatch(1);
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          if (exchange.getRequestURI().getPath().equals("/v1/logs")) delivered.countDown();
          exchange.close();
        });
    server.start();
    try (var cgroup = OwnCgroup.create();
        var agent =
            AgentProcess.start(
                directory,
                Map.of(
                    "RINGSIDE_JAVA_OPTIONS",
                    "-XX:AOTMode=on -Xlog:class+load:file=" + classes + ":none"),
                List.of(
                    RINGSIDE.toString(),
                    "run",
                    "--otlp=http://127.0.0.1:" + server.getAddress().getPort(),
                    "--set=process_exec.cgroup=" + cgroup.path(),
                    "--set=file_open.events=true",
                    "--set=file_open.cgroup=" + cgroup.path()))) {
      agent.awaitRunning("process_exec", "file_open");

      cgroup.run(Programs.opens(), "burst", "1", directory.toString());

      assertThat(delivered.await(60, TimeUnit.SECONDS)).as(agent.err()).isTrue();
      var loaded = Files.readAllLines(classes);
      assertThat(loaded).filteredOn(l -> l.contains("source: shared objects")).isNotEmpty();
      assertThat(loaded)
          .filteredOn(l -> l.startsWith("dev.ringside.") && l.contains("source: file:"))
          .isEmpty();
      assertThat(loaded)
          .filteredOn(l -> l.contains("source: __JVM_LookupDefineClass__"))
          .hasSizeLessThan(MADE_WHILE_RUNNING);
    } finally {
      server.stop(0);
    }
  }
}
