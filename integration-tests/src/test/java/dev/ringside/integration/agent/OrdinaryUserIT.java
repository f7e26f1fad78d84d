package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A user without root, with the two capabilities and nothing else.
class OrdinaryUserIT {
  private static final List<String> BECOME_NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  private static final List<String> WITH_TWO_CAPABILITIES =
      List.of("--inh-caps=-all,+bpf,+perfmon", "--ambient-caps=-all,+bpf,+perfmon");

  @TempDir Path directory;

  @Test
  void runsReceivers() throws Exception {
    var file = Files.createFile(directory.resolve("notes.txt"));
    try (var cgroup = OwnCgroup.create();
        var agent =
            start(
                "run",
                "--receivers=process_exec,file_open,syscall_latency,tcp_connection",
                "--set=process_exec.cgroup=" + cgroup.path(),
                "--set=syscall_latency.cgroup=" + cgroup.path(),
                "--set=tcp_connection.cgroup=" + cgroup.path(),
                "--set=file_open.cgroup=" + cgroup.path())) {
      agent.awaitRunning("process_exec", "file_open", "syscall_latency", "tcp_connection");
      assertThat(Path.of("/proc/" + agent.pid() + "/status"))
          .content()
          .contains("Uid:\t65534\t65534\t65534\t65534");

      long pid = cgroup.run(Programs.opens(), "burst", "1", file.toString());

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() ->
              assertThat(agent.out())
                  .containsPattern("exec +" + pid + " .*" + Programs.opens())
                  .containsPattern("open +" + pid + " .*" + file)
                  .containsPattern("exit +" + pid + " .*code 0"));
      assertThat(agent.interrupt()).as(agent.err()).isZero();
    }
  }

  @Test
  void watchesFunctionsOfTheKernel() throws Exception {
    assumeTrue(System.getenv("RINGSIDE_LAB_KERNEL") != null, "not a guest of the laboratory");
    try (var cgroup = OwnCgroup.create();
        var agent =
            start(
                "run",
                "--receivers=function_latency",
                "--set=function_latency.cgroup=" + cgroup.path(),
                "--set=function_latency.functions=do_sys_openat2")) {
      agent.awaitRunning("function_latency");

      cgroup.run(Path.of("/bin/cat"), "/dev/null");

      assertThat(agent.interrupt()).as(agent.err()).isZero();
      assertThat(agent.out()).contains("code.function.name=do_sys_openat2 ");
    }
  }

  /// Some kernels ask for more, and no version says which: those with the fix of CVE-2025-38466
  /// that have no uprobe.multi.
  @Test
  void watchesFunctionsOfProgramsOrSaysWhatIsMissing() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var agent =
            start(
                "run",
                "--receivers=user_function_latency",
                "--set=user_function_latency.cgroup=" + cgroup.path(),
                "--set=user_function_latency.functions=libc:setlocale")) {
      await("the agent to run, or to end")
          .atMost(Duration.ofSeconds(180))
          .until(() -> agent.err().contains("runs  ") || agent.hasEnded());
      cgroup.run(Path.of("/bin/cat"), "/dev/null");

      if (agent.hasEnded()) {
        assertThat(agent.awaitEnd()).isEqualTo(1);
        assertThat(agent.err())
            .contains("this kernel has no uprobe.multi")
            .contains("no CAP_SYS_ADMIN, which newer kernels ask for");
      } else {
        assertThat(agent.interrupt()).as(agent.err()).isZero();
        assertThat(agent.out()).contains("code.function.name=setlocale ");
      }
    }
  }

  private AgentProcess start(String... args) throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "not root, so nobody can be made");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not installed");
    assumeTrue(isReadableByAll(), "the house is not readable for other users");
    var command = new ArrayList<>(BECOME_NOBODY);
    command.addAll(WITH_TWO_CAPABILITIES);
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
