package dev.ringside.config.command;

import static dev.ringside.config.command.ConfigurationOptions.value;

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
import dev.ringside.config.options.Quantities;
import dev.ringside.config.options.ReceiverTypes;
import dev.ringside.config.tree.Printable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/// `ringside run`
final class RunCommand {
  private static final Duration LIVE_EVERY = Duration.ofSeconds(1);

  /// The table of metrics is printed at the end only: between events nobody would find it.
  private static final Duration NEVER = Duration.ofDays(365);

  private final Terminal terminal;
  private final ReceiverTypes types;
  private final Kernel kernel;
  private final CountDownLatch ended = new CountDownLatch(1);

  private final ConfigurationOptions options;
  private final boolean console;
  private final String user;
  private final Path buffer;

  /// Null for as long as nobody ends it.
  private final Duration duration;

  private RunCommand(Terminal terminal, ReceiverTypes types, Kernel kernel, CommandLine line)
      throws ParseException {
    this.terminal = terminal;
    this.types = types;
    this.kernel = kernel;
    options = ConfigurationOptions.of(line);
    console = line.hasOption("console");
    user = line.getOptionValue("user");
    buffer = line.hasOption("buffer") ? Path.of(line.getOptionValue("buffer")) : null;
    duration = duration(line.getOptionValue("duration"));
  }

  static Command command(Terminal terminal, ReceiverTypes types, Kernel kernel) {
    return new Command(
        "run",
        "Watch this machine's kernel and report what happens.",
        "Without options, everything that the kernel allows is printed here, one line per event."
            + " With --otlp, a configuration file, or the OTEL_* variables it goes to an"
            + " OpenTelemetry Collector or any other OTLP endpoint instead.\n\n"
            + "Data goes to stdout, everything else to stderr. Ctrl-C drains, flushes, and leaves"
            + " nothing behind in the kernel; a second Ctrl-C ends at once.",
        "",
        ConfigurationOptions.addTo(options()),
        """
        Examples:
          ringside run
          ringside run --receivers process_exec --duration 30s
          ringside run --otlp http://localhost:4318
          ringside run --set file_open.failed_only=true

        Exit codes: 0 ok; 1 a receiver named in --receivers or in the file cannot run here, or none can;
        2 bad input or configuration, nothing was started.\
        """,
        line -> new RunCommand(terminal, types, kernel, line).call());
  }

  private static Options options() {
    return new Options()
        .addOption(
            value("duration", "TIME")
                .desc("End by itself after this time, for example 30s or 5m.")
                .get())
        .addOption(
            Option.builder()
                .longOpt("console")
                .desc(
                    "Print events here as well. Default: only when there is nowhere else to send"
                        + " them.")
                .get())
        .addOption(
            value("user", "NAME")
                .desc(
                    "Become this user, who needs no rights, once the receivers are attached; NAME"
                        + " or UID:GID. root stays root. Default: ringside if there is such a user,"
                        + " else nobody.")
                .get())
        .addOption(
            value("buffer", "DIRECTORY")
                .desc(
                    "Keep records here, up to 1GiB, while the OTLP server does not answer. Wins"
                        + " over the file.")
                .get());
  }

  /// Needs its unit: 30 could be anything.
  private static Duration duration(String text) throws ParseException {
    if (text == null) return null;
    return Quantities.duration(text)
        .filter(d -> d.isPositive() && !text.matches("\\d+"))
        .orElseThrow(() ->
            new ParseException(
                "--duration \""
                    + text
                    + "\" is not allowed; allowed: a time such as 500ms, 30s or 5m"));
  }

  private int call() {
    var privilege = LeastPrivilege.as(user);
    var resolved = options.resolve(terminal, types, kernel);
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
      var writesTo = exporters.buffer().map(Buffer::directory).stream().toList();
      return run(agent, () -> privilege.keep(agent, kernel, writesTo, this::say), isConsole);
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

  private int run(Agent agent, Runnable giveUpRights, boolean isConsole) {
    var progress = new Progress(terminal);
    boolean anyMissing;
    try (agent) {
      progress.started(agent.accounts());
      anyMissing = agent.accounts().stream().anyMatch(a -> a.isNamed() && !a.isRunning());
      if (!agent.isRunning()) {
        say("no receiver can run here");
        return Exit.CANNOT_RUN;
      }
      giveUpRights.run();
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
