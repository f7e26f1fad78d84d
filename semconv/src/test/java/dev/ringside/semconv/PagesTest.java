package dev.ringside.semconv;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The tables in each receiver's page say what the registry says, row by row.
class PagesTest {
  private static final Path PAGES = Path.of("../receivers/docs");
  private static final String BEGIN = "<!-- registry: begin -->";
  private static final String END = "<!-- registry: end -->";

  private static final Map<String, String> TYPES =
      Keys.ALL.stream().collect(Collectors.toMap(AttributeKey::getKey, Types::of));

  private final Model model = Model.read();

  @Test
  void everyReceiverHasAPageWithItsSignals() throws IOException {
    for (var receiver : receivers().entrySet()) {
      var expected = receiver.getValue().stream().map(PagesTest::row).toList();
      var actual = section(receiver.getKey()).tables().get("");
      assertThat(actual).as(receiver.getKey()).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void everySignalHasATableOfItsAttributes() throws IOException {
    for (var receiver : receivers().entrySet()) {
      var tables = section(receiver.getKey()).tables();
      for (var signal : receiver.getValue()) {
        assertRows(signal.name(), signal.attributes(), tables);
      }
    }
  }

  @Test
  void theResourcesHaveTablesOfTheirAttributes() throws IOException {
    var tables = section("self").tables();
    model.resources().forEach((id, uses) -> assertRows(id, uses, tables));
  }

  @Test
  void everySignalIsExplained() throws IOException {
    for (var signal : model.signals()) {
      String brief = signal.upstream() ? signal.text("note") : signal.text("brief");
      assertThat(section(signal.receiver()).text()).contains(brief.strip().replaceAll("\\s+", " "));
    }
  }

  private Map<String, List<Model.Signal>> receivers() {
    return model.signals().stream()
        .collect(groupingBy(Model.Signal::receiver, TreeMap::new, Collectors.toList()));
  }

  private void assertRows(
      String heading, Map<String, Model.Use> uses, Map<String, List<List<String>>> tables) {
    var expected = new ArrayList<List<String>>();
    uses.forEach((key, use) -> expected.add(row(key, use)));
    var actual = tables.get(heading).stream().map(row -> row.subList(0, 3)).toList();
    assertThat(actual).as(heading).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static List<String> row(Model.Signal signal) {
    String kind =
        switch (signal.kind()) {
          case METRIC -> metric(signal.name());
          case EVENT -> severity((Integer) signal.ringside().get("severity"));
          case SPAN ->
              Spans.ALL.stream()
                  .filter(s -> s.type().equals(signal.name()))
                  .map(SpanType::kind)
                  .findFirst()
                  .orElseThrow();
        };
    String signalKind = signal.kind().name().toLowerCase(Locale.ROOT);
    return List.of(signalKind, "`" + signal.name() + "`", kind, signal.optIn() ? "off" : "on");
  }

  private static String metric(String name) {
    return Metrics.ALL.stream()
        .filter(m -> m.name().equals(name))
        .map(m -> m.instrument() + ", `" + m.unit() + "`")
        .findFirst()
        .orElseThrow();
  }

  private static String severity(int number) {
    return Map.of(5, "DEBUG", 9, "INFO", 13, "WARN", 17, "ERROR").get(number) + " (" + number + ")";
  }

  private List<String> row(String key, Model.Use use) {
    var own = model.attributes().get(key);
    boolean standsForMany = own != null && own.isTemplate();
    String type =
        own == null || own.members().isEmpty()
            ? standsForMany ? "any" : TYPES.get(key)
            : own.members().values().stream()
                .map(v -> "`" + v + "`")
                .collect(Collectors.joining(", "));
    String level =
        use.level() == Level.CONDITIONALLY_REQUIRED
            ? "conditionally required: " + use.condition()
            : use.level().name().toLowerCase(Locale.ROOT);
    return List.of("`" + key + (standsForMany ? ".<path>" : "") + "`", type, level);
  }

  private static Section section(String receiver) throws IOException {
    String page = Files.readString(PAGES.resolve(receiver + ".md"));
    return new Section(page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END)));
  }

  /// What stands between the markers of a page.
  private record Section(String text) {

    /// The rows of each table by the heading above it, without the two head rows.
    Map<String, List<List<String>>> tables() {
      var tables = new LinkedHashMap<String, List<List<String>>>();
      String heading = "";
      for (String line : text.lines().toList()) {
        if (line.startsWith("### ")) {
          heading = line.substring(4).replace("`", "");
        }
        var rows = tables.computeIfAbsent(heading, h -> new ArrayList<>());
        if (line.startsWith("|")) {
          rows.add(List.of(line.substring(2, line.length() - 2).split(" \\| ")));
        }
      }
      tables.replaceAll((h, rows) -> rows.isEmpty() ? rows : rows.subList(2, rows.size()));
      return tables;
    }
  }
}
