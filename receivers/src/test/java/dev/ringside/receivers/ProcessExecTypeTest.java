package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.ringside.bpf.Need;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class ProcessExecTypeTest {
  private final ProcessExecType type = new ProcessExecType();

  @Test
  void canDoWithoutFailedExecsAndProcessesFromBefore() {
    var kernel = new FakeProbe();
    type.create(type.defaults()).bind(kernel, new RecordingTelemetry());

    assertThat(kernel.needs)
        .extracting(Need::name, Need::required)
        .containsExactly(
            tuple("execs, forks and exits", true),
            tuple("processes from before", false),
            tuple("failed execs", false));
  }

  @Test
  void refusesAnAttributeThatItDoesNotHave() {
    var options =
        new ProcessExecOptions(0, -1, "", "", true, true, false, List.of("process.title"), 4096);

    assertRefused(
        options,
        "attributes: 'process.title'; any of process.working_directory, process.vpid,"
            + " process.linux.cgroup");
  }

  @Test
  void refusesACommandLongerThanTheKernelKeeps() {
    assertRefused(
        new ProcessExecOptions(0, -1, "", "a-name-of-16-byt", true, true, false, List.of(), 4096),
        "command: 'a-name-of-16-byt'; at most 15 bytes, which is all of a name that the kernel"
            + " keeps");
  }

  @Test
  void refusesANegativePid() {
    assertRefused(
        new ProcessExecOptions(-1, -1, "", "", true, true, false, List.of(), 4096),
        "pid: -1; a process id, or 0 for all");
  }

  @Test
  void refusesACgroupThatIsNotThere() {
    var options = new ProcessExecOptions(0, -1, "/no/such", "", true, true, false, List.of(), 4096);

    assertThatThrownBy(() -> type.create(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("cgroup: ");
  }

  @Test
  void isFoundByTheServiceLoader() {
    var names = new ArrayList<String>();
    for (ReceiverType<?> found : ServiceLoader.load(ReceiverType.class)) names.add(found.name());

    assertThat(names).contains("process_exec", "file_open");
  }

  private void assertRefused(ProcessExecOptions options, String message) {
    assertThatThrownBy(() -> type.create(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
