package dev.ringside.receivers.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTest {

  @Test
  void isKnownByInodeAndLevel(@TempDir Path mount) throws IOException {
    Path service = Files.createDirectories(mount.resolve("system.slice/ssh.service"));

    Cgroup cgroup = Cgroup.find("/system.slice/ssh.service", mountedAt(mount));

    assertThat(cgroup).isEqualTo(new Cgroup((long) Files.getAttribute(service, "unix:ino"), 2));
  }

  @Test
  void theSlashInFrontIsOptional(@TempDir Path mount) throws IOException {
    Files.createDirectories(mount.resolve("a/b"));

    assertThat(Cgroup.find("a/b", mountedAt(mount)))
        .isEqualTo(Cgroup.find("/a/b", mountedAt(mount)));
  }

  @Test
  void theRootIsLevel0(@TempDir Path mount) throws IOException {
    assertThat(Cgroup.find("/", mountedAt(mount)).level()).isZero();
  }

  @Test
  void neverLeavesTheHierarchy(@TempDir Path mount) {
    assertThatThrownBy(() -> Cgroup.find("../../etc", mountedAt(mount)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("there is no cgroup '../../etc' below " + mount);
  }

  @Test
  void aMountOfASubtreeLiesDeeper(@TempDir Path mount) throws IOException {
    Files.createDirectories(mount.resolve("a"));
    var lines =
        List.of("41 31 0:38 /lxc/web " + mount + " rw,relatime shared:9 - cgroup2 cgroup2 rw");

    assertThat(Cgroup.find("a", lines).level()).isEqualTo(3);
  }

  @Test
  void understandsBlanksInMountPoints(@TempDir Path directory) throws IOException {
    Path mount = Files.createDirectories(directory.resolve("a b"));

    assertThat(Cgroup.find("/", mountedAt(mount)).id())
        .isEqualTo((long) Files.getAttribute(mount, "unix:ino"));
  }

  /// In a locale without a character for it, as a service has, a name may be no path.
  @Test
  void doesNotMindWhatOtherFileSystemsAreCalled(@TempDir Path mount) throws IOException {
    var lines = new ArrayList<>(List.of("90 23 8:1 / /media/\ud800 rw - vfat /dev/sdb1 rw", "?"));
    lines.addAll(mountedAt(mount));

    assertThat(Cgroup.find("/", lines).level()).isZero();
  }

  @Test
  void saysWhatToDoWithoutAUnifiedHierarchy() {
    var lines = List.of("31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755");

    assertThatThrownBy(() -> Cgroup.find("/a", lines))
        .hasMessage(
            "no cgroup v2 hierarchy is mounted; mount -t cgroup2 none /sys/fs/cgroup/unified");
  }

  private static List<String> mountedAt(Path mount) {
    String point = mount.toString().replace(" ", "\\040");
    return List.of(
        "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755",
        "41 31 0:38 / " + point + " rw,relatime shared:9 - cgroup2 cgroup2 rw");
  }
}
