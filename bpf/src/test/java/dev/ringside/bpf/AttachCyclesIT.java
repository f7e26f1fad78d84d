package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A process that attaches and detaches all day.
class AttachCyclesIT {
  // Emulated, each takes twenty times as long.
  private static final int CYCLES = System.getenv("RINGSIDE_LAB_KERNEL") == null ? 1000 : 50;
  private static final int WARM_UP = CYCLES / 5;

  /// Less than one object, or one ring, takes; and what a JVM needs for itself meanwhile.
  private static final int MOST_KIB_PER_CYCLE = 16;

  private static final int MOST_KIB_OF_THE_JVM = 8 * 1024;

  record Seen(int by, int tid) {}

  private static final Way OTHERS =
      Way.by("others")
          .attach("refused")
          .attach("missing")
          .attach("nowhere")
          .attach("visit")
          .map("impossible");

  private final Set<String> programs = new HashSet<>();

  /// @param descriptors open ones
  /// @param mappings lines of /proc/self/maps: rings are mapped
  /// @param residentKib what the process has in memory
  private record Use(long descriptors, long mappings, long residentKib) {
    static Use now() throws IOException {
      touchTheHeap();
      try (var descriptors = Files.list(Path.of("/proc/self/fd"));
          var maps = Files.lines(Path.of("/proc/self/maps"));
          var status = Files.lines(Path.of("/proc/self/status"))) {
        long resident =
            status
                .filter(l -> l.startsWith("VmRSS:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                .sum();
        return new Use(descriptors.count(), maps.count(), resident);
      }
    }
  }

  /// So that no page of it counts as growth later.
  private static void touchTheHeap() {
    int least = 0;
    for (int i = 0; i < 2000; i++) {
      var garbage = new byte[1 << 20];
      least = Math.min(least, garbage[i]);
    }
    assertThat(least).isZero();
    System.gc();
  }

  @Test
  void growsByNothing() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin/bpftool")), "bpftool is not installed");
    try (var polling = new TestObjects.Polling()) {
      for (int i = 0; i < WARM_UP; i++) cycle(polling);
      var before = Use.now();

      for (int i = 0; i < CYCLES; i++) cycle(polling);

      var after = Use.now();
      assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + 2);
      assertThat(after.mappings()).isLessThan(before.mappings() + CYCLES / 5);
      assertThat(after.residentKib())
          .isLessThan(before.residentKib() + MOST_KIB_PER_CYCLE * CYCLES + MOST_KIB_OF_THE_JVM);
      assertThat(polling.failures).isEmpty();
      assertThat(programs).hasSizeGreaterThanOrEqualTo(CYCLES);
      awaitGone();
    }
  }

  private void cycle(TestObjects.Polling polling) throws IOException {
    try (var object = TestObjects.open("ways")) {
      object.set("only_tid", 0xfffffffeL); // nobody
      object.onEvent("seens", Seen.class, e -> {});
      object.need(Need.required("calls", Way.by("BTF tracepoint").attach("works")));
      object.need(Need.optional("left out", Way.by("nothing"), OTHERS));
      object.load(polling.poller);
      noteProgram(object.programDescriptor("works"));
    }
  }

  private void noteProgram(int descriptor) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/fdinfo/" + descriptor))) {
      lines
          .filter(l -> l.startsWith("prog_id:"))
          .forEach(l -> programs.add(l.substring("prog_id:".length()).strip()));
    }
  }

  /// The kernel frees programs a moment after their last user has gone.
  private void awaitGone() {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(programsOfTheKernel()).doesNotContainAnyElementsOf(programs));
  }

  private static Set<String> programsOfTheKernel() throws IOException, InterruptedException {
    var bpftool = new ProcessBuilder("/usr/sbin/bpftool", "prog", "show").start();
    Set<String> ids =
        bpftool
            .inputReader()
            .lines()
            .filter(l -> l.matches("\\d+: .*"))
            .map(l -> l.substring(0, l.indexOf(':')))
            .collect(Collectors.toSet());
    assertThat(bpftool.waitFor()).isZero();
    return ids;
  }
}
