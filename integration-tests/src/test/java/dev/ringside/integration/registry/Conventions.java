package dev.ringside.integration.registry;

import dev.ringside.integration.otlp.LogEvent;
import dev.ringside.integration.otlp.MetricPoint;
import dev.ringside.integration.otlp.SpanRecord;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import dev.ringside.semconv.Spans;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Says what about arrived telemetry is not as the registry has it: names, types, units,
/// instruments, required attributes, attributes that nobody has heard of.
public final class Conventions {
  private final Registry registry;
  private final Map<String, AttributeType> types;
  private final Set<String> complaints = new LinkedHashSet<>();

  private Conventions(Registry registry, Map<String, AttributeType> types) {
    this.registry = registry;
    this.types = types;
  }

  public static Conventions read() throws IOException {
    var types = new HashMap<String, AttributeType>();
    for (var field : Keys.class.getFields()) {
      try {
        if (field.get(null) instanceof AttributeKey<?> key) types.put(key.getKey(), key.getType());
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
    return new Conventions(Registry.read(), Map.copyOf(types));
  }

  /// @return one line for each kind of deviation; empty when all is well
  public Collection<String> complaintsAbout(
      List<LogEvent> logs, List<MetricPoint> points, List<SpanRecord> spans) {
    complaints.clear();
    logs.forEach(this::check);
    points.forEach(this::check);
    spans.forEach(this::check);
    return List.copyOf(complaints);
  }

  /// The attributes the registry has for a signal.
  public Set<String> attributesOf(String signal) {
    return registry.get(signal).attributes();
  }

  private void check(LogEvent log) {
    var event = registry.get(log.name());
    check(log.name(), event, log.attributes());
    resource(log.name(), "ringside.resource.host", log.origin().resource());
    if (log.severity() < event.severity()) complain(log.name(), "has severity " + log.severity());
    if (log.body() != null) complain(log.name(), "has a body");
  }

  private void check(SpanRecord span) {
    var declared =
        Spans.ALL.stream()
            .filter(s -> span.origin().scope().equals("dev.ringside." + s.receiver()))
            .findFirst();
    if (declared.isEmpty()) {
      complain(span.name(), "is a span of a scope without spans: " + span.origin().scope());
      return;
    }
    var type = declared.get().type();
    check(type, registry.get(type), span.attributes());
    resource(type, "ringside.resource.host", span.origin().resource());
    if (span.kind() != 1) complain(type, "has kind " + span.kind());
  }

  private void check(MetricPoint point) {
    var type = Metrics.ALL.stream().filter(m -> m.name().equals(point.name())).findFirst();
    if (type.isEmpty()) {
      complain(point.name(), "is not in the registry");
      return;
    }
    var declared = type.get();
    check(point.name(), registry.get(point.name()), point.attributes());
    var isSelf = declared.receiver().equals("self");
    resource(point.name(), "ringside.resource.host", point.origin().resource());
    if (isSelf) resource(point.name(), "ringside.resource.self", point.origin().resource());
    same(point.name(), "unit", declared.unit(), point.unit());
    same(point.name(), "instrument", declared.instrument(), point.instrument());
    same(point.name(), "description", declared.description(), point.description());
    same(point.name(), "scope", "dev.ringside." + declared.receiver(), point.origin().scope());
  }

  private void check(String name, Registry.Signal signal, Map<String, Object> attributes) {
    for (var key : signal.required())
      if (!attributes.containsKey(key)) complain(name, "lacks " + key);
    attributes.forEach((key, value) -> {
      if (!signal.attributes().contains(key)) complain(name, "has " + key);
      type(name, key, value);
    });
  }

  /// All of a Resource's attributes that the registry requires; others may come from configuration.
  private void resource(String name, String group, Map<String, Object> attributes) {
    for (var key : registry.get(group).required())
      if (!attributes.containsKey(key)) complain(name, "comes from a Resource without " + key);
    attributes.forEach((key, value) -> type(name, key, value));
  }

  private void type(String name, String key, Object value) {
    var type = types.get(key);
    if (type == null) return; // only a Resource's attribute can come here
    boolean fits =
        switch (type) {
          case STRING -> value instanceof String;
          case LONG -> value instanceof Long;
          case DOUBLE -> value instanceof Double;
          case BOOLEAN -> value instanceof Boolean;
          case STRING_ARRAY ->
              value instanceof List<?> l && l.stream().allMatch(String.class::isInstance);
          case LONG_ARRAY ->
              value instanceof List<?> l && l.stream().allMatch(Long.class::isInstance);
          default -> false;
        };
    if (!fits) complain(name, "has a " + value.getClass().getSimpleName() + " in " + key);
  }

  private void same(String name, String what, String declared, String arrived) {
    if (!declared.equals(arrived))
      complain(name, "has the " + what + " " + arrived + ", not " + declared);
  }

  private void complain(String name, String what) {
    complaints.add(name + " " + what);
  }

  /// The keys of all attributes, in one set.
  public static Set<String> keysOf(List<LogEvent> logs, String name) {
    var keys = new LinkedHashSet<String>();
    new ArrayList<>(logs)
        .stream()
            .filter(l -> l.name().equals(name))
            .forEach(l -> keys.addAll(l.attributes().keySet()));
    return keys;
  }
}
