package dev.ringside.config.command;

import dev.ringside.bpf.BpfException;
import dev.ringside.config.agent.Agent;
import dev.ringside.config.agent.DirectReporting;
import dev.ringside.config.agent.Kernel;
import dev.ringside.config.console.ConsoleLogExporter;
import dev.ringside.config.console.ConsoleMetricExporter;
import dev.ringside.config.export.Batching;
import dev.ringside.config.export.Exporters;
import dev.ringside.config.export.HostResource;
import dev.ringside.config.export.MetricOutlet;
import dev.ringside.config.file.Buffer;
import dev.ringside.config.options.ReceiverTypes;
import dev.ringside.config.tree.Printable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `ringside run`
@Command(
    name = "run",
    header = "Watch this machine's kernel and report what happens.",
    description = {
      "Without options, everything that the kernel allows is printed here, one line per event. With"
          + " --otlp, a configuration file, or the OTEL_* variables it goes to an OpenTelemetry"
          + " Collector or any other OTLP endpoint instead.",
      "",
      "Data goes to stdout, everything else to stderr. Ctrl-C drains, flushes, and leaves nothing"
          + " behind in the kernel; a second Ctrl-C ends at once.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ringside run",
      "  ringside run --receivers process_exec --duration 30s",
      "  ringside run --otlp http://localhost:4318",
      "  ringside run --set file_open.failed_only=true",
      "",
      "Exit codes: 0 ok; 1 a receiver named in --receivers or in the file cannot run here, or none"
          + " can; 2 bad input or configuration, nothing was started."
    })
final class RunCommand implements Callable<Integer> {
  private static final Duration LIVE_EVERY = Duration.ofSeconds(1);

  /// The table of metrics is printed at the end only: between events nobody would find it.
  private static final Duration NEVER = Duration.ofDays(365);

  private final Terminal terminal;
  private final ReceiverTypes types;
  private final Kernel kernel;
  private final CountDownLatch ended = new CountDownLatch(1);

  @Mixin private ConfigurationOptions options = new ConfigurationOptions();

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "End by itself after this time, for example 30s or 5m.")
  private Duration duration;

  @Option(
      names = "--console",
      description =
          "Print events here as well. Default: only when there is nowhere else to send them.")
  private boolean console;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description =
          "Become this user, who needs no rights, once the receivers are attached; NAME or UID:GID."
              + " root stays root. Default: ringside if there is such a user, else nobody.")
  private String user;

  @Option(
      names = "--buffer",
      paramLabel = "DIRECTORY",
      description =
          "Keep records here, up to 1GiB, while the OTLP server does not answer. Wins over the"
              + " file.")
  private Path buffer;

  RunCommand(Terminal terminal, ReceiverTypes types, Kernel kernel) {
    this.terminal = terminal;
    this.types = types;
    this.kernel = kernel;
  }

  @Override
  public Integer call() {
    var privilege = LeastPrivilege.as(user);
    var resolved = options.resolve(terminal, types);
    var exporters = resolved.exporters();
    boolean isConsole = console || exporters.isEmpty() && resolved.file().isEmpty();
    terminal.say(
        "ringside " + Version.ofThisBuild() + ": " + Printable.of(where(exporters, isConsole)));
    if (isConsole) exporters = withConsole(exporters);
    if (buffer != null)
      exporters = exporters.with(new Buffer(buffer.toAbsolutePath(), Buffer.DEFAULT_SIZE));
    var resources = HostResource.ofThisHost(Version.ofThisBuild());
    try {
      var reporting =
          new DirectReporting(
              exporters,
              resources.host(exporters.configured()),
              resources.agent(exporters.configured()),
              Version.ofThisBuild(),
              this::say);
      Interrupts.handle(ended);
      var agent = Agent.start(resolved.receivers(), reporting, kernel, this::say);
      var written = exporters.buffer().map(Buffer::directory);
      return run(agent, written, privilege, isConsole);
    } catch (BpfException | LinkageError e) {
      exporters.close();
      say(String.valueOf(e.getMessage()));
      return Exit.CANNOT_RUN;
    }
  }

  private static String where(Exporters exporters, boolean isConsole) {
    if (exporters.isEmpty())
      return isConsole
          ? "prints events here"
          : "the configuration has no exporters, so it sends nothing";
    return "sends " + Destinations.of(exporters) + (isConsole ? ", and prints events here" : "");
  }

  private Exporters withConsole(Exporters exporters) {
    var style = terminal.outStyle();
    var out = terminal.out();
    return exporters
        .and(
            new ConsoleLogExporter(out, ZoneId.systemDefault(), style, ended::countDown),
            new MetricOutlet(new ConsoleMetricExporter(out, style), NEVER))
        .with(exporters.isEmpty() ? Batching.FOR_LOOKING : exporters.batching());
  }

  private int run(
      Agent agent, Optional<Path> written, LeastPrivilege privilege, boolean isConsole) {
    var progress = new Progress(terminal);
    boolean anyMissing;
    try (agent) {
      progress.started(agent.accounts());
      anyMissing = agent.accounts().stream().anyMatch(a -> a.isNamed() && !a.isRunning());
      if (!agent.isRunning()) {
        say("no receiver can run here");
        return Exit.CANNOT_RUN;
      }
      privilege.keep(agent, written, kernel, this::say);
      if (terminal.errIsTerminal())
        say(duration == null ? "Ctrl-C ends it" : "ends by itself; Ctrl-C ends it before");
      // Two programs on one line: events on the same terminal would be written over.
      boolean isLive = terminal.errIsTerminal() && !(isConsole && terminal.outIsTerminal());
      await(agent, progress, isLive);
    }
    progress.ended(agent.accounts());
    return anyMissing ? Exit.CANNOT_RUN : Exit.OK;
  }

  private void await(Agent agent, Progress progress, boolean isLive) {
    long start = System.nanoTime();
    long end = duration == null ? Long.MAX_VALUE : duration.toNanos();
    long most = isLive ? LIVE_EVERY.toNanos() : Long.MAX_VALUE; // who shows nothing need not wake
    try {
      while (true) {
        long left = end - (System.nanoTime() - start);
        if (left <= 0) break;
        if (ended.await(Math.min(left, most), TimeUnit.NANOSECONDS)) break;
        if (isLive) progress.live(agent.accounts());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever interrupts wants it to end
    }
    if (isLive) progress.clearLive();
  }

  /// Says what may quote a server's answer or an endpoint's address.
  private void say(String line) {
    terminal.say("ringside: " + Printable.of(Destinations.withoutCredentials(line)));
  }
}
