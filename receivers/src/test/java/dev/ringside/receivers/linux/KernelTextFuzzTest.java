package dev.ringside.receivers.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ringside.bpf.Text;
import java.io.IOException;
import java.util.List;

/// Any bytes as paths of files and of cgroups, and as lines of /proc.
class KernelTextFuzzTest {
  @FuzzTest
  void tidiesPaths(byte[] bytes) {
    var path = new Text(bytes, false).toString();

    var tidy = KernelPath.tidy(path);

    assertThat(tidy.length()).isLessThanOrEqualTo(path.length());
    assertThat(KernelPath.tidy(tidy)).isEqualTo(tidy);
    assertThat(path).endsWith(KernelPath.nameOf(path));
    if (path.startsWith("/")) assertThat(tidy).startsWith("/").doesNotContain("//", "/./");
  }

  @FuzzTest
  void findsContainers(byte[] bytes) {
    var path = new Text(bytes, false).toString();

    var id = ContainerId.of(path);

    if (id != null) assertThat(path).contains(id);
    if (id != null) assertThat(id).matches("[0-9a-f]{64}|[0-9a-f]{32}-[0-9]{8,}");
  }

  @FuzzTest
  void readsMountinfo(byte[] bytes) throws IOException {
    var lines = new Text(bytes, false).toString().lines().toList();
    try {
      Cgroup.find("/", lines);
      Cgroup.find("/a", List.of("1 0 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw"));
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("cgroup");
    }
  }

  @FuzzTest
  void readsMappedFiles(byte[] bytes) {
    var maps = new Text(bytes, false);

    var files = MappedFiles.of(maps);

    for (var area : files.areas()) {
      assertThat(maps.toString()).contains(area.path());
      assertThat(area.nameOf(area.begin())).startsWith(area.path());
    }
  }

  /// The kernel writes the line, and whoever maps a file its name.
  @FuzzTest
  void readsMappedFilesOfAnyName(byte[] bytes) {
    var name = new Text(bytes, false).toString().replace("\n", "\\012");

    var files = MappedFiles.of(Text.of("7f00a000-7f00b000 r-xp 00001000 fd:01 42 /" + name + "\n"));

    assertThat(files.areas())
        .containsExactly(new MappedFiles.Area(0x7f00a000L, 0x7f00b000L, 0x1000, "/" + name));
  }
}
