package dev.ringside.config.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.config.fake.FakeKernel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir private Path directory;
  private Shell shell;

  @BeforeEach
  void openShell() {
    shell = new Shell(directory);
  }

  @Test
  void findsOutByWhichHooksReceiversRun() {
    int code = shell.ringside("doctor");

    assertThat(code).isZero();
    assertThat(shell.out())
        .contains("alpha: can run")
        .contains("happenings: by tracepoint")
        .contains("not by fentry: on_happening: Operation not permitted (locked down)")
        .contains("types (BTF)");
    assertThat(shell.kernel.calls).endsWith("close alpha", "close beta");
  }

  @Test
  void fallsIllWhenANamedReceiverCannotRun() {
    shell.kernel = new FakeKernel(Set.of("alpha"), List.of());

    int some = shell.ringside("doctor", "--receivers", "alpha");
    int any = shell.ringside("doctor");

    assertThat(some).isEqualTo(1);
    assertThat(any).isZero();
    assertThat(shell.out()).contains("load alpha: Operation not permitted");
  }

  @Test
  void fallsIllWhenTheEndpointDoesNotAnswer() {
    int code = shell.ringside("doctor", "--otlp", "http://127.0.0.1:1");

    assertThat(code).isEqualTo(1);
    assertThat(shell.out()).contains("http://127.0.0.1:1 cannot connect to port 1:");
  }

  @Test
  void tellsProgramsInJson() {
    int code = shell.ringside("doctor", "--json");

    assertThat(code).isZero();
    assertThat(shell.out())
        .startsWith("{\n  \"can_run\": true,")
        .contains("\"mechanism\": \"tracepoint\"")
        .contains("\"kernel_said\": \"Operation not permitted\"");
  }
}
