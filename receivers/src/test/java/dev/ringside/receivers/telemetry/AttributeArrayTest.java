package dev.ringside.receivers.telemetry;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static io.opentelemetry.api.common.AttributeKey.valueKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.bpf.Text;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributeArrayTest {
  private static final AttributeKey<String> TEXT = stringKey("text");
  private static final AttributeKey<Long> NUMBER = longKey("number");
  private static final AttributeKey<List<String>> TEXTS = stringArrayKey("texts");

  private static final SharedAttributes SHARED =
      SharedAttributes.builder().setText(TEXT, Text.of("ab")).set(NUMBER, 5L).build();

  private final AttributeArray attributes = new AttributeArray(Integer.MAX_VALUE);

  @Test
  void equalsTheApisOwnAttributes() {
    var expected =
        Attributes.builder()
            .put(TEXT, "a")
            .put(NUMBER, -1)
            .put(TEXTS, List.of("x", "y"))
            .put(booleanKey("flag"), true)
            .put(doubleKey("ratio"), 0.5)
            .build();

    attributes.put(NUMBER, -1);
    attributes.put(TEXT, "a");
    attributes.put(TEXTS, List.of("x", "y"));
    attributes.put(booleanKey("flag"), true);
    attributes.put(doubleKey("ratio"), 0.5);

    assertThat(attributes.toBuilder().build()).isEqualTo(expected);
    assertThat(attributes.equals(expected)).isTrue();
    assertThat(attributes.size()).isEqualTo(5);
  }

  @Test
  void keepsTheLastValueOfAKey() {
    attributes.put(TEXT, "first");
    attributes.put(NUMBER, 1);

    attributes.put(stringKey("text"), "last");
    attributes.put(NUMBER, Long.valueOf(2));

    assertThat(attributes.asMap()).isEqualTo(Map.of(TEXT, "last", NUMBER, 2L));
  }

  @Test
  void leavesOutANullValue() {
    attributes.put(TEXT, null);

    assertThat(attributes.isEmpty()).isTrue();
    assertThat(attributes.get(TEXT)).isNull();
  }

  @Test
  void forgetsEverythingWhenCleared() {
    attributes.put(TEXT, "before");
    attributes.put(NUMBER, 1);

    attributes.clear();
    attributes.put(NUMBER, 2);

    assertThat(attributes.asMap()).isEqualTo(Map.of(NUMBER, 2L));
  }

  @Test
  void boxesANumberOnceForAsLongAsItStays() {
    attributes.put(NUMBER, 1_000_000);
    var first = attributes.get(NUMBER);

    attributes.clear();
    attributes.put(NUMBER, 1_000_000);
    var second = attributes.get(NUMBER);
    attributes.put(NUMBER, 1_000_001);

    assertThat(second).isSameAs(first);
    assertThat(attributes.get(NUMBER)).isEqualTo(1_000_001L);
  }

  @Test
  void growsBeyondItsFirstSize() {
    for (int i = 0; i < 100; i++) attributes.put(longKey("key" + i), i);

    assertThat(attributes.size()).isEqualTo(100);
    assertThat(attributes.get(longKey("key99"))).isEqualTo(99L);
  }

  @Test
  void cutsLongStringsAlsoInLists() {
    var limited = new AttributeArray(3);

    limited.put(TEXT, "abcd");
    limited.put(TEXTS, List.of("ab", "wxyz"));

    assertThat(limited.get(TEXT)).isEqualTo("abc");
    assertThat(limited.get(TEXTS)).containsExactly("ab", "wxy");
  }

  @Test
  void doesNotCutACharacterInHalf() {
    var limited = new AttributeArray(2);

    limited.put(TEXT, "a\uD83D\uDE00");

    assertThat(limited.get(TEXT)).isEqualTo("a");
  }

  @Test
  void givesAnyAttributeAsAValue() {
    attributes.put(NUMBER, 7);

    var value = attributes.get(valueKey("number"));

    assertThat(value).isEqualTo(Value.of(7L));
  }

  @Test
  void holdsSharedAttributesAmongItsOwn() {
    attributes.put(longKey("first"), 1);
    attributes.put(SHARED);
    attributes.put(longKey("last"), 2);

    assertThat(attributes.size()).isEqualTo(4);
    assertThat(attributes.characters()).isEqualTo(2);
    assertThat(attributes.get(TEXT)).isEqualTo("ab");
    assertThat(attributes.get(NUMBER)).isEqualTo(5);
    assertThat(attributes.asMap().keySet())
        .containsExactly(longKey("first"), TEXT, NUMBER, longKey("last"));
  }

  @Test
  void aSharedAttributeThatIsSetAgainIsReplacedForThisEventAlone() {
    attributes.put(longKey("first"), 1);
    attributes.put(SHARED);
    attributes.put(longKey("last"), 2);
    attributes.put(NUMBER, 6);

    assertThat(attributes.asMap())
        .containsExactly(
            Map.entry(longKey("first"), 1L),
            Map.entry(TEXT, "ab"),
            Map.entry(NUMBER, 6L),
            Map.entry(longKey("last"), 2L));
    assertThat(attributes.size()).isEqualTo(4);

    attributes.clear();
    attributes.put(SHARED);
    assertThat(attributes.get(NUMBER)).isEqualTo(5);
  }

  @Test
  void whatWasSetBeforeIsReplacedBySharedAttributes() {
    attributes.put(NUMBER, 1);
    attributes.put(SHARED);
    attributes.put(SHARED);

    assertThat(attributes.asMap()).isEqualTo(Map.of(NUMBER, 5L, TEXT, "ab"));
    assertThat(attributes.size()).isEqualTo(2);
  }

  @Test
  void sharedAttributesTakenApartFindRoom() {
    for (int i = 0; i < 15; i++) attributes.put(longKey("own" + i), i);
    attributes.put(SHARED);
    attributes.put(NUMBER, 6);
    attributes.put(longKey("own14"), 15);

    assertThat(attributes.size()).isEqualTo(17);
    assertThat(attributes.get(NUMBER)).isEqualTo(6);
    assertThat(attributes.get(longKey("own14"))).isEqualTo(15);
  }

  @Test
  void cutsLongStringsOfSharedAttributes() {
    var limited = new AttributeArray(1);

    limited.put(SHARED);

    assertThat(limited.asMap()).isEqualTo(Map.of(TEXT, "a", NUMBER, 5L));
  }
}
