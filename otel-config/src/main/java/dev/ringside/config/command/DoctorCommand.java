package dev.ringside.config.command;

import dev.ringside.config.agent.Kernel;
import dev.ringside.config.doctor.Examination;
import dev.ringside.config.doctor.Report;
import dev.ringside.config.options.ReceiverTypes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `ringside doctor`
@Command(
    name = "doctor",
    header = "Find out what can run here, and why the rest cannot.",
    description = {
      "Loads and attaches each receiver for a moment, and takes it down again. Says by which hook it"
          + " runs, which better ones the kernel refused and why, and what this host, this user and"
          + " the endpoint allow. Nothing is exported.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 all that was asked for can run (without --receivers and without a file: at"
          + " least one receiver) and the endpoint answers; 1 something cannot; 2 bad input."
    })
final class DoctorCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final ReceiverTypes types;
  private final Kernel kernel;

  @Mixin private ConfigurationOptions options = new ConfigurationOptions();

  @Option(names = "--json", description = "Print the findings as JSON.")
  private boolean isJson;

  DoctorCommand(Terminal terminal, ReceiverTypes types, Kernel kernel) {
    this.terminal = terminal;
    this.types = types;
    this.kernel = kernel;
  }

  @Override
  public Integer call() {
    var resolved = options.resolve(terminal, types);
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
