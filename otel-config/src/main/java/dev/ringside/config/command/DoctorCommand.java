package dev.ringside.config.command;

import dev.ringside.config.agent.Kernel;
import dev.ringside.config.doctor.Examination;
import dev.ringside.config.doctor.Report;
import dev.ringside.config.options.ReceiverTypes;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// `ringside doctor`
final class DoctorCommand {
  private final Terminal terminal;
  private final ReceiverTypes types;
  private final Kernel kernel;

  private DoctorCommand(Terminal terminal, ReceiverTypes types, Kernel kernel) {
    this.terminal = terminal;
    this.types = types;
    this.kernel = kernel;
  }

  static Command command(Terminal terminal, ReceiverTypes types, Kernel kernel) {
    var doctor = new DoctorCommand(terminal, types, kernel);
    var json = Option.builder().longOpt("json").desc("Print the findings as JSON.").get();
    return new Command(
        "doctor",
        "Find out what can run here, and why the rest cannot.",
        "Loads and attaches each receiver for a moment, and takes it down again. Says by which hook"
            + " it runs, which better ones the kernel refused and why, and what this host, this user"
            + " and the endpoint allow. Nothing is exported.",
        "",
        ConfigurationOptions.addTo(new Options().addOption(json)),
        """
        Exit codes: 0 all that was asked for can run (without --receivers and without a file: at least
        one receiver) and the endpoint answers; 1 something cannot; 2 bad input.\
        """,
        line -> doctor.examine(ConfigurationOptions.of(line), line.hasOption("json")));
  }

  private int examine(ConfigurationOptions options, boolean isJson) {
    var resolved = options.resolveForTrying(terminal, types);
    if (terminal.errIsTerminal()) terminal.say("ringside: trying out each receiver …");
    var findings =
        Examination.of(
            resolved.receivers(),
            kernel,
            resolved.exporters(),
            exporter -> Destinations.endpoint(exporter).orElse(null));
    var report = new Report(findings, terminal.outStyle());
    terminal.out().print(isJson ? report.json() : report.text());
    terminal.out().flush();
    return findings.isGood() ? Exit.OK : Exit.CANNOT_RUN;
  }
}
