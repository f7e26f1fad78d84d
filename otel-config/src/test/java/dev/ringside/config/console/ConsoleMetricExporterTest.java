package dev.ringside.config.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleMetricExporterTest {
  @Test
  void printsCountsAndHistogramsAsATable() {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    var reader = PeriodicMetricReader.create(new ConsoleMetricExporter(out, Style.PLAIN));

    try (var provider = SdkMeterProvider.builder().registerMetricReader(reader).build()) {
      var meter = provider.get("test");
      var read = Attributes.of(AttributeKey.stringKey("ringside.file.access_mode"), "read");
      var write = Attributes.of(AttributeKey.stringKey("ringside.file.access_mode"), "write");
      meter.counterBuilder("ringside.process.execs").build().add(52);
      meter.counterBuilder("ringside.receiver.record.produced").build().add(9);
      var durations = meter.histogramBuilder("ringside.file.open.duration").setUnit("s").build();
      durations.record(0.000_002, read);
      durations.record(0.000_004, read);
      durations.record(0.000_009, write);
    }

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """

            file.open.duration  file.access_mode=write  1   9 µs in all  mean 9 µs  p99 9 µs     from 9 µs to 9 µs
            file.open.duration  file.access_mode=read   2   6 µs in all  mean 3 µs  p99 3.99 µs  from 2 µs to 4 µs
            process.execs                               52
            """);
  }
}
