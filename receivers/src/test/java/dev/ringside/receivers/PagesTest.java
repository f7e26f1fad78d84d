package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static Stream<String> inCode(ReceiverType<?> type) {
    return Arrays.stream(type.defaults().getClass().getRecordComponents())
        .map(c -> "`" + snake(c.getName()) + "`: " + c.getAnnotation(Option.class).value());
  }

  private static Stream<String> onPage(ReceiverType<?> type) throws IOException {
    String page = Files.readString(Path.of("docs", type.name() + ".md"));
    String section = page.split("\n## Options\n")[1].split("\n## ")[0];
    return section
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split(" *\\| *"))
        .map(cells -> cells[1] + ": " + cells[3].replace("`", ""));
  }

  private static String snake(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
