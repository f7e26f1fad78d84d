package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringside.integration.otlp.LogEvent;
import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.thirdparty.FragileType;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import dev.ringside.receivers.ReceiverType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A receiver that somebody put on the class path, and that throws: the others go on.
class ThirdPartyIT {
  private static final int PROGRAMS = 500;

  @TempDir Path directory;

  @Test
  void anExceptionInItsHandlerIsSaidAndCountedAndHarmsNobody() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var workload = Workload.execBurst(cgroup, PROGRAMS);
        var agent = start(cgroup, collector)) {
      agent.awaitRunning("fragile", "process_exec");

      var pids = workload.run().bursts().getFirst().pids();
      Marker.exec(cgroup, collector);
      assertThat(agent.interrupt()).as(agent.err()).isZero();

      assertThat(collector.logs())
          .filteredOn(l -> l.name().equals("ringside.process.exec"))
          .extracting(l -> (int) l.number("process.pid"))
          .containsAll(pids);
      long thrown = PROGRAMS + 1; // and the marker
      await()
          .untilAsserted(() ->
              assertThat(Account.of("fragile", collector.points()))
                  .isEqualTo(new Account(thrown, 0, Map.of("handler_failed", thrown))));
      assertThat(agent.err().lines().filter(l -> l.contains("IllegalStateException")))
          .as("said once")
          .singleElement()
          .asString()
          .contains("fragile_starts")
          .contains("FragileType");
      assertThat(collector.logs()).extracting(LogEvent::name).doesNotContain("");
    }
  }

  private AgentProcess start(OwnCgroup cgroup, RealCollector collector) throws Exception {
    var command = new ArrayList<>(Packaged.command(classPath(), testClasses()));
    command.addAll(
        List.of(
            "run",
            "--receivers=fragile,process_exec",
            "--otlp=" + collector.http(),
            "--set=fragile.cgroup=" + cgroup.path(),
            "--set=process_exec.cgroup=" + cgroup.path()));
    return AgentProcess.start(directory, Map.of(), command);
  }

  /// What a third party's jar would have: the service's name, and objects.
  private Path classPath() throws Exception {
    var root = directory.resolve("third-party");
    var services = Files.createDirectories(root.resolve("META-INF/services"));
    Files.writeString(services.resolve(ReceiverType.class.getName()), FragileType.class.getName());
    var compile =
        new ProcessBuilder("../bpf/compile-objects", "src/test/bpf", root.resolve("bpf").toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(compile.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(compile.waitFor()).as(said).isZero();
    return root;
  }

  private static Path testClasses() throws Exception {
    return Path.of(FragileType.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
