package dev.ringside.receivers.context;

import static dev.ringside.receivers.context.Spans.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ContextRingTest {
  private static final SpanContext NONE = SpanContext.getInvalid();

  private final ContextRing ring = new ContextRing();

  @Test
  void findsWhatWasCurrentAtATime() {
    ring.change(10, span(1));
    ring.change(20, span(2)); // within the first
    ring.change(30, span(1));
    ring.change(40, NONE);

    assertThat(at(10)).isEqualTo(span(1));
    assertThat(at(19)).isEqualTo(span(1));
    assertThat(at(20)).isEqualTo(span(2));
    assertThat(at(39)).isEqualTo(span(1));
    assertThat(at(40)).isEqualTo(NONE);
    assertThat(at(4000)).isEqualTo(NONE);
  }

  @Test
  void nothingWasCurrentBeforeTheFirstChange() {
    assertThat(at(5)).isEqualTo(NONE);
    ring.change(10, span(1));

    assertThat(at(9)).isEqualTo(NONE);
  }

  @Test
  void keepsAllOfAnIdAndOfTheFlags() {
    var digits =
        SpanContext.create(
            "fedcba9876543210f123456789abcdef",
            "8000000000000001",
            TraceFlags.fromByte((byte) 0x82),
            TraceState.getDefault());

    ring.change(1, digits);

    assertThat(at(1)).isEqualTo(digits);
  }

  @Test
  void doesNotKnowWhatWasOverwritten() {
    int changes = 3 * ContextRing.CHANGES;
    for (int i = 1; i <= changes; i++) ring.change(i, span(i));

    assertThat(at(changes)).isEqualTo(span(changes));
    // The one before the oldest is where the thread may be writing.
    int oldest = changes - ContextRing.CHANGES + 2;
    assertThat(at(oldest)).isEqualTo(span(oldest));
    assertThat(at(oldest - 1)).isEqualTo(NONE);
    assertThat(at(1)).isEqualTo(NONE);
  }

  @Test
  void theSameSpanAgainIsNoChange() {
    ring.change(1, span(1));
    var same = span(2);
    for (int i = 2; i <= 3 * ContextRing.CHANGES; i++) ring.change(i, same);

    assertThat(at(1)).isEqualTo(span(1));
  }

  @Test
  void doesNotKnowHowLongTheLastChangeHeldInAThreadThatEnded() {
    ring.change(10, span(1));
    ring.change(20, span(2));

    assertThat(ring.at(15, true)).isEqualTo(span(1));
    assertThat(ring.at(25, true)).isEqualTo(NONE);
  }

  @Test
  void timesMayPassTheGreatestNumber() {
    ring.change(Long.MAX_VALUE, span(1));
    ring.change(Long.MIN_VALUE + 5, span(2));

    assertThat(at(Long.MIN_VALUE)).isEqualTo(span(1));
    assertThat(at(Long.MIN_VALUE + 5)).isEqualTo(span(2));
  }

  @Test
  void whoLooksWhileItIsWrittenSeesNoMixture() throws Exception {
    var written = new AtomicLong();
    int changes = 400_000;
    var writer =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 1; i <= changes; i++) {
                ring.change(i, span(i));
                written.set(i);
              }
            });
    long known = 0;
    long looks = 0;

    while (writer.isAlive()) {
      long time = Math.max(1, written.get() - looks % (ContextRing.CHANGES + 20));
      var found = at(time);
      looks++;
      if (!found.isValid()) continue;
      known++;
      assertThat(found).isEqualTo(span((int) time));
    }
    writer.join();

    assertThat(known).isPositive();
  }

  private SpanContext at(long time) {
    return ring.at(time, false);
  }
}
