package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProcessExecFilterIT {
  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @Test
  void seesNothingOfAnotherCgroup() throws Exception {
    try (var observation = start(0, -1, cgroup.path(), "")) {
      Calls.command(List.of("/bin/true"), Map.of());

      assertThat(observation.end().events).isEmpty();
    }
  }

  @Test
  void seesWhatIsBelowItsCgroupAndNamesTheContainer() throws Exception {
    String id = "4f9a1b6f9ad2b8d0d27f4f8d5c6f34e1c3d1b2a4958670f1e2d3c4b5a6978869";
    try (var container = OwnCgroup.create("docker-" + id + ".scope");
        var observation = start(0, -1, container.parentPath(), "")) {
      Calls.command(container.enter(List.of("/bin/true")), Map.of());

      assertThat(observation.end().events)
          .hasSize(2)
          .allMatch(e -> id.equals(e.get(Keys.CONTAINER_ID)));
    }
  }

  @Test
  void seesOneProcessOnly() throws Exception {
    var waiting = new ProcessBuilder("/bin/sh", "-c", "read go; /bin/true; exec /bin/true").start();
    try (var observation = start((int) waiting.pid(), -1, "", "")) {
      waiting.getOutputStream().close();
      waiting.waitFor();

      assertThat(observation.end().events)
          .hasSize(2)
          .allMatch(e -> e.get(Keys.PROCESS_PID) == waiting.pid());
    }
  }

  @Test
  void seesOneUserOnly() throws Exception {
    try (var observation = start(0, 65534, cgroup.path(), "")) {
      Calls.run(cgroup, "fork exec /bin/true");
      Calls.run(cgroup, "setuid 65534 exec /bin/true");

      assertThat(observation.end().events)
          .hasSize(2)
          .allMatch(e -> e.get(Keys.PROCESS_USER_ID) == 65534);
    }
  }

  @Test
  void seesOneCommandOnly() throws Exception {
    try (var observation = start(0, -1, cgroup.path(), "true")) {
      Calls.run(cgroup, "fork exec /bin/true");

      assertThat(observation.end().events)
          .hasSize(2)
          .allMatch(e -> e.get(Keys.THREAD_NAME).equals("true"));
    }
  }

  @Test
  void tellsMoreWhenAsked() throws Exception {
    var attributes = List.of("process.working_directory", "process.vpid", "process.linux.cgroup");
    var options =
        new ProcessExecOptions(0, -1, cgroup.path(), "", true, true, false, attributes, 1 << 20);
    try (var observation = Observation.start(new ProcessExecType(), options)) {
      Calls.run(
          cgroup, "chdir /usr exec /usr/bin/unshare --pid --fork " + Calls.program() + " pid");

      var exec = observation.end().events(Events.PROCESS_EXEC).getLast();
      assertThat(exec.get(Keys.PROCESS_VPID)).isEqualTo(1);
      assertThat(exec.get(Keys.PROCESS_PID)).isGreaterThan(1);
      assertThat(exec.get(Keys.PROCESS_WORKING_DIRECTORY)).isEqualTo("/usr");
      assertThat(exec.get(Keys.PROCESS_LINUX_CGROUP)).isEqualTo(cgroup.path());
    }
  }

  private static Observation start(int pid, long uid, String cgroup, String command) {
    var options =
        new ProcessExecOptions(pid, uid, cgroup, command, true, true, false, List.of(), 1 << 20);
    return Observation.start(new ProcessExecType(), options);
  }
}
