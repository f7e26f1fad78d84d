package dev.ringside.config.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class YamlTest {
  private final List<Problem> problems = new ArrayList<>();

  private Node read(String text) {
    return Yaml.read("f.yaml", text, Map.of("LEVEL", "7", "EMPTY", ""), problems).orElse(null);
  }

  private Object value(String text) {
    return ((Node.Scalar) ((Node.Mapping) read("key: " + text)).get("key")).value();
  }

  @Test
  void knowsWhereEachPieceWasWritten() {
    var root = (Node.Mapping) read("a: 1\nb:\n  c: x\n");

    var c = ((Node.Mapping) root.get("b")).entries().getFirst();

    assertThat(c.mark()).hasToString("f.yaml:3:3");
    assertThat(c.value().mark()).hasToString("f.yaml:3:6");
  }

  @Test
  void readsScalarsByTheCoreSchema() {
    assertThat(value("true")).isEqualTo(true);
    assertThat(value("yes")).isEqualTo("yes");
    assertThat(value("010")).isEqualTo(10L);
    assertThat(value("0x10")).isEqualTo(16L);
    assertThat(value("1.5")).isEqualTo(1.5);
    assertThat(value("'1'")).isEqualTo("1");
    assertThat(value("~")).isNull();
    assertThat(value("99999999999999999999")).isEqualTo("99999999999999999999");
  }

  @Test
  void replacesVariablesAsOpenTelemetryDoes() {
    assertThat(value("${LEVEL}")).isEqualTo(7L);
    assertThat(value("${env:LEVEL}x")).isEqualTo("7x");
    assertThat(value("\"${LEVEL}\"")).isEqualTo("7");
    assertThat(value("${NOT_SET:-30s}")).isEqualTo("30s");
    assertThat(value("${EMPTY:-true}")).isEqualTo(true);
    assertThat(value("${NOT_SET}")).isNull();
    assertThat(value("a$$b$${LEVEL}")).isEqualTo("a$b${LEVEL}");
  }

  @Test
  void saysWhereYamlEnds() {
    read("a: 1\nb: [1, 2\nc: 3\n");

    assertThat(problems).singleElement().asString().startsWith("f.yaml:3:").contains("not YAML");
  }

  @Test
  void complainsAboutAKeyThatIsGivenTwice() {
    read("a: 1\na: 2\n");

    assertThat(problems).singleElement().hasToString("f.yaml:2:1: a: given twice");
  }

  @Test
  void survivesAnAliasThatContainsItself() {
    read("a: &x\n  b: *x\n");

    assertThat(problems).isNotEmpty();
  }
}
