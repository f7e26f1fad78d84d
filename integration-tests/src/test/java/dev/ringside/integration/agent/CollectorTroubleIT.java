package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A Collector that is not there yet, that dies and comes back, that is none at all.
@Execution(
    ExecutionMode.CONCURRENT) // exporters are patient before they give up, so all of this waits
class CollectorTroubleIT {
  private static final int PROGRAMS = 200;

  @TempDir Path directory;

  @Test
  void deliversWhatHappenedBeforeTheCollectorCame() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.stopped(directory.resolve("otlp"));
        var workload = Workload.execBurst(cgroup, PROGRAMS);
        var agent = start(cgroup, collector.http())) {
      agent.awaitRunning("process_exec");

      var pids = workload.run().bursts().getFirst().pids();
      awaitSaying(agent, "does not answer");
      collector.start();
      Marker.exec(cgroup, collector);

      awaitSaying(agent, "answers again");
      assertThat(agent.interrupt()).as(agent.err()).isZero();
      assertThat(execs(collector, pids)).containsExactlyElementsOf(pids);
    }
  }

  @Test
  void losesNothingWhileACollectorIsDead() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var one = Workload.execBurst(cgroup, PROGRAMS);
        var other = Workload.execBurst(cgroup, PROGRAMS);
        var agent = start(cgroup, collector.http())) {
      agent.awaitRunning("process_exec");
      var before = one.run().bursts().getFirst().pids();
      Marker.exec(cgroup, collector);

      collector.kill();
      var meanwhile = other.run().bursts().getFirst().pids();
      awaitSaying(agent, "does not answer");
      collector.start();
      Marker.exec(cgroup, collector);

      assertThat(agent.interrupt()).as(agent.err()).isZero();
      var all = Stream.of(before, meanwhile).flatMap(List::stream).toList();
      assertThat(execs(collector, all)).containsExactlyElementsOf(all);
    }
  }

  @Test
  void saysThatSomethingElseHasThePort() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var workload = Workload.execBurst(cgroup, PROGRAMS)) {
      Thread.ofVirtual().start(() -> greetAsMail(other));
      var endpoint = "http://127.0.0.1:" + other.getLocalPort();
      try (var agent = start(cgroup, URI.create(endpoint))) {
        agent.awaitRunning("process_exec");

        workload.run();
        awaitSaying(agent, endpoint);

        // Everything worked but for the way out; what was lost is said.
        assertThat(agent.interrupt()).as(agent.err()).isZero();
        assertThat(agent.err())
            .containsPattern(endpoint + "/v1/logs (does not answer|refuses)")
            .containsPattern(
                "process_exec +"
                    + (2 * PROGRAMS + 1)
                    + " +0 +"
                    + (2 * PROGRAMS + 1)
                    + " \\(export_");
      }
    }
  }

  /// Answers everybody as a mail server does.
  private static void greetAsMail(ServerSocket server) {
    while (!server.isClosed()) {
      try (var client = server.accept()) {
        client.getOutputStream().write("220 mail.example.org ESMTP\r\n".getBytes());
      } catch (IOException e) {
        // the client hung up, or the test is over
      }
    }
  }

  private AgentProcess start(OwnCgroup cgroup, URI endpoint) throws Exception {
    return AgentProcess.start(
        directory,
        Map.of(),
        "run",
        "--receivers=process_exec",
        "--otlp=" + endpoint,
        "--set=process_exec.cgroup=" + cgroup.path());
  }

  private static void awaitSaying(AgentProcess agent, String what) {
    await("the agent to say: " + what)
        .atMost(Duration.ofSeconds(60))
        .until(() -> agent.err().lines().skip(1).anyMatch(l -> l.contains(what)));
  }

  /// The burst's programs that arrived, in their order.
  private static List<Integer> execs(RealCollector collector, List<Integer> pids) {
    return collector.logs().stream()
        .filter(l -> l.name().equals("ringside.process.exec"))
        .map(l -> (int) l.number("process.pid"))
        .filter(pids::contains)
        .toList();
  }
}
