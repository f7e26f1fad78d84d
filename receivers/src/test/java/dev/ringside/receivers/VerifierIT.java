package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.bpf.BpfObject;
import dev.ringside.bpf.Poller;
import dev.ringside.bpf.ProgramStatistics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the kernel's verifier has to do for our programs: it is most of the time that a start
/// takes. A branch too many in a loop can make it ten times as much, on one kernel and not on the
/// next.
class VerifierIT {
  /// A tenth of a second on a slow machine.
  private static final long MOST = 30_000;

  @BeforeEach
  void needsAKernel() {
    assumeTrue(System.getProperty("user.name").equals("root"), "not root");
    assumeTrue(Files.exists(Path.of("/sys/kernel/btf/vmlinux")), "this kernel has no BTF");
  }

  @Test
  void hasLittleToDoForOpens() {
    var options = FileOpenOptions.DEFAULTS.withEvents();

    var programs = programs(new FileOpenType(), options);

    assertThat(programs).hasSizeGreaterThanOrEqualTo(2).allSatisfy(VerifierIT::isSmall);
  }

  @Test
  void hasLittleToDoForExecs() {
    var programs = programs(new ProcessExecType(), ProcessExecOptions.DEFAULTS);

    assertThat(programs).hasSizeGreaterThanOrEqualTo(4).allSatisfy(VerifierIT::isSmall);
  }

  @Test
  void hasLittleToDoForSystemCalls() {
    var options = SyscallLatencyOptions.DEFAULTS.withEvents();

    var programs = programs(new SyscallLatencyType(), options);

    assertThat(programs).hasSize(2).allSatisfy(VerifierIT::isSmall);
  }

  @Test
  void hasLittleToDoForConnections() {
    var options = TcpConnectionOptionsBuilder.everything().withStates().withAllAttributes().build();

    var programs = programs(new TcpConnectionType(), options);

    assertThat(programs).hasSizeGreaterThanOrEqualTo(8).allSatisfy(VerifierIT::isSmall);
  }

  @Test
  void hasLittleToDoForUserFunctions() {
    var options = UserFunctionLatencyOptions.DEFAULTS.watching(List.of("libc:usleep"));

    var programs = programs(new UserFunctionLatencyType(), options.withEvents());

    assertThat(programs).hasSizeGreaterThanOrEqualTo(3).allSatisfy(VerifierIT::isSmall);
  }

  private static void isSmall(ProgramStatistics program) {
    assertThat(program.verifiedInstructions()).isLessThan(MOST);
    assertThat(program.missed()).isZero();
  }

  private static <O extends Record> List<ProgramStatistics> programs(
      ReceiverType<O> type, O options) {
    try (var poller = new Poller(Duration.ofMillis(20), () -> {}, (ring, failure) -> {});
        var object = BpfObject.open(type.name(), type.getClass().getClassLoader())) {
      type.create(options).bind(object, new RecordingTelemetry());
      object.set("filtered", 1);
      object.set("only_pid", ProcessHandle.current().pid());
      object.load(poller);
      var programs = object.programs();
      assumeTrue(
          programs.stream().anyMatch(p -> p.verifiedInstructions() > 0),
          "this kernel does not say how many instructions it verified (since 5.16)");
      return programs;
    }
  }
}
