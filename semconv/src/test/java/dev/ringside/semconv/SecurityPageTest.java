package dev.ringside.semconv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// SECURITY.md lists all that leaves the machine: every signal, and every attribute it may carry.
/// What is emitted is held against the same registry by other tests.
class SecurityPageTest {
  private static final Path PAGE = Path.of("../SECURITY.md");
  private static final String BEGIN = "<!-- leaves: begin -->";
  private static final String END = "<!-- leaves: end -->";

  private final Model model = Model.read();

  @Test
  void listsEverySignalAndEveryAttribute() throws IOException {
    var rows = new ArrayList<String>();
    model.resources().forEach((id, uses) -> rows.add(row("resource", id, false, uses)));
    for (var signal : model.signals()) {
      var kind = signal.kind().name().toLowerCase(Locale.ROOT);
      rows.add(row(kind, signal.name(), signal.optIn(), signal.attributes()));
    }
    var page = Files.readString(PAGE);

    var listed =
        page.substring(page.indexOf(BEGIN), page.indexOf(END))
            .lines()
            .filter(l -> l.startsWith("| ") && l.contains("`"))
            .toList();

    assertThat(listed).containsExactlyInAnyOrderElementsOf(rows);
  }

  private static String row(
      String kind, String name, boolean optIn, Map<String, Model.Use> attributes) {
    var keys =
        attributes.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(a -> marked(a.getKey(), a.getValue().level() == Level.OPT_IN))
            .collect(Collectors.joining(", "));
    return "| %s %s | %s |".formatted(kind, marked(name, optIn), keys.isEmpty() ? "–" : keys);
  }

  private static String marked(String name, boolean optIn) {
    return "`" + name + "`" + (optIn ? " (opt-in)" : "");
  }
}
