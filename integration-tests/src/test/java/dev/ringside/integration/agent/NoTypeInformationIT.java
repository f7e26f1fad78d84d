package dev.ringside.integration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A kernel without type information: this one, seen from a mount namespace that hides it.
class NoTypeInformationIT {
  private static final String HIDE = "mount -t tmpfs none /sys/kernel/btf && exec \"$@\"";
  private static final String EMPTY =
      "mount --bind /dev/null /sys/kernel/btf/vmlinux && exec \"$@\"";

  @TempDir Path directory;

  @Test
  void saysWhatTheKernelLacksAndWhatToDo() throws Exception {
    try (var agent = start(HIDE, "run", "--receivers=file_open")) {
      assertThat(agent.awaitStartAndEnd()).isEqualTo(1);
      assertThat(agent.err())
          .contains("this kernel has no type information at /sys/kernel/btf/vmlinux")
          .contains("CONFIG_DEBUG_INFO_BTF=y")
          .doesNotContain("Exception");
      assertThat(agent.out()).isEmpty();
    }
  }

  @Test
  void saysSoOfAFileWithNothingInIt() throws Exception {
    try (var agent = start(EMPTY, "run", "--receivers=file_open")) {
      assertThat(agent.awaitStartAndEnd()).isEqualTo(1);
      assertThat(agent.err())
          .contains("this kernel has no type information at /sys/kernel/btf/vmlinux")
          .doesNotContain("Exception");
    }
  }

  @Test
  void isFoundByTheDoctor() throws Exception {
    try (var agent = start(HIDE, "doctor")) {
      assertThat(agent.awaitStartAndEnd()).isEqualTo(1);
      assertThat(agent.out())
          .contains("file_open: cannot run")
          .contains("process_exec: cannot run");
    }
  }

  private AgentProcess start(String hide, String... args) throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "not root, so nothing can be hidden");
    assumeTrue(Files.exists(Path.of("/sys/kernel/btf/vmlinux")), "this kernel really has no BTF");
    var command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", hide, "sh"));
    command.addAll(Packaged.command());
    command.addAll(List.of(args));
    return AgentProcess.start(directory, Map.of(), command);
  }
}
