package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.Keys;
import io.opentelemetry.api.common.AttributeKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.example.ProcessSignalReceiver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The receiver that the room's README shows, as a stranger would write it.
class ExampleIT {
  private static final Path SOURCE = Path.of("src/test/bpf/process_signal.bpf.c");
  private static final Path CODE = Path.of("src/test/java/org/example/ProcessSignalReceiver.java");

  @BeforeAll
  static void compile() throws Exception {
    // Where an object is looked for: on the class path, by the receiver's name.
    var objects = Path.of("target/test-classes/bpf").toAbsolutePath();
    var command =
        List.of(
            "bash", "../bpf/compile-objects", SOURCE.getParent().toString(), objects.toString());
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @Test
  void reportsSignals() throws Exception {
    var sender = new ProcessBuilder("/bin/sh", "-c", "read go; kill -USR1 $$").start();
    var type = new ProcessSignalReceiver.Type();
    var only = new ProcessSignalReceiver.Options((int) sender.pid());
    try (var observation = Observation.start(type, only)) {
      sender.getOutputStream().close();
      sender.waitFor();

      assertThat(observation.end().events)
          .anySatisfy(event -> {
            assertThat(event.get(Keys.PROCESS_PID)).isEqualTo(sender.pid());
            assertThat(event.get(AttributeKey.stringKey("example.signal"))).isEqualTo("SIGUSR1");
          });
    }
  }

  @Test
  void isWhatTheReadmeShows() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    assertThat(readme).contains("```c\n" + Files.readString(SOURCE) + "```");
    assertThat(readme).contains("```java\n" + Files.readString(CODE) + "```");
  }
}
