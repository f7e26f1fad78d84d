package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNamesTest {
  private static final List<String> NAMES =
      List.of(
          "vfs_write",
          "vfs_read",
          "vfs_readv",
          "vfs_readlink",
          "ksys_read",
          "__x64_sys_read",
          "tcp_sendmsg",
          "tcp_sendmsg_locked",
          "sys_reboot");

  @Test
  void putsTheOneWithTheFewestEditsFirst() {
    var nearest = nearest("vfs_raed");

    assertThat(nearest).startsWith("vfs_read", "vfs_readv");
  }

  @Test
  void knowsWhatGoesOnBehindAndInFront() {
    assertThat(nearest("vfs_readl")).contains("vfs_readlink");
    assertThat(nearest("sys_read")).contains("__x64_sys_read");
  }

  @Test
  void knowsWhatBeginsAlike() {
    assertThat(nearest("tcp_sendmessage")).containsExactly("tcp_sendmsg", "tcp_sendmsg_locked");
  }

  @Test
  void findsNothingForWhatIsLikeNothing() {
    assertThat(nearest("florble")).isEmpty();
  }

  @Test
  void comparesTheBeginningOfAGlob() {
    assertThat(NearestNames.beginningLike("vsf_", NAMES, n -> true))
        .containsExactly("vfs_read", "vfs_readlink", "vfs_readv", "vfs_write");
  }

  @Test
  void countsASwapAsOneEdit() {
    assertThat(NearestNames.edits("vfs_raed", "vfs_read")).isEqualTo(1);
    assertThat(NearestNames.edits("", "abc")).isEqualTo(3);
    assertThat(NearestNames.edits("kitten", "sitting")).isEqualTo(3);
  }

  private static List<String> nearest(String meant) {
    return NearestNames.to(meant, NAMES, n -> true);
  }
}
