package dev.ringside.config.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void writesMapsListsAndScalars() {
    var values = new ArrayList<Object>(List.of(1, true, "x"));
    values.add(null);

    var json = Json.of(Map.of("values", values));

    assertThat(json)
        .isEqualTo(
            """
            {
              "values": [
                1,
                true,
                "x",
                null
              ]
            }
            """);
  }

  @Test
  void escapesWhatTextMayHold() {
    var json = Json.of("a\"b\\c\n\u001b[0m 世");

    assertThat(json).isEqualTo("\"a\\\"b\\\\c\\u000a\\u001b[0m 世\"\n");
  }

  @Test
  void writesEmptyOnesShort() {
    assertThat(Json.of(Map.of("a", List.of()))).isEqualTo("{\n  \"a\": []\n}\n");
    assertThat(Json.of(Map.of())).isEqualTo("{}\n");
  }
}
