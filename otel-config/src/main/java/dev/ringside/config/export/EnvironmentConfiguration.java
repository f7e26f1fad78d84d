package dev.ringside.config.export;

import dev.ringside.config.tree.InvalidConfigurationException;
import dev.ringside.config.tree.Mark;
import dev.ringside.config.tree.Problem;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.ResourceConfiguration;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The `OTEL_*` environment variables (and the `otel.*` system properties) without a file.
public final class EnvironmentConfiguration {
  private static final Pattern LOOPBACK =
      Pattern.compile("^https?://(localhost|127\\.[0-9.]+|\\[::1])(:\\d+)?(/|$)");

  private EnvironmentConfiguration() {}

  /// All services but the one that makes up an instance id, which is left out later: its random
  /// number takes longer to come by than the rest of the Resource.
  private record Components(ClassLoader classes) implements ComponentLoader {
    @Override
    public <T> Iterable<T> load(Class<T> service) {
      return ServiceLoader.load(service, classes).stream()
          .filter(
              found -> !found.type().getSimpleName().equals("ServiceInstanceIdResourceProvider"))
          .map(ServiceLoader.Provider::get)
          .toList();
    }
  }

  /// Builds what the variables say.
  ///
  /// @param overrides properties (`otel.exporter.otlp.endpoint`) that win over variables, from the
  ///   command line
  /// @throws InvalidConfigurationException when a variable has a value OpenTelemetry does not take
  public static Exporters read(Map<String, String> overrides) {
    var capture = new Capture(new Components(EnvironmentConfiguration.class.getClassLoader()));
    var batching = new AtomicReference<>(Batching.DEFAULT);
    var properties = new AtomicReference<ConfigProperties>();
    var resource = new AtomicReference<>(Resource.empty());
    try {
      var sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook()
              .setComponentLoader(capture.connections)
              .addPropertiesCustomizer(before -> overrides)
              .addPropertiesCustomizer(EnvironmentConfiguration::protocols)
              .addPropertiesCustomizer(EnvironmentConfiguration::compression)
              .addPropertiesCustomizer(said -> takeOver(said, batching))
              .addResourceCustomizer((r, p) -> {
                properties.set(p);
                resource.set(r);
                return r;
              })
              .addLogRecordExporterCustomizer((e, p) -> capture.log(e))
              .addSpanExporterCustomizer((e, p) -> capture.span(e))
              .addMetricExporterCustomizer((e, p) -> capture.metric(e))
              // Its readers are left behind: ours read the same exporters.
              .addMeterProviderCustomizer((b, p) -> SdkMeterProvider.builder())
              .build()
              .getOpenTelemetrySdk();
      var configured = configured(resource.get(), properties.get());
      return exporters(capture, properties.get(), configured, batching.get(), sdk::close);
    } catch (ConfigurationException e) {
      throw new InvalidConfigurationException(
          List.of(new Problem(Mark.of("OTEL_* variables"), "", Reason.of(e).message())));
    }
  }

  /// Without the instance id that autoconfiguration makes up for this process.
  private static Resource configured(Resource resource, ConfigProperties properties) {
    var said = ResourceConfiguration.createEnvironmentResource(properties);
    return Capture.configured(resource).toBuilder()
        .removeIf(key -> key.getKey().equals("service.instance.id"))
        .build()
        .merge(said);
  }

  /// Compression of HTTP where nobody names one: it takes several times the work of everything else
  /// that is done for a record, so only where bytes leave the machine. Over gRPC not every server
  /// can read it, although the OTLP specification wants them to.
  private static Map<String, String> compression(ConfigProperties properties) {
    var key = "otel.exporter.otlp.compression";
    boolean isGrpc = "grpc".equals(properties.getString("otel.exporter.otlp.protocol"));
    boolean isSaid = properties.getString(key) != null;
    return isSaid || isGrpc || isLoopback(properties) ? Map.of() : Map.of(key, "gzip");
  }

  private static boolean isLoopback(ConfigProperties properties) {
    return Stream.of("", "logs.", "traces.", "metrics.")
        .map(signal -> properties.getString("otel.exporter.otlp." + signal + "endpoint"))
        .filter(Objects::nonNull)
        .allMatch(url -> LOOPBACK.matcher(url).find());
  }

  /// The protocol where nobody names one: by the port. The specification recommends http/protobuf
  /// as the default, this SDK's is gRPC, and either answers the other's port with nothing helpful.
  private static Map<String, String> protocols(ConfigProperties properties) {
    var protocols = new HashMap<String, String>();
    for (var signal : List.of("", "logs.", "traces.", "metrics.")) {
      var own = "otel.exporter.otlp." + signal;
      var endpoint = properties.getString(own + "endpoint");
      boolean isSaid = properties.getString(own + "protocol") != null;
      boolean isGeneral = signal.isEmpty();
      if (isSaid || endpoint == null && !isGeneral) continue;
      boolean isGrpc = endpoint != null && endpoint.matches(".*:4317/?");
      protocols.put(own + "protocol", isGrpc ? "grpc" : "http/protobuf");
    }
    return protocols;
  }

  /// Notes how events are gathered. The threads of the SDK's own processors have nothing to do, and
  /// need not look after it that often.
  private static Map<String, String> takeOver(
      ConfigProperties said, AtomicReference<Batching> batching) {
    batching.set(
        new Batching(
            said.getInt("otel.blrp.max.export.batch.size", Batching.DEFAULT.size()),
            said.getDuration("otel.blrp.schedule.delay", Batching.DEFAULT.delay())));
    var never = Integer.toString(Integer.MAX_VALUE);
    return Map.of("otel.blrp.schedule.delay", never, "otel.bsp.schedule.delay", never);
  }

  private static Exporters exporters(
      Capture capture,
      ConfigProperties properties,
      Resource configured,
      Batching batching,
      Runnable closeSdk) {
    var interval =
        properties.getDuration("otel.metric.export.interval", MetricOutlet.DEFAULT_INTERVAL);
    return new Exporters(
        capture.logs,
        capture.spans,
        capture.metrics.stream().map(e -> new MetricOutlet(e, interval)).toList(),
        configured,
        batching,
        Optional.empty(),
        () -> {
          capture.metrics.forEach(MetricExporter::shutdown);
          closeSdk.run();
        });
  }
}
