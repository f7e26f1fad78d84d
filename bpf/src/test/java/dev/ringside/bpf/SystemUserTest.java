package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SystemUserTest {
  private static final List<String> PASSWD =
      List.of(
          "root:x:0:0:root:/root:/bin/bash",
          "ringside:x:997:995::/nonexistent:/usr/sbin/nologin",
          "broken:x:::",
          "+::::::");

  @Test
  void isFoundByItsName() {
    assertThat(SystemUser.find("ringside", PASSWD)).contains(new SystemUser("ringside", 997, 995));
  }

  @Test
  void isFoundByItsNumbers() {
    assertThat(SystemUser.find("1000:100")).contains(new SystemUser("1000:100", 1000, 100));
  }

  @Test
  void isNotFoundWhereTheLineIsBroken() {
    assertThat(SystemUser.find("broken", PASSWD)).isEmpty();
  }

  @Test
  void isNeverRootUnlessAskedFor() {
    assertThat(SystemUser.unprivileged().uid()).isNotZero();
  }
}
