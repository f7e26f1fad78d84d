package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the agent may, and what it says when it may not.
class PrivilegesIT {
  @TempDir Path directory;

  @Test
  void saysWhichCapabilitiesAreMissing() throws Exception {
    var setpriv = List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all");

    try (var agent = start(setpriv, "run", "--receivers=process_exec")) {
      assertThat(agent.awaitEnd()).isEqualTo(1);
      assertThat(agent.err())
          .contains("CAP_BPF")
          .contains("CAP_PERFMON")
          .doesNotContain("Exception");
      assertThat(agent.out()).isEmpty();
    }
  }

  @Test
  void saysSoToAUserWhoIsNotRoot() throws Exception {
    var setpriv = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    assumeTrue(isReadableByAll(), "the house is not readable for other users");

    try (var agent = start(setpriv, "doctor", "--receivers=file_open")) {
      assertThat(agent.awaitEnd()).isEqualTo(1);
      assertThat(agent.out()).contains("CAP_BPF").contains("CAP_PERFMON");
    }
  }

  @Test
  void needsNoMoreThanItsTwoCapabilities() throws Exception {
    var setpriv = List.of("setpriv", "--bounding-set=-all,+bpf,+perfmon", "--inh-caps=-all");
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var agent =
            start(
                setpriv,
                "run",
                "--receivers=process_exec,file_open",
                "--otlp=" + collector.http(),
                "--set=process_exec.cgroup=" + cgroup.path(),
                "--set=file_open.cgroup=" + cgroup.path(),
                "--set=file_open.events=true")) {
      agent.awaitRunning("process_exec", "file_open");

      var exec = Marker.exec(cgroup, collector);
      var open = Marker.open(cgroup, collector, Files.createFile(directory.resolve("marker")));

      assertThat(agent.interrupt()).as(agent.err()).isZero();
      assertThat(exec.pid()).isNotEqualTo(open.pid());
    }
  }

  private AgentProcess start(List<String> setpriv, String... args) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not installed");
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "not root, so there is nothing to drop");
    var command = new ArrayList<>(setpriv);
    command.addAll(Packaged.command());
    command.addAll(List.of(args));
    return AgentProcess.start(directory, Map.of(), command);
  }

  private static boolean isReadableByAll() throws Exception {
    for (var path = Path.of("").toAbsolutePath(); path != null; path = path.getParent())
      if (!Files.getPosixFilePermissions(path).toString().contains("OTHERS_EXECUTE")) return false;
    return true;
  }
}
