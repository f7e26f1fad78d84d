package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/// A process that attaches and detaches all day.
class AttachCyclesIT {
  // Emulated, each takes twenty times as long.
  private static final int CYCLES = System.getenv("RINGSIDE_LAB_KERNEL") == null ? 1000 : 50;
  private static final int WARM_UP = CYCLES / 2;

  /// Less than one object of each cycle, if it stayed reachable: a KiB. At most 0.4 MiB were seen.
  private static final int MOST_KIB_OF_HEAP = 1024;

  /// Not twice the most that was seen of a thousand cycles, 9.2 MiB: what the JVM compiles
  /// meanwhile.
  private static final int MOST_KIB_RESIDENT = 16 * 1024;

  /// The JVM lets go of what its compilers needed every five seconds: up to 17 MiB were seen.
  private static final Duration LET_GO_WITHIN = Duration.ofSeconds(6);

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
  /// @param heapKib what is reachable: objects after a collection
  /// @param residentKib what the process has in memory, all of the heap included
  private record Use(long descriptors, long mappings, long heapKib, long residentKib) {
    /// The least that the process needs, whatever the JVM's compilers take for a moment.
    static Use least() throws Exception {
      long begun = System.nanoTime();
      var least = now();
      while (System.nanoTime() - begun < LET_GO_WITHIN.toNanos()) {
        var use = now();
        if (use.residentKib() < least.residentKib()) least = use;
      }
      return least;
    }

    static Use now() throws Exception {
      giveBackWhatIsFree();
      touchTheHeap();
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024;
      try (var descriptors = Files.list(Path.of("/proc/self/fd"));
          var maps = Files.lines(Path.of("/proc/self/maps"));
          var status = Files.lines(Path.of("/proc/self/status"))) {
        long resident =
            status
                .filter(l -> l.startsWith("VmRSS:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                .sum();
        return new Use(descriptors.count(), maps.count(), heap, resident);
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

  /// What the JVM's compilers let go of stays with malloc: more than all else, and no growth.
  private static void giveBackWhatIsFree() throws JMException {
    var commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
    ManagementFactory.getPlatformMBeanServer()
        .invoke(commands, "systemTrimNativeHeap", new Object[0], new String[0]);
  }

  @Test
  void growsByNothing() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin/bpftool")), "bpftool is not installed");
    try (var polling = new TestObjects.Polling()) {
      for (int i = 0; i < WARM_UP; i++) cycle(polling);
      var before = Use.least();

      for (int i = 0; i < CYCLES; i++) cycle(polling);

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> {
            var after = Use.now();
            assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + 2);
            assertThat(after.mappings()).isLessThan(before.mappings() + CYCLES / 5);
            assertThat(after.heapKib()).isLessThan(before.heapKib() + MOST_KIB_OF_HEAP);
            assertThat(after.residentKib()).isLessThan(before.residentKib() + MOST_KIB_RESIDENT);
          });
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
