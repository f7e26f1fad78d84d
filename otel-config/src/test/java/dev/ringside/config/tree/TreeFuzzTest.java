package dev.ringside.config.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;

/// Any bytes as a configuration, and as text that is printed.
class TreeFuzzTest {
  @FuzzTest
  void readsYaml(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.UTF_8);
    var problems = new ArrayList<Problem>();

    Yaml.read("fuzzed", text, Map.of("A", "${A}", "B", "\u001b[2J"), problems);

    for (var problem : problems) assertHarmless(problem.toString());
  }

  @FuzzTest
  void printsNothingThatATerminalObeys(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.UTF_16LE);

    var safe = Printable.of(text);

    assertHarmless(safe);
    assertThat(Printable.of(safe)).isEqualTo(safe);
  }

  private static void assertHarmless(String text) {
    assertThat(text.codePoints())
        .allMatch(c ->
            !Character.isISOControl(c)
                && Character.getType(c) != Character.FORMAT
                && Character.getType(c) != Character.SURROGATE
                && Character.getType(c) != Character.LINE_SEPARATOR
                && Character.getType(c) != Character.PARAGRAPH_SEPARATOR);
  }
}
