package dev.ringside.config.command;

import dev.ringside.config.agent.Kernel;
import dev.ringside.config.export.EnvironmentConfiguration;
import dev.ringside.config.export.Exporters;
import dev.ringside.config.export.FileConfiguration;
import dev.ringside.config.file.ConfigurationFile;
import dev.ringside.config.options.ChosenReceiver;
import dev.ringside.config.options.ReceiverSelection;
import dev.ringside.config.options.ReceiverTypes;
import dev.ringside.config.tree.InvalidConfigurationException;
import dev.ringside.config.tree.Mark;
import dev.ringside.config.tree.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// The options that say what runs and where it goes, shared by `run` and `doctor`.
///
/// @param receivers the only ones to run; empty for all
/// @param config the declarative configuration file; may be null
/// @param otlp where to send everything; may be null
/// @param protocol how to speak with `otlp`; may be null
/// @param settings `RECEIVER.OPTION=VALUE`
record ConfigurationOptions(
    List<String> receivers, Path config, String otlp, String protocol, List<String> settings) {

  /// Those that may be given several times.
  static final Set<String> REPEATED = Set.of("receivers", "set");

  /// Adds them to a command's.
  static Options addTo(Options options) {
    return options
        .addOption(
            value("receivers", "NAME,...")
                .desc(
                    "Run only these, separated by commas. `ringside receivers` lists all. A"
                        + " receiver named here must be able to run. Default: all that the kernel"
                        + " allows, but not those that wait to be asked for (the latencies),"
                        + " unless one of their options is set.")
                .get())
        .addOption(
            value("config", "FILE")
                .desc(
                    "OpenTelemetry's declarative configuration file (YAML), with our section at"
                        + " instrumentation/development: java: ringside:. Default: the variable"
                        + " OTEL_CONFIG_FILE.")
                .get())
        .addOption(
            value("otlp", "URL")
                .desc(
                    "Send everything to this OTLP endpoint, for example http://localhost:4318."
                        + " Default: what the OTEL_EXPORTER_OTLP_* variables say, if any is set.")
                .get())
        .addOption(
            value("protocol", "PROTOCOL")
                .desc(
                    "How to speak with --otlp: http/protobuf or grpc. Default: grpc for port 4317,"
                        + " else http/protobuf.")
                .get())
        .addOption(
            value("set", "RECEIVER.OPTION=VALUE")
                .desc(
                    "Set one option of a receiver, for example file_open.min_duration=1ms. May be"
                        + " given several times; wins over the file.")
                .get());
  }

  static Option.Builder value(String name, String value) {
    return Option.builder().longOpt(name).argName(value).hasArg();
  }

  static ConfigurationOptions of(CommandLine line) {
    return new ConfigurationOptions(
        values(line, "receivers").stream().flatMap(v -> Stream.of(v.split(","))).toList(),
        line.hasOption("config") ? Path.of(line.getOptionValue("config")) : null,
        line.getOptionValue("otlp"),
        line.getOptionValue("protocol"),
        values(line, "set"));
  }

  private static List<String> values(CommandLine line, String option) {
    var values = line.getOptionValues(option);
    return values == null ? List.of() : List.of(values);
  }

  private static final Pattern SAYS_WHERE =
      Pattern.compile("OTEL_EXPORTER_OTLP_(\\w+_)?ENDPOINT|OTEL_(LOGS|TRACES|METRICS)_EXPORTER");

  /// What these options, the file and the environment say together.
  ///
  /// @param receivers what runs
  /// @param exporters where it goes; empty when nobody said
  /// @param file the configuration file, if there is one
  record Resolved(List<ChosenReceiver<?>> receivers, Exporters exporters, Optional<Path> file) {}

  /// @throws InvalidConfigurationException with everything that is wrong; nothing was started
  Resolved resolve(Terminal terminal, ReceiverTypes types) {
    return resolve(terminal, types, selection -> {}, chosen -> {});
  }

  /// The same, and tells the kernel what will run before it goes on to the exporters.
  Resolved resolve(Terminal terminal, ReceiverTypes types, Kernel kernel) {
    return resolve(terminal, types, selection -> {}, kernel::prepare);
  }

  /// The same, for trying out everything there is.
  Resolved resolveForTrying(Terminal terminal, ReceiverTypes types) {
    return resolve(terminal, types, ReceiverSelection::forTrying, chosen -> {});
  }

  private Resolved resolve(
      Terminal terminal,
      ReceiverTypes types,
      Consumer<ReceiverSelection> purpose,
      Consumer<List<ChosenReceiver<?>>> onChosen) {
    var problems = new ArrayList<Problem>();
    var path = path(terminal.environment());
    if (otlp != null && path.isPresent()) {
      var message = "not together with a configuration file, which says itself where to send";
      problems.add(new Problem(Mark.of("--otlp " + otlp), "", message));
    }
    if (protocol != null && otlp == null)
      problems.add(new Problem(Mark.of("--protocol " + protocol), "", "needs --otlp URL as well"));
    var file = path.flatMap(p -> ConfigurationFile.read(p, terminal.environment(), problems));
    var selection = new ReceiverSelection(types, problems);
    purpose.accept(selection);
    if (path.isEmpty()) selection.forLooking();
    file.flatMap(ConfigurationFile::receivers).ifPresent(selection::configured);
    selection.only(Mark.of("--receivers " + String.join(",", receivers)), receivers);
    settings.forEach(selection::set);
    var chosen = selection.choose();
    if (!problems.isEmpty()) throw new InvalidConfigurationException(problems);
    onChosen.accept(chosen);
    return new Resolved(chosen, exporters(terminal, file), path);
  }

  private Optional<Path> path(Map<String, String> environment) {
    if (config != null) return Optional.of(config);
    var named = System.getProperty("otel.config.file", environment.get("OTEL_CONFIG_FILE"));
    return Optional.ofNullable(named).filter(s -> !s.isEmpty()).map(Path::of);
  }

  private Exporters exporters(Terminal terminal, Optional<ConfigurationFile> file) {
    if (file.isPresent()) return FileConfiguration.read(file.get());
    if (otlp != null)
      return EnvironmentConfiguration.read(OtlpEndpoint.parse(otlp, protocol).properties());
    if (saysWhere(terminal.environment())) return EnvironmentConfiguration.read(Map.of());
    var nowhere =
        Map.of(
            "otel.logs.exporter", "none",
            "otel.traces.exporter", "none",
            "otel.metrics.exporter", "none");
    return EnvironmentConfiguration.read(nowhere);
  }

  /// Whether the user set a variable that chooses exporters or endpoints. Without one OpenTelemetry
  /// would send to localhost, which is no good guess for somebody who just looks.
  static boolean saysWhere(Map<String, String> environment) {
    return environment.entrySet().stream()
        .filter(e -> !e.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .anyMatch(SAYS_WHERE.asMatchPredicate());
  }
}
