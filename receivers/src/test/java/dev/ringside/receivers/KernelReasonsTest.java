package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelReasonsTest {
  static final KernelReasons REASONS =
      new KernelReasons(
          Map.of(
                  "skb_drop_reason",
                  Map.of(0L, "SKB_NOT_DROPPED_YET", 3L, "SKB_DROP_REASON_NO_SOCKET"),
                  "skb_drop_reason_subsys",
                  Map.of(
                      0L, "SKB_DROP_REASON_SUBSYS_CORE", 2L, "SKB_DROP_REASON_SUBSYS_OPENVSWITCH"),
                  "sk_rst_reason",
                  Map.of(0L, "SK_RST_REASON_NOT_SPECIFIED", 8L, "SK_RST_REASON_TCP_ABORT_ON_DATA"))
              ::get);

  @Test
  void namesAReasonAsTheKernelDoesInLowerCase() {
    assertThat(REASONS.ofDrop(3)).isEqualTo("no_socket");
    assertThat(REASONS.ofReset(9)).isEqualTo("tcp_abort_on_data");
    assertThat(REASONS.ofReset(1)).isEqualTo("not_specified");
  }

  @Test
  void namesAReasonOfASubsystemByThatAndItsNumber() {
    assertThat(REASONS.ofDrop(0x20005)).isEqualTo("openvswitch_5");
  }

  @Test
  void tellsTheNumberOfAReasonThatHasNoName() {
    assertThat(REASONS.ofDrop(200)).isEqualTo("200");
    assertThat(REASONS.ofDrop(0x7_0001)).isEqualTo("458753");
    assertThat(REASONS.ofDrop(-1)).isEqualTo("4294967295");
    assertThat(REASONS.ofReset(201)).isEqualTo("200");
  }

  @Test
  void asksForNoNamesWhereTheKernelGivesNoReason() {
    var never =
        new KernelReasons(name -> {
          throw new AssertionError(name);
        });

    assertThat(never.ofDrop(0)).isNull();
    assertThat(never.ofReset(0)).isNull();
  }
}
