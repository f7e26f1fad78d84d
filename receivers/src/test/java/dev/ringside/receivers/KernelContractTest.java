package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringside.bpf.BpfObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the receivers say of their objects, their structs, programs, maps and constants, against
/// the objects' own type information. Needs no privileges.
class KernelContractTest {
  private final RecordingTelemetry telemetry = new RecordingTelemetry();

  @Test
  void processExecFitsItsObject() {
    var all = List.of("process.working_directory", "process.vpid", "process.linux.cgroup");
    var options = new ProcessExecOptions(1, 0, "", "init", true, true, true, all, 4096);

    assertBinds(new ProcessExecType(), options);
    assertBinds(new ProcessExecType(), new ProcessExecType().defaults());
  }

  @Test
  void fileOpenFitsItsObject() {
    var options =
        new FileOpenOptions(1, 0, "", "init", "/etc/", true, true, Duration.ofMillis(1), 4096);

    assertBinds(new FileOpenType(), options);
    assertBinds(new FileOpenType(), new FileOpenType().defaults());
  }

  @Test
  void functionLatencyFitsItsObject() {
    assumeTrue(
        Files.exists(Path.of("/sys/kernel/btf/vmlinux")),
        "this kernel has no BTF, so nobody knows its functions");

    var arguments = Map.of("vfs_read", List.of("file->f_path.dentry->d_name", "count"));
    var options =
        FunctionLatencyOptionsBuilder.watching("preset:vfs")
            .by(ByWhom.CONTAINER, 10)
            .eventsWithArguments(arguments)
            .eventsWithUserStack()
            .eventsWithResult("!=0");
    assertBinds(new FunctionLatencyType(), options.build());
    assertBinds(new FunctionLatencyType(), new FunctionLatencyType().defaults());
  }

  @Test
  void syscallLatencyFitsItsObject() {
    var few = List.of("read", "write");
    var options =
        new SyscallLatencyOptions(
            1, 0, "", "init", few, List.of(), true, Duration.ofMillis(1), 4096);

    assertBinds(new SyscallLatencyType(), options);
    assertBinds(new SyscallLatencyType(), new SyscallLatencyType().defaults());
  }

  @Test
  void tcpConnectionFitsItsObject() {
    var options =
        TcpConnectionOptionsBuilder.everything()
            .only(TcpConnectionOptions.Role.CLIENT)
            .only(TcpConnectionOptions.Family.IPV4)
            .onlyPort(443)
            .onlyPeer("fd00::/8")
            .failedOnly()
            .withAllAttributes()
            .build();

    assertBinds(new TcpConnectionType(), options);
    assertBinds(new TcpConnectionType(), new TcpConnectionType().defaults());
  }

  @Test
  void userFunctionLatencyFitsItsObject() {
    var options =
        UserFunctionLatencyOptionsBuilder.watching("libc:usleep")
            .missing(UserFunctionLatencyOptions.Missing.WARN)
            .ofProcess(1)
            .ofUser(0)
            .ofCommand("init")
            .eventsFrom(Duration.ofMillis(1))
            .build();

    assertBinds(new UserFunctionLatencyType(), options);
  }

  private <O extends Record> void assertBinds(ReceiverType<O> type, O options) {
    try (var object = BpfObject.open(type.name(), type.getClass().getClassLoader())) {
      assertThatCode(() -> type.create(options).bind(object, telemetry)).doesNotThrowAnyException();
    }
  }
}
