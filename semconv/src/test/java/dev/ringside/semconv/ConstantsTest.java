package dev.ringside.semconv;

import static dev.ringside.semconv.Model.Kind.EVENT;
import static dev.ringside.semconv.Model.Kind.METRIC;
import static dev.ringside.semconv.Model.Kind.SPAN;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.opentelemetry.api.common.AttributeKey;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// The constants say what the registry says, and nothing else.
class ConstantsTest {
  private final Model model = Model.read();

  @Test
  void metricsAreThoseOfTheRegistry() {
    var expected = names(METRIC);
    var actual = Metrics.ALL.stream().map(m -> m.receiver() + " " + m.name()).toList();
    assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void metricsHaveTheRegistrysInstrumentUnitAndBrief() {
    for (var metric : Metrics.ALL) {
      var signal = model.signal(METRIC, metric.name());
      if (signal.upstream()) continue; // UpstreamTest compares these with OpenTelemetry's own

      assertThat(metric)
          .isEqualTo(
              new MetricType(
                  signal.receiver(),
                  signal.name(),
                  signal.text("instrument"),
                  signal.text("unit"),
                  signal.text("brief").strip()));
    }
  }

  @Test
  void eventsAreThoseOfTheRegistry() {
    var expected =
        model.signals(EVENT).stream()
            .map(s ->
                new EventType(
                    s.receiver(),
                    s.name(),
                    (Integer) s.ringside().get("severity"),
                    s.text("brief").strip()))
            .toList();
    assertThat(Events.ALL).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void spansAreThoseOfTheRegistry() {
    var expected = names(SPAN);
    var actual = Spans.ALL.stream().map(s -> s.receiver() + " " + s.type()).toList();
    assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void keysAreTheAttributesThatSignalsAndResourcesUse() {
    var used = new TreeSet<String>();
    model.signals().forEach(s -> used.addAll(s.attributes().keySet()));
    model.resources().values().forEach(r -> used.addAll(r.keySet()));
    used.removeAll(model.templates());

    var actual = Keys.ALL.stream().map(AttributeKey::getKey).toList();

    assertThat(actual).containsExactlyElementsOf(used);
  }

  @Test
  void everyAttributeThatIsDefinedIsUsed() {
    var keys = Keys.ALL.stream().map(AttributeKey::getKey).toList();
    var defined = new TreeSet<>(model.attributes().keySet());
    defined.removeAll(model.templates());
    assertThat(keys).containsAll(defined);
  }

  @Test
  void keysHaveTheRegistrysTypes() {
    var types = Keys.ALL.stream().collect(toMap(AttributeKey::getKey, Types::of));
    for (var attribute : model.attributes().values()) {
      if (!attribute.isTemplate())
        assertThat(types).containsEntry(attribute.key(), attribute.type());
    }
  }

  @Test
  void prefixesAreWhatStandsForMany() throws IllegalAccessException {
    var prefixes = new TreeSet<String>();
    for (Field field : Keys.class.getFields()) {
      if (field.getName().endsWith("_PREFIX")) prefixes.add((String) field.get(null));
    }
    assertThat(prefixes)
        .containsExactlyElementsOf(model.templates().stream().map(t -> t + ".").toList());
  }

  @Test
  void constantsAreNamedAfterWhatTheyHold() throws IllegalAccessException {
    for (Field field : Keys.class.getFields()) {
      if (field.get(null) instanceof AttributeKey<?> key) {
        assertThat(field.getName()).isEqualTo(upper(key.getKey()));
      }
    }
    assertNames(Metrics.class, MetricType.class, m -> upper(withoutRoot(m.name())));
    assertNames(Events.class, EventType.class, e -> upper(withoutRoot(e.name())));
    assertNames(Spans.class, SpanType.class, s -> upper(withoutRoot(s.type())));
  }

  @Test
  void valuesAreTheMembersOfTheRegistry() throws IllegalAccessException {
    for (var attribute : model.attributes().values()) {
      if (attribute.members().isEmpty()) continue;
      var expected = new TreeMap<String, String>();
      attribute.members().forEach((id, value) -> expected.put(upper(id), value));

      assertThat(values(attribute.key())).as(attribute.key()).isEqualTo(expected);
    }
  }

  @Test
  void signalsHaveTheRegistrysAttributesAndLevels() {
    Metrics.ALL.forEach(m -> assertLevels(METRIC, m.name(), Registry.attributes(m)));
    Events.ALL.forEach(e -> assertLevels(EVENT, e.name(), Registry.attributes(e)));
    Spans.ALL.forEach(s -> assertLevels(SPAN, s.type(), Registry.attributes(s)));
  }

  @Test
  void resourcesHaveTheRegistrysAttributesAndLevels() {
    assertLevels(model.resources().get("ringside.resource.host"), Registry.HOST_RESOURCE);
    assertLevels(model.resources().get("ringside.resource.self"), Registry.SELF_RESOURCE);
    assertThat(model.resources()).hasSize(2);
  }

  @Test
  void aSignalThatIsNotInTheRegistryIsRefusedByName() {
    var unknown = new EventType("file_open", "ringside.file.close", 5, "");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Registry.attributes(unknown))
        .withMessage("look up attributes of ringside.file.close: not in the registry");
  }

  private List<String> names(Model.Kind kind) {
    return model.signals(kind).stream().map(s -> s.receiver() + " " + s.name()).toList();
  }

  private void assertLevels(Model.Kind kind, String name, Map<AttributeKey<?>, Level> actual) {
    var expected = new TreeMap<>(model.signal(kind, name).attributes());
    expected.keySet().removeAll(model.templates());
    assertLevels(expected, actual);
  }

  private static void assertLevels(
      Map<String, Model.Use> expected, Map<AttributeKey<?>, Level> actual) {
    var levels = new TreeMap<String, Level>();
    expected.forEach((key, use) -> levels.put(key, use.level()));
    var byKey = new TreeMap<String, Level>();
    actual.forEach((key, level) -> byKey.put(key.getKey(), level));
    assertThat(byKey).isEqualTo(levels);
  }

  private static <T> void assertNames(Class<?> holder, Class<T> type, Function<T, String> constant)
      throws IllegalAccessException {
    for (Field field : holder.getFields()) {
      if (field.getType() != type) continue;
      assertThat(field.getName()).isEqualTo(constant.apply(type.cast(field.get(null))));
    }
  }

  private static Map<String, String> values(String key) throws IllegalAccessException {
    String name = withoutRoot(key).replaceAll("[._]", "");
    var holder =
        Arrays.stream(Values.class.getClasses())
            .filter(c -> c.getSimpleName().equalsIgnoreCase(name))
            .findFirst()
            .orElseThrow();
    var values = new TreeMap<String, String>();
    for (Field field : holder.getFields()) values.put(field.getName(), (String) field.get(null));
    return values;
  }

  private static String withoutRoot(String name) {
    return name.replaceFirst("^ringside\\.", "");
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT).replace('.', '_');
  }
}
