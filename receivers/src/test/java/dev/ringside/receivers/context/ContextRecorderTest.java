package dev.ringside.receivers.context;

import static dev.ringside.receivers.context.Spans.context;
import static dev.ringside.receivers.context.Spans.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Over OpenTelemetry's own storage, with threads that are numbered here.
class ContextRecorderTest {
  private static final SpanContext NONE = SpanContext.getInvalid();
  private static final int PID = 4711;

  private final AtomicInteger nextTid = new AtomicInteger(1);
  private final ContextRecorder recorder =
      new ContextRecorder(nextTid::getAndIncrement, Duration.ZERO);
  private final ContextStorage storage =
      new RecordingStorage(ContextStorage.defaultStorage(), recorder);

  @Test
  void aScopeIsCurrentUntilItIsClosed() {
    long before = System.nanoTime();
    long during;
    try (var scope = storage.attach(context(1))) {
      assertThat(scope).isNotNull();
      during = System.nanoTime();
    }
    long after = System.nanoTime();

    assertThat(recorder.at(1, before)).isEqualTo(NONE);
    assertThat(recorder.at(1, during)).isEqualTo(span(1));
    assertThat(recorder.at(1, after)).isEqualTo(NONE);
  }

  @Test
  void theOuterScopeIsCurrentAgainAfterTheInnerOne() {
    long inner;
    long outer;
    try (var first = storage.attach(context(1))) {
      try (var second = storage.attach(context(2))) {
        assertThat(first).isNotSameAs(second);
        inner = System.nanoTime();
      }
      outer = System.nanoTime();
    }

    assertThat(recorder.at(1, inner)).isEqualTo(span(2));
    assertThat(recorder.at(1, outer)).isEqualTo(span(1));
  }

  @Test
  void aScopeThatIsClosedOutOfTurnChangesNothing() {
    var first = storage.attach(context(1));
    var second = storage.attach(context(2));
    first.close();
    long during = System.nanoTime();
    second.close();
    long afterSecond = System.nanoTime();
    first.close();

    assertThat(recorder.at(1, during)).isEqualTo(span(2));
    assertThat(recorder.at(1, afterSecond)).isEqualTo(span(1));
  }

  @Test
  void whatIsCurrentAlreadyIsNotAttachedAgain() {
    try (var first = storage.attach(context(1));
        var again = storage.attach(storage.current())) {
      assertThat(first).isNotSameAs(again);
      assertThat(again).isSameAs(Scope.noop());
    }
  }

  @Test
  void eachThreadHasItsOwn() throws Exception {
    var inside = new CountDownLatch(2);
    var seen = new CountDownLatch(1);
    var threads = new ArrayList<Thread>();
    for (int number : List.of(1, 2)) {
      threads.add(
          inThread(() -> {
            try (var scope = storage.attach(context(number))) {
              assertThat(scope).isNotNull();
              inside.countDown();
              seen.await();
            }
          }));
    }
    inside.await();
    long during = System.nanoTime();
    seen.countDown();
    for (var thread : threads) thread.join();

    assertThat(List.of(recorder.at(1, during), recorder.at(2, during)))
        .containsExactlyInAnyOrder(span(1), span(2));
    assertThat(recorder.at(3, during)).isEqualTo(NONE);
  }

  @Test
  void aVirtualThreadLeavesNothingInItsCarrier() throws Exception {
    var during = new AtomicLong();
    Thread.ofVirtual()
        .start(() -> {
          try (var scope = storage.attach(context(1))) {
            assertThat(scope).isNotNull();
            during.set(System.nanoTime());
          }
        })
        .join();

    assertThat(recorder.threads()).isZero();
    assertThat(recorder.at(1, during.get())).isEqualTo(NONE);
  }

  @Test
  void aThreadThatEndedInAScopeIsNotThoughtToBeInItForEver() throws Exception {
    inThread(() -> storage.attach(context(1))).join();

    assertThat(recorder.at(1, System.nanoTime())).isEqualTo(NONE);
  }

  @Test
  void threadsThatEndedAreForgottenWhenThereAreMany() throws Exception {
    long during;
    try (var scope = storage.attach(context(1))) {
      assertThat(scope).isNotNull();
      during = System.nanoTime();
      for (int i = 0; i < 300; i++) inThread(() -> storage.attach(context(2)).close()).join();
    }

    assertThat(recorder.threads()).isLessThan(100);
    assertThat(recorder.at(1, during)).isEqualTo(span(1));
  }

  @Test
  void knowsThisProcessOnlyAndOnlyTimesThatTheClockKnows() {
    var contexts =
        new RecordedContexts(
            recorder, PID, t -> t < 0 ? OptionalLong.empty() : OptionalLong.of(t - 1000));
    try (var scope = storage.attach(context(1))) {
      assertThat(scope).isNotNull();
      long bootTime = System.nanoTime() + 1000;

      assertThat(contexts.at(PID, 1, bootTime)).isEqualTo(span(1));
      assertThat(contexts.at(PID + 1, 1, bootTime)).isEqualTo(NONE);
      assertThat(contexts.at(PID, 2, bootTime)).isEqualTo(NONE);
      assertThat(contexts.at(PID, 1, -1)).isEqualTo(NONE);
    }
  }

  @Test
  void knowsNothingInANamespaceOfItsOwn() {
    var contexts = new RecordedContexts(recorder, 0, OptionalLong::of);
    try (var scope = storage.attach(context(1))) {
      assertThat(scope).isNotNull();

      assertThat(contexts.at(0, 1, System.nanoTime())).isEqualTo(NONE);
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private static Thread inThread(Work work) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            work.run();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }
}
