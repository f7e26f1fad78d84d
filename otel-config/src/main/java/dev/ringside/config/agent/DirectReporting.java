package dev.ringside.config.agent;

import dev.ringside.bpf.KernelClock;
import dev.ringside.config.export.Exporters;
import dev.ringside.config.file.Buffer;
import dev.ringside.config.tree.InvalidConfigurationException;
import dev.ringside.config.tree.Mark;
import dev.ringside.config.tree.Printable;
import dev.ringside.config.tree.Problem;
import dev.ringside.receivers.telemetry.DirectTelemetry;
import dev.ringside.receivers.telemetry.DiskBuffer;
import dev.ringside.receivers.telemetry.ExportStatistics;
import dev.ringside.receivers.telemetry.ReceiverStatus;
import dev.ringside.receivers.telemetry.SelfTelemetry;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.receivers.telemetry.ThreadContexts;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The agent's way: from the rings straight to exporters that are the agent's own.
public final class DirectReporting implements Reporting {
  private final Exporters exporters;
  private final Resource self;
  private final String version;
  private final Optional<DiskBuffer> buffer;
  private final DirectTelemetry telemetry;
  private final MetricReaders metrics;

  /// @param exporters closed with this
  /// @param host the Resource of what receivers report
  /// @param self the Resource of what the agent reports about itself
  /// @param version Ringside's
  /// @param say told when an exporter gets into trouble or out of it
  /// @throws InvalidConfigurationException when the buffer cannot be used
  public DirectReporting(
      Exporters exporters, Resource host, Resource self, String version, Consumer<String> say) {
    this(exporters, host, self, version, ThreadContexts.NONE, say);
  }

  /// The same, with what is known of threads.
  public DirectReporting(
      Exporters exporters,
      Resource host,
      Resource self,
      String version,
      ThreadContexts contexts,
      Consumer<String> say) {
    this.exporters = exporters;
    this.self = self;
    this.version = version;
    this.buffer = exporters.buffer().map(DirectReporting::open);
    var builder =
        DirectTelemetry.builder()
            .logs(exporters.logs())
            .spans(exporters.spans())
            .host(host)
            .clock(KernelClock.start())
            .contexts(contexts)
            .batchSize(exporters.batching().size())
            .delay(exporters.batching().delay())
            .onExportState(state -> say.accept(state.message()));
    buffer.ifPresent(builder::buffer);
    this.telemetry = build(builder);
    this.metrics = new MetricReaders(say);
  }

  private static DiskBuffer open(Buffer buffer) {
    try {
      return DiskBuffer.open(buffer.directory(), buffer.maxSize());
    } catch (IOException e) {
      throw unusable(buffer.directory() + " cannot be used: " + e);
    }
  }

  private DirectTelemetry build(DirectTelemetry.Builder builder) {
    try {
      return builder.build();
    } catch (UncheckedIOException | IllegalStateException e) {
      buffer.ifPresent(DiskBuffer::close);
      throw unusable(e.getMessage());
    }
  }

  private static InvalidConfigurationException unusable(String why) {
    var problem = new Problem(Mark.of("ringside.buffer"), "directory", Printable.of(why));
    return new InvalidConfigurationException(List.of(problem));
  }

  @Override
  public Telemetry receiver(String name) {
    return telemetry.receiver(name, version);
  }

  @Override
  public Duration delay() {
    return exporters.batching().delay();
  }

  @Override
  public void afterDrain() {
    telemetry.afterDrain();
  }

  @Override
  public void receiversStarted(Supplier<List<ReceiverStatus>> running) {
    var own = new SelfTelemetry(self, version, running, telemetry::statistics);
    for (var outlet : exporters.metrics()) metrics.start(outlet, telemetry::metrics, own);
  }

  @Override
  public List<ExportStatistics> statistics() {
    return telemetry.statistics();
  }

  @Override
  public void stopWaiting() {
    telemetry.stopWaiting();
  }

  @Override
  public void flush() {
    telemetry.close();
    metrics.close();
  }

  @Override
  public void close() {
    exporters.close();
    buffer.ifPresent(DiskBuffer::close);
  }
}
