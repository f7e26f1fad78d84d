package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.semconv.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Each receiver's page tells its options in the words of the code; names and patterns may be set
/// as code.
class PagesTest {

  @Test
  void pagesHaveARowForEachOptionAndNoOther() throws IOException {
    for (ReceiverType<?> type : ServiceLoader.load(ReceiverType.class)) {
      assertThat(onPage(type)).as(type.name()).containsExactlyElementsOf(inCode(type).toList());
    }
  }

  @Test
  void thePageOfRingsideItselfSaysWhatToDoAboutEachLoss() throws Exception {
    var reasons = new ArrayList<String>();
    for (var reason : Values.RecordLossReason.class.getFields())
      reasons.add((String) reason.get(null));

    var section = section(Files.readString(Path.of("docs", "self.md")), "Why records are lost");

    assertThat(reasons)
        .hasSizeGreaterThan(5)
        .allSatisfy(reason -> assertThat(section).contains("\n| `" + reason + "` | "));
  }

  private static Stream<String> inCode(ReceiverType<?> type) {
    return Arrays.stream(type.defaults().getClass().getRecordComponents())
        .map(c -> "`" + snake(c.getName()) + "`: " + c.getAnnotation(Option.class).value());
  }

  private static Stream<String> onPage(ReceiverType<?> type) throws IOException {
    String page = Files.readString(Path.of("docs", type.name() + ".md"));
    return section(page, "Options")
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split(" *\\| *"))
        .map(cells -> cells[1] + ": " + cells[3].replace("`", ""));
  }

  private static String section(String page, String title) {
    return page.split("\n## " + title + "\n")[1].split("\n## ")[0];
  }

  private static String snake(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
