package dev.ringside.config.command;

import dev.ringside.config.console.Columns;
import dev.ringside.config.options.OptionKey;
import dev.ringside.config.options.ReceiverTypes;
import dev.ringside.config.tree.Printable;
import dev.ringside.receivers.Nearest;
import dev.ringside.receivers.ReceiverType;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Metrics;
import dev.ringside.semconv.Spans;
import org.apache.commons.cli.Options;

/// `ringside receivers [NAME]`
final class ReceiversCommand {
  private static final int WIDEST = 40;

  private final Terminal terminal;
  private final ReceiverTypes types;

  private ReceiversCommand(Terminal terminal, ReceiverTypes types) {
    this.terminal = terminal;
    this.types = types;
  }

  static Command command(Terminal terminal, ReceiverTypes types) {
    var receivers = new ReceiversCommand(terminal, types);
    return new Command(
        "receivers",
        "List the receivers, or show one: what it reports, and its options.",
        "A receiver watches one kind of kernel activity. Without NAME, all are listed; with one, its"
            + " signals and options are shown as they are written in a configuration file.",
        "[NAME]",
        new Options(),
        "Exit codes: 0 ok, 2 no such receiver.",
        line -> receivers.say(line.getArgs().length == 0 ? null : line.getArgs()[0]));
  }

  private int say(String name) {
    if (name == null) {
      list();
    } else {
      var type = types.find(name);
      if (type.isEmpty()) {
        terminal.say(
            "ringside: "
                + Printable.of(name)
                + ": no such receiver"
                + Nearest.among(name, types.names()));
        return Exit.BAD_INPUT;
      }
      show(type.get());
    }
    terminal.out().flush();
    return Exit.OK;
  }

  private void list() {
    var table = new Columns();
    for (var type : types.all()) table.row(bold(type.name()), type.summary());
    terminal.out().print(table);
    if (terminal.errIsTerminal()) terminal.say("\n`ringside receivers NAME` shows one of them.");
  }

  private void show(ReceiverType<?> type) {
    var out = terminal.out();
    out.println(bold(type.name()) + "  " + type.summary());
    out.println();
    out.println("Needs: " + String.join(", ", type.capabilities()));
    out.println();
    out.println(bold("Signals"));
    out.print(signals(type.name()));
    out.println();
    out.println(bold("Options"));
    out.print(options(type));
  }

  private Columns signals(String receiver) {
    var table = new Columns();
    for (var event : Events.ALL)
      if (event.receiver().equals(receiver))
        table.row("  event", event.name(), "", event.description());
    for (var metric : Metrics.ALL)
      if (metric.receiver().equals(receiver))
        table.row(
            "  metric",
            metric.name(),
            metric.instrument() + ", " + metric.unit(),
            metric.description());
    for (var span : Spans.ALL)
      if (span.receiver().equals(receiver))
        table.row("  span", span.type(), span.kind(), span.description());
    if (table.isEmpty()) table.row("  none in the registry");
    return table;
  }

  private Columns options(ReceiverType<?> type) {
    var table = new Columns();
    for (var key : OptionKey.of(type)) {
      var otherwise = "default " + key.show(type.defaults());
      // A long list would make its column as wide for all.
      boolean isLong = otherwise.length() > WIDEST;
      var meaning = key.meaning() + (isLong ? "; " + otherwise : "");
      table.row("  " + key.key(), key.typeName(), isLong ? "" : otherwise, meaning);
    }
    if (table.isEmpty()) table.row("  none");
    return table;
  }

  private String bold(String text) {
    return terminal.outStyle().bold(text);
  }
}
