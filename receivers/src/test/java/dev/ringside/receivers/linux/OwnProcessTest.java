package dev.ringside.receivers.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OwnProcessTest {

  @Test
  void knowsTheThreadThatAsks() throws Exception {
    var name = "asks-the-kernel";
    var tid = new AtomicInteger();
    var comm = new StringBuffer();

    Thread.ofPlatform()
        .name(name)
        .start(() -> {
          tid.set(OwnProcess.tid());
          comm.append(commandOf(tid.get()));
        })
        .join();

    assertThat(comm).hasToString(name);
    assertThat(tid.get()).isNotEqualTo(OwnProcess.tid());
  }

  private static String commandOf(int tid) {
    try {
      return Files.readString(Path.of("/proc/self/task/" + tid + "/comm")).strip();
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
