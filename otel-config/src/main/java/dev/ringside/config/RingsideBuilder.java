package dev.ringside.config;

import dev.ringside.bpf.KernelClock;
import dev.ringside.config.agent.Agent;
import dev.ringside.config.agent.DirectReporting;
import dev.ringside.config.agent.EmbeddedReporting;
import dev.ringside.config.agent.Kernel;
import dev.ringside.config.agent.Reporting;
import dev.ringside.config.export.EnvironmentConfiguration;
import dev.ringside.config.export.Exporters;
import dev.ringside.config.export.FileConfiguration;
import dev.ringside.config.export.HostResource;
import dev.ringside.config.file.ConfigurationFile;
import dev.ringside.config.options.ChosenReceiver;
import dev.ringside.config.options.ReceiverSelection;
import dev.ringside.config.options.ReceiverTypes;
import dev.ringside.config.tree.InvalidConfigurationException;
import dev.ringside.config.tree.Mark;
import dev.ringside.config.tree.Node;
import dev.ringside.config.tree.Problem;
import dev.ringside.receivers.context.ContextRecorder;
import dev.ringside.receivers.context.RecordedContexts;
import dev.ringside.receivers.telemetry.EmbeddedTelemetry;
import dev.ringside.receivers.telemetry.HistogramForm;
import dev.ringside.receivers.telemetry.ThreadContexts;
import dev.ringside.receivers.telemetry.WallClock;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Says which receivers run, with which options, and where they report to. Not for several threads.
public final class RingsideBuilder {
  private static final System.Logger LOG = System.getLogger("dev.ringside");

  private final ReceiverTypes types;
  private final Kernel kernel;
  private final Map<String, Object> receivers = new LinkedHashMap<>();
  private Optional<Path> file = Optional.empty();
  private Consumer<String> say = line -> LOG.log(System.Logger.Level.INFO, line);
  private EmbeddedTelemetry embedded;
  private Optional<ContextRecorder> recorder = Optional.empty();

  RingsideBuilder() {
    this(ReceiverTypes.installed(), Kernel.running());
  }

  RingsideBuilder(ReceiverTypes types, Kernel kernel) {
    this.types = types;
    this.kernel = kernel;
  }

  /// Runs a receiver with its defaults. Without any call of this kind, and without a list in a
  /// file, all run but those that wait to be asked for.
  public RingsideBuilder receiver(String name) {
    return receiver(name, Map.of());
  }

  /// Runs a receiver with options as in a configuration file: `Map.of("min_duration", "10ms")`.
  /// Durations, enums and numbers may also come as such.
  public RingsideBuilder receiver(String name, Map<String, ?> options) {
    receivers.put(name, options);
    return this;
  }

  /// Reads OpenTelemetry's declarative configuration file, for receivers and for exporters.
  /// Receivers named here as well keep the file's options unless they are set here.
  public RingsideBuilder config(Path file) {
    this.file = Optional.of(file);
    return this;
  }

  /// Takes messages for whoever operates the program, one line each, on any thread; the default is
  /// the logger `dev.ringside`.
  public RingsideBuilder onMessage(Consumer<String> say) {
    this.say = say;
    return this;
  }

  /// Records in which span each platform thread of this program is, from now on and as long as it
  /// runs, so that what the kernel sees such a thread do is told as part of its trace: on events of
  /// slow calls and failed connects, as exemplars of histograms, as links of connections' spans.
  ///
  /// To be called before anything uses OpenTelemetry's `Context`, so before the SDK is built, and
  /// once. What virtual threads do has no trace.
  ///
  /// @throws IllegalStateException when it is too late, or OpenTelemetry's Java agent is there
  public RingsideBuilder threadContexts() {
    recorder = Optional.of(ContextRecorder.install());
    return this;
  }

  /// The histograms that receivers measure in the kernel, to be registered with the service's SDK
  /// before it is built; see [Ringside]. Without it everything but the histograms arrives.
  public MetricProducer histograms() {
    return histograms(HistogramForm.DEFAULT);
  }

  public MetricProducer histograms(HistogramForm form) {
    return embedded().histograms(form);
  }

  private EmbeddedTelemetry embedded() {
    if (embedded == null) embedded = new EmbeddedTelemetry(WallClock.of(KernelClock.start()));
    return embedded;
  }

  /// Starts with exporters of its own, as the file says, or else the `OTEL_*` variables.
  ///
  /// @throws InvalidConfigurationException with everything that is wrong; nothing was started
  /// @throws dev.ringside.bpf.BpfException when libbpf cannot be loaded
  public Ringside start() {
    var problems = new ArrayList<Problem>();
    var read = read(problems);
    var chosen = choose(read, problems);
    Exporters exporters =
        read.map(FileConfiguration::read).orElseGet(() -> EnvironmentConfiguration.read(Map.of()));
    var version = version();
    var resources = HostResource.ofThisHost(version);
    var host = resources.host(exporters.configured());
    var self = resources.agent(exporters.configured());
    return start(chosen, new DirectReporting(exporters, host, self, version, contexts(), say));
  }

  /// Starts over the service's own OpenTelemetry. Of a file only our section is read.
  ///
  /// @throws InvalidConfigurationException with everything that is wrong; nothing was started
  /// @throws dev.ringside.bpf.BpfException when libbpf cannot be loaded
  public Ringside start(OpenTelemetry openTelemetry) {
    var problems = new ArrayList<Problem>();
    var chosen = choose(read(problems), problems);
    return start(chosen, new EmbeddedReporting(embedded(), openTelemetry, version(), contexts()));
  }

  private Ringside start(List<ChosenReceiver<?>> chosen, Reporting reporting) {
    var agent = Agent.start(chosen, reporting, kernel, say);
    for (var account : agent.accounts())
      if (!account.isRunning()) say.accept(account.name() + " cannot run: " + account.failure());
    return new Ringside(agent);
  }

  private ThreadContexts contexts() {
    if (recorder.isEmpty()) return ThreadContexts.NONE;
    var recorded = RecordedContexts.of(recorder.get());
    if (recorded.pid() == 0) {
      say.accept(
          "no traces of threads: this program lives in a pid namespace of its own, and may not ask the"
              + " kernel for the numbers of its threads; give it CAP_BPF and CAP_PERFMON, or run it in"
              + " the host's namespace (hostPID)");
    }
    return recorded;
  }

  private Optional<ConfigurationFile> read(List<Problem> problems) {
    return file.flatMap(path -> ConfigurationFile.read(path, System.getenv(), problems));
  }

  private List<ChosenReceiver<?>> choose(Optional<ConfigurationFile> read, List<Problem> problems) {
    var selection = new ReceiverSelection(types, problems);
    read.flatMap(ConfigurationFile::receivers).ifPresent(selection::configured);
    if (!receivers.isEmpty())
      selection.configured(Node.of(Mark.of("Ringside.builder()"), receivers));
    var chosen = selection.choose();
    if (!problems.isEmpty()) throw new InvalidConfigurationException(problems);
    return chosen;
  }

  private static String version() {
    var version = Ringside.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
