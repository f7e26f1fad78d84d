package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class OwnTaskIT {

  @Test
  void asksTheKernelForWhatProcSaysWhereThatCanKnow() throws Exception {
    assumeTrue(
        Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).endsWith("pid:[4026531836]"),
        "not in the initial pid namespace");
    var inThread = new FutureTask<>(() -> OwnTask.tid() + " " + tidByProc());
    Thread.ofPlatform().start(inThread);

    assertThat(OwnTask.pid()).isEqualTo((int) ProcessHandle.current().pid());
    assertThat(OwnTask.tid()).isEqualTo(tidByProc());
    assertThat(inThread.get())
        .matches("(\\d+) \\1")
        .isNotEqualTo(OwnTask.tid() + " " + tidByProc());
  }

  private static int tidByProc() throws IOException {
    var thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
    return Integer.parseInt(thread.toString());
  }
}
