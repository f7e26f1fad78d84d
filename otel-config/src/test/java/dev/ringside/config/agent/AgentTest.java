package dev.ringside.config.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.config.export.Batching;
import dev.ringside.config.export.Exporters;
import dev.ringside.config.export.MetricOutlet;
import dev.ringside.config.fake.FakeKernel;
import dev.ringside.config.fake.FakeOptions;
import dev.ringside.config.fake.FakeReceiver;
import dev.ringside.config.fake.FakeReceiver.Happening;
import dev.ringside.config.fake.KeptExports;
import dev.ringside.config.options.ChosenReceiver;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class AgentTest {
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final KeptExports kept = new KeptExports();

  private Agent start(FakeKernel kernel, String... receivers) {
    List<ChosenReceiver<?>> chosen =
        Arrays.stream(receivers)
            .<ChosenReceiver<?>>map(
                name -> new ChosenReceiver<>(new FakeReceiver(name), FakeOptions.DEFAULT, true))
            .toList();
    var exporters =
        new Exporters(
            List.of(kept.logs()),
            List.of(),
            List.of(new MetricOutlet(kept.metrics(), Duration.ofHours(1))),
            Resource.empty(),
            Batching.DEFAULT,
            Optional.empty(),
            () -> kernel.calls.add("close exporters"));
    var reporting =
        new DirectReporting(exporters, Resource.empty(), Resource.empty(), "1", said::add);
    return Agent.start(chosen, reporting, kernel, said::add);
  }

  @Test
  void exportsWhatWasStillInTheRingsWhenItCloses() {
    var kernel = new FakeKernel(Set.of(), List.of(new Happening(1), new Happening(2)));

    start(kernel, "fake").close();

    assertThat(kept.events).hasValue(2);
  }

  @Test
  void readsTheKernelsTablesALastTimeBeforeItClosesThem() {
    var kernel = new FakeKernel(Set.of(), List.of());

    start(kernel, "fake").close();

    assertThat(kept.metricNames).contains("ringside.process.execs");
    assertThat(kernel.calls)
        .containsExactly("load fake", "detach fake", "close fake", "close exporters");
  }

  @Test
  void goesOnWithTheOthersWhenOneCannotRun() {
    var kernel = new FakeKernel(Set.of("bad"), List.of());

    try (var agent = start(kernel, "bad", "good")) {
      assertThat(agent.isRunning()).isTrue();
      assertThat(agent.accounts())
          .extracting(ReceiverAccount::failure)
          .containsExactly("load bad: Operation not permitted; run as root", "");
    }
  }

  @Test
  void accountsForEveryRecord() {
    var kernel =
        new FakeKernel(Set.of(), List.of(new Happening(1), new Happening(-1), new Happening(2)));
    var agent = start(kernel, "fake");

    agent.close();

    var account = agent.accounts().getFirst();
    assertThat(account.exported()).isEqualTo(2);
    assertThat(account.lostByReason())
        .containsEntry("ring_full", 2L)
        .containsEntry("handler_failed", 1L);
    assertThat(account.produced()).isEqualTo(account.exported() + account.lost());
    assertThat(account.leftOut()).isEqualTo(3);
  }

  @Test
  void saysAHandlersExceptionOncePerKind() {
    var failures = new HandlerFailures(said::add);
    var one = new IllegalStateException("no such pid");

    failures.accept("happenings", one);
    failures.accept("happenings", one);
    failures.accept("happenings", new IllegalArgumentException("other"));

    assertThat(said).hasSize(2);
    assertThat(said.getFirst())
        .startsWith("happenings: an event could not be handled:")
        .contains("IllegalStateException: no such pid");
  }

  @Test
  void closesOnlyOnce() {
    var kernel = new FakeKernel(Set.of(), List.of());
    var agent = start(kernel, "fake");

    agent.close();
    agent.close();

    assertThat(kernel.calls).containsOnlyOnce("close exporters");
  }
}
