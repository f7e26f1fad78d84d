package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProcessExecArgumentsIT {
  @RegisterExtension final OwnCgroup cgroup = OwnCgroup.ofTest("workload");

  @Test
  void bringsManyArgumentsWhole() throws Exception {
    var exec = lastExec("exec-much 300 20 /bin/true", true);

    assertThat(exec.get(Keys.PROCESS_COMMAND_ARGS)).hasSize(301).contains("a".repeat(20));
    assertThat(exec.get(Keys.PROCESS_ARGS_COUNT)).isEqualTo(301);
    assertThat(exec.get(Keys.RINGSIDE_PROCESS_COMMAND_ARGS_TRUNCATED)).isNull();
  }

  @Test
  void marksArgumentsThatAreMoreThanFit() throws Exception {
    var exec = lastExec("exec-much 100 1000 /bin/true", true);

    assertThat(exec.get(Keys.PROCESS_ARGS_COUNT)).isEqualTo(101);
    assertThat(exec.get(Keys.PROCESS_COMMAND_ARGS)).hasSizeBetween(10, 100);
    assertThat(exec.get(Keys.RINGSIDE_PROCESS_COMMAND_ARGS_TRUNCATED)).isTrue();
  }

  @Test
  void readsArgumentsThatEndAtAPage() throws Exception {
    var exec = lastExec("exec-border /bin/true", true);

    assertThat(exec.get(Keys.PROCESS_COMMAND_ARGS)).containsExactly("/bin/true", "last");
  }

  @Test
  void showsArgumentsThatAreNotUtf8ByteForByte() throws Exception {
    var exec = lastExec("exec-latin1 /bin/true", true);

    assertThat(exec.get(Keys.PROCESS_COMMAND_ARGS)).containsExactly("/bin/true", "caf\\xe9");
  }

  @Test
  void hidesSecrets() throws Exception {
    var exec = lastExec("exec /bin/true --password hunter2 https://me:hunter2@h/", true);

    assertThat(exec.get(Keys.PROCESS_COMMAND_ARGS))
        .containsExactly("/bin/true", "--password", "[REDACTED]", "https://me:[REDACTED]@h/");
  }

  @Test
  void leavesArgumentsWhereTheyAreWhenAsked() throws Exception {
    var exec = lastExec("exec /bin/true x", false);

    assertThat(exec.attributes())
        .doesNotContainKeys(Keys.PROCESS_COMMAND_ARGS, Keys.PROCESS_COMMAND);
    assertThat(exec.get(Keys.PROCESS_ARGS_COUNT)).isEqualTo(2);
  }

  private RecordingTelemetry.Event lastExec(String words, boolean args) throws Exception {
    var options =
        new ProcessExecOptions(0, -1, cgroup.path(), "", true, args, false, List.of(), 1 << 20);
    try (var observation = Observation.start(new ProcessExecType(), options)) {
      Calls.run(cgroup, words);
      return observation.end().events(Events.PROCESS_EXEC).getLast();
    }
  }
}
