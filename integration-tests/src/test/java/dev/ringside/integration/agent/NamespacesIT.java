package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.integration.otlp.RealCollector;
import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes in namespaces of their own, and on both cgroup hierarchies.
class NamespacesIT {
  /// Nobody, who is root in a user namespace, makes another root of the file system and runs the
  /// first process of a pid namespace there. What it opens and executes has paths in that root.
  private static final String CONTAINER =
      """
      mount -t tmpfs none "$0" && cd "$0" && cp "$1" program && mkdir old && pivot_root . old || exit 9
      cd /
      : < /program
      exec /program inside
      """;

  private static final List<String> NAMESPACES =
      List.of(
          "setpriv",
          "--reuid=65534",
          "--regid=65534",
          "--clear-groups",
          "unshare",
          "--user",
          "--map-root-user",
          "--pid",
          "--fork",
          "--mount",
          "/bin/sh",
          "-c",
          CONTAINER);

  @TempDir Path directory;

  @Test
  void namesThingsAsTheProcessSeesThemAndTheProcessAsTheHostDoes() throws Exception {
    var userNamespaces = Path.of("/proc/sys/user/max_user_namespaces");
    assumeTrue(
        Files.exists(userNamespaces) && !Files.readString(userNamespaces).strip().equals("0"),
        "this kernel allows no user namespaces");
    var root = Files.createDirectory(directory.resolve("root"));
    var program = Files.copy(Programs.target(), directory.resolve("program"));
    dev.ringside.integration.workload.Workload.letEverybodyEnter(directory);
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var agent = start(cgroup, collector)) {
      agent.awaitRunning("process_exec", "file_open");

      var args = new java.util.ArrayList<>(NAMESPACES);
      args.addAll(List.of(root.toString(), program.toString()));
      long outside =
          cgroup.run(
              Path.of("/usr/bin/setpriv"), args.subList(1, args.size()).toArray(String[]::new));
      Marker.exec(cgroup, collector);
      assertThat(agent.interrupt()).as(agent.err()).isZero();

      var exec =
          collector.logs().stream()
              .filter(l ->
                  l.attributes().get("process.command_args") instanceof List<?> a
                      && a.contains("inside"))
              .filter(l -> l.name().equals("ringside.process.exec"))
              .toList();
      assertThat(exec)
          .singleElement()
          .satisfies(l -> {
            assertThat(l.text("process.executable.path")).isEqualTo("/program");
            assertThat(l.number("process.vpid")).isEqualTo(1);
            assertThat(l.number("process.parent_pid")).isEqualTo(outside);
            assertThat(l.number("process.pid")).isNotEqualTo(1);
            assertThat(l.number("process.user.id")).isEqualTo(65534);
            assertThat(l.text("process.working_directory")).isEqualTo("/");
          });
      long pid = exec.getFirst().number("process.pid");
      assertThat(collector.logs())
          .filteredOn(l -> l.number("process.pid") == pid)
          .filteredOn(l -> l.name().equals("ringside.file.open"))
          .anyMatch(l -> l.text("file.path").equals("/program"));
    }
  }

  @Test
  void goesByTheUnifiedHierarchyWhereThereAreTwo() throws Exception {
    var hierarchy = Path.of("/sys/fs/cgroup/pids");
    assumeTrue(Files.isDirectory(hierarchy), "no cgroup v1 hierarchy (pids) is mounted");
    var v1 =
        Files.createDirectory(hierarchy.resolve("ringside-it-" + ProcessHandle.current().pid()));
    try (var cgroup = OwnCgroup.create();
        var collector = RealCollector.start(directory.resolve("otlp"));
        var agent = start(cgroup, collector)) {
      agent.awaitRunning("process_exec", "file_open");

      long pid =
          cgroup.run(
              Path.of("/bin/sh"),
              "-c",
              "echo $$ > \"$0\" && exec \"$1\" both",
              v1.resolve("cgroup.procs").toString(),
              Programs.target().toString());
      Marker.exec(cgroup, collector);
      assertThat(agent.interrupt()).as(agent.err()).isZero();

      assertThat(collector.logs())
          .filteredOn(l -> l.number("process.pid") == pid)
          .filteredOn(l -> l.name().equals("ringside.process.exec"))
          .hasSize(2)
          .allSatisfy(l -> assertThat(l.text("process.linux.cgroup")).isEqualTo(cgroup.path()));
    } finally {
      Files.deleteIfExists(v1);
    }
  }

  private AgentProcess start(OwnCgroup cgroup, RealCollector collector) throws Exception {
    return AgentProcess.start(
        directory,
        Map.of(),
        "run",
        "--otlp=" + collector.http(),
        "--set=process_exec.cgroup=" + cgroup.path(),
        "--set=process_exec.attributes="
            + "process.vpid,process.working_directory,process.linux.cgroup",
        "--set=file_open.cgroup=" + cgroup.path(),
        "--set=file_open.events=true");
  }
}
