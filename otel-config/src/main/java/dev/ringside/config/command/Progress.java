package dev.ringside.config.command;

import dev.ringside.config.agent.ReceiverAccount;
import dev.ringside.config.console.Columns;
import dev.ringside.config.console.Style;
import dev.ringside.config.tree.Printable;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What `run` says about its receivers, on stderr.
final class Progress {
  private final Terminal terminal;
  private final Style style;

  Progress(Terminal terminal) {
    this.terminal = terminal;
    this.style = terminal.errStyle();
  }

  void started(List<ReceiverAccount> receivers) {
    for (var receiver : receivers) {
      if (receiver.isRunning()) {
        var how = receiver.plan().map(Plans::held).orElse("");
        say(
            style.green("runs")
                + "         "
                + style.bold(receiver.name())
                + (how.isEmpty() ? "" : ": " + how));
      } else {
        say(style.red("cannot run") + "   " + style.bold(receiver.name()));
        if (receiver.plan().isEmpty() || receiver.plan().get().steps().isEmpty())
          say("               " + Printable.of(receiver.failure()));
      }
      receiver
          .plan()
          .map(Plans::missing)
          .orElse(List.of())
          .forEach(line -> say("               " + line));
    }
    if (receivers.stream().anyMatch(r -> !r.isRunning())) say("`ringside doctor` says more.");
  }

  /// One line that is written over by the next one.
  void live(List<ReceiverAccount> receivers) {
    var line =
        receivers.stream()
            .filter(ReceiverAccount::isRunning)
            .map(r -> r.name() + " " + r.exported() + (r.lost() == 0 ? "" : ", lost " + r.lost()))
            .collect(Collectors.joining("   "));
    synchronized (terminal.err()) {
      terminal.err().print("\r\u001b[K" + style.dim(line));
      terminal.err().flush();
    }
  }

  void clearLive() {
    synchronized (terminal.err()) {
      terminal.err().print("\r\u001b[K");
      terminal.err().flush();
    }
  }

  /// The account: what each receiver produced, and where it went.
  void ended(List<ReceiverAccount> receivers) {
    var table = new Columns().row("receiver", "produced", "exported", "lost");
    for (var receiver : receivers) {
      if (!receiver.isRunning()) continue;
      table.row(
          receiver.name(),
          String.valueOf(receiver.produced()),
          String.valueOf(receiver.exported()),
          lost(receiver));
    }
    terminal.say("\n" + table.toString().stripTrailing());
    for (var receiver : receivers) {
      if (receiver.leftOut() > 0)
        terminal.say(
            "%s: the kernel left out %d runs of its programs, each of which may have been a record"
                .formatted(receiver.name(), receiver.leftOut()));
    }
  }

  private String lost(ReceiverAccount receiver) {
    if (receiver.lostByReason().isEmpty()) return "0";
    var reasons =
        receiver.lostByReason().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    return style.red(receiver.lost() + " (" + reasons + ")");
  }

  private void say(String line) {
    terminal.say("ringside: " + line);
  }
}
