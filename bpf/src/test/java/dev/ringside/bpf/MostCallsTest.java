package dev.ringside.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MostCallsTest {
  private final MostCalls<String> most = new MostCalls<>();

  @Test
  void leavesToOnesThatCallHalfAsMuchAgain() {
    most.counted("a", 10);
    most.counted("b", 20);
    most.counted("c", 30);
    most.called("d", 29);
    most.called("e", 31);
    assertThat(most.toLeave()).containsExactly("a");

    most.called("d", 2);
    assertThat(most.toLeave()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void countsAnHourAgoHalf() {
    most.counted("a", 10);
    most.passed(Duration.ofHours(3));
    most.called("b", 1);
    assertThat(most.toLeave()).isEmpty();

    most.called("b", 1);
    assertThat(most.toLeave()).containsExactly("a");
  }

  @Test
  void countsOnlyWhatCameSinceItWasSaidLast() {
    most.counted("a", 10);
    most.passed(Duration.ofHours(10));
    most.counted("a", 11);
    most.called("b", 2);

    assertThat(most.toLeave()).containsExactly("a");
  }

  @Test
  void givesRoomToTheBestOfTheOthers() {
    most.counted("a", 50);
    most.called("b", 1);
    most.called("c", 9);
    most.called("d", 5);

    assertThat(most.others(2)).containsExactly("c", "d");
    most.counted("c", 0);
    assertThat(most.others(9)).containsExactly("d", "b");
    assertThat(most.hasRoom("c")).isTrue();
    assertThat(most.hasRoom("b")).isFalse();
  }

  @Test
  void forgetsThoseWhoCallLeastOfTheOthers() {
    most.counted("a", 0);
    most.called("b", 1);
    most.called("c", 9);

    most.forget(1);

    assertThat(most.others(9)).containsExactly("c");
    assertThat(most.hasRoom("a")).isTrue();
  }

  @Test
  void countsAnewForOneWhoLeftAndComesBack() {
    most.counted("a", 100);
    most.leaves("a");
    most.passed(Duration.ofDays(2));
    most.counted("a", 3);
    most.called("b", 5);

    assertThat(most.others(9)).containsExactly("b");
    assertThat(most.toLeave()).containsExactly("a");
  }
}
