package dev.ringside.config.command;

import dev.ringside.config.tree.Printable;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What libraries log, as one line on stderr, without their stack traces.
final class OneLineLog extends Handler {
  // We say ourselves, once each, when an exporter gets into trouble and out of it.
  private static final Logger EXPORTERS = Logger.getLogger("io.opentelemetry.exporter");
  private static final Logger READERS =
      Logger.getLogger("io.opentelemetry.sdk.metrics.export.PeriodicMetricReader");
  private static final Logger SDK = Logger.getLogger("io.opentelemetry.sdk");

  private final Terminal terminal;

  private OneLineLog(Terminal terminal) {
    this.terminal = terminal;
    setLevel(Level.WARNING);
  }

  static void install(Terminal terminal) {
    LogManager.getLogManager().reset();
    Logger.getLogger("").addHandler(new OneLineLog(terminal));
    EXPORTERS.setLevel(Level.OFF);
    READERS.setLevel(Level.OFF);
    SDK.setLevel(Level.WARNING);
  }

  @Override
  public void publish(LogRecord entry) {
    if (!isLoggable(entry)) return;
    var message = String.valueOf(entry.getMessage());
    var parameters = entry.getParameters();
    if (parameters != null)
      for (int i = 0; i < parameters.length; i++)
        message = message.replace("{" + i + "}", String.valueOf(parameters[i]));
    var thrown = entry.getThrown() == null ? "" : ": " + entry.getThrown();
    terminal.say("ringside: " + Printable.of(message + thrown));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
