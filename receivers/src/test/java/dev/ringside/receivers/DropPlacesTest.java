package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DropPlacesTest {
  static final DropPlaces PLACES =
      new DropPlaces(place ->
          Map.of(
                  1L,
                  "bpf_trace_run5+0x1",
                  2L,
                  "kfree_skb_list_reason+0x1e",
                  3L,
                  "tcp_v4_rcv+0x91",
                  4L,
                  "ip_local_deliver+0x20")
              .getOrDefault(place, ""));

  @Test
  void namesTheFunctionAtAPlace() {
    assertThat(PLACES.function(3)).isEqualTo("tcp_v4_rcv");
    assertThat(PLACES.function(9)).isNull();
  }

  @Test
  void theWayBeginsWhereTheSegmentWasDropped() {
    assertThat(PLACES.way(3, frames(9, 1, 2, 3, 4, 0x90)))
        .containsExactly("tcp_v4_rcv+0x91", "ip_local_deliver+0x20", "0x90");
  }

  @Test
  void whatFreesListsOfSegmentsHasNotDroppedThem() {
    assertThat(PLACES.way(2, frames(1, 2, 3, 4)))
        .containsExactly("tcp_v4_rcv+0x91", "ip_local_deliver+0x20");
  }

  @Test
  void aWayWithoutThePlaceIsToldAsItIs() {
    assertThat(PLACES.way(7, frames(9, 1, 3)))
        .containsExactly("bpf_trace_run5+0x1", "tcp_v4_rcv+0x91");
    assertThat(DropPlaces.unnamed().way(3, frames(1, 3))).isEmpty();
  }

  static Text frames(long... addresses) {
    var bytes = ByteBuffer.allocate(8 * addresses.length).order(ByteOrder.nativeOrder());
    for (long address : addresses) bytes.putLong(address);
    return new Text(bytes.array(), false);
  }
}
