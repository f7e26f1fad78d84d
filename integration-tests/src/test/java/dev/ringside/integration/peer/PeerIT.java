package dev.ringside.integration.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.integration.workload.OwnCgroup;
import dev.ringside.integration.workload.Workload;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The peers are only worth comparing with when they see the workload.
class PeerIT {
  @TempDir Path directory;

  @Test
  void execsnoopSeesTheExecsOfTheWorkload() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var snoop = ExecSnoop.start(cgroup);
        var workload = Workload.execs(cgroup, directory)) {
      var truth = workload.run();
      snoop.catchUp();

      assertThat(snoop.execs())
          .filteredOn(e -> e.pid() != workload.pid()) // the workload's own
          .extracting(e -> List.of(e.pid(), e.parentPid(), e.error()))
          .containsExactlyInAnyOrderElementsOf(
              truth.execs().stream()
                  .filter(ExecSnoop::sees)
                  .map(e -> List.of(e.pid(), e.parentPid(), e.errno()))
                  .toList());
    }
  }

  @Test
  void opensnoopSeesTheOpensOfTheWorkload() throws Exception {
    try (var cgroup = OwnCgroup.create();
        var workload = Workload.opens(cgroup, directory);
        var snoop = OpenSnoop.start(workload.pid())) {
      var truth = workload.run();
      var expected =
          truth.opens().stream()
              .filter(o -> o.systemCall().equals("openat") && o.pid() == workload.pid())
              .map(o -> List.<Object>of(o.descriptor(), o.errno(), o.flags()))
              .toList();
      snoop.awaitOpens(expected.size());

      assertThat(snoop.opens())
          .extracting(o -> List.<Object>of(o.descriptor(), o.errno(), o.flags()))
          .containsExactlyElementsOf(expected);
    }
  }
}
