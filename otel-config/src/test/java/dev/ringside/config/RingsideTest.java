package dev.ringside.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringside.config.agent.ReceiverAccount;
import dev.ringside.config.fake.FakeKernel;
import dev.ringside.config.fake.FakeReceiver;
import dev.ringside.config.fake.FakeReceiver.Happening;
import dev.ringside.config.options.ReceiverTypes;
import dev.ringside.config.tree.InvalidConfigurationException;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class RingsideTest {
  private static final ReceiverTypes TYPES =
      new ReceiverTypes(List.of(new FakeReceiver("alpha"), new FakeReceiver("beta")));

  @Test
  void reportsThroughTheServicesOwnOpenTelemetry() {
    var events = InMemoryLogRecordExporter.create();
    var logs =
        SdkLoggerProvider.builder()
            .addLogRecordProcessor(SimpleLogRecordProcessor.create(events))
            .build();
    var kernel = new FakeKernel(Set.of(), List.of(new Happening(5)));

    try (var sdk = OpenTelemetrySdk.builder().setLoggerProvider(logs).build()) {
      var ringside =
          new RingsideBuilder(TYPES, kernel).receiver("alpha", Map.of("count", 2)).start(sdk);
      ringside.close();

      assertThat(events.getFinishedLogRecordItems())
          .singleElement()
          .returns("ringside.process.exec", e -> e.getEventName());
      assertThat(ringside.receivers()).extracting(ReceiverAccount::exported).containsExactly(1L);
    }
  }

  @Test
  void refusesOptionsThatAReceiverDoesNotHave() {
    var kernel = new FakeKernel(Set.of(), List.of());
    var builder = new RingsideBuilder(TYPES, kernel).receiver("alpha", Map.of("cuont", 2));

    assertThatThrownBy(builder::start)
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageStartingWith(
            "Ringside.builder(): ringside.receivers.alpha.cuont: no such option;"
                + " did you mean count?");
    assertThat(kernel.calls).isEmpty();
  }

  @Test
  void refusesToRecordContextsWhenItIsTooLate() {
    var builder = new RingsideBuilder(TYPES, new FakeKernel(Set.of(), List.of()));
    Context.current();

    assertThatThrownBy(builder::threadContexts)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("OpenTelemetry's Context was used before")
        .hasMessageContaining("do this earlier, before the SDK is built");
  }

  @Test
  void tellsTheServiceWhichReceiverCannotRun() {
    var said = new CopyOnWriteArrayList<String>();
    var kernel = new FakeKernel(Set.of("beta"), List.of());

    try (var sdk = OpenTelemetrySdk.builder().build();
        var ringside = new RingsideBuilder(TYPES, kernel).onMessage(said::add).start(sdk)) {
      assertThat(ringside.receivers())
          .extracting(ReceiverAccount::isRunning)
          .containsExactly(true, false);
      assertThat(said).singleElement().asString().startsWith("beta cannot run: load beta:");
    }
  }
}
