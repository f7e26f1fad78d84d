package dev.ringside.integration.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The registry as its files say it: which signals there are, and which attributes each of them
/// has.
///
/// @param signals by name: events, metrics, spans (by type) and groups of attributes
record Registry(Map<String, Signal> signals) {

  /// @param required attributes that are always there
  /// @param attributes all that may be there
  record Signal(Map<String, Object> yaml, Set<String> required, Set<String> attributes) {

    /// The default severity of an event.
    int severity() {
      return (int) at(yaml, "annotations", "ringside", "severity");
    }
  }

  static Registry read() throws IOException {
    var entries = new ArrayList<Map<String, Object>>();
    try (var files = Files.newDirectoryStream(Path.of("../semconv/model"), "*.yaml")) {
      for (var file : files) entries.addAll(entriesOf(file));
    }
    var groups = new HashMap<String, Map<String, Object>>();
    for (var entry : entries)
      if (entry.containsKey("id")) groups.put((String) entry.get("id"), entry);
    var signals = new LinkedHashMap<String, Signal>();
    for (var entry : entries) {
      var signal = new Signal(entry, new TreeSet<>(), new TreeSet<>());
      collect(entry, groups, signal);
      signals.put(nameOf(entry), signal);
    }
    return new Registry(Map.copyOf(signals));
  }

  Signal get(String name) {
    var signal = signals.get(name);
    if (signal == null) throw new AssertionError(name + " is not in the registry");
    return signal;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> entriesOf(Path file) throws IOException {
    var settings = LoadSettings.builder().setLabel(file.toString()).build();
    var root = (Map<String, Object>) new Load(settings).loadFromString(Files.readString(file));
    var entries = new ArrayList<Map<String, Object>>();
    for (var section :
        List.of(
            "events",
            "metrics",
            "metric_refinements",
            "spans",
            "span_refinements",
            "attribute_groups"))
      entries.addAll((List<Map<String, Object>>) root.getOrDefault(section, List.of()));
    return entries;
  }

  /// A refinement of what OpenTelemetry defines has an id of our own, and refers to it by its name.
  private static String nameOf(Map<String, Object> entry) {
    if (entry.get("type") instanceof String type) return type;
    for (var key : List.of("name", "ref")) if (entry.get(key) instanceof String name) return name;
    return (String) entry.get("id");
  }

  @SuppressWarnings("unchecked")
  private static void collect(
      Map<String, Object> entry, Map<String, Map<String, Object>> groups, Signal into) {
    for (var attribute : (List<Map<String, Object>>) entry.getOrDefault("attributes", List.of())) {
      if (attribute.get("ref_group") instanceof String group) {
        collect(groups.get(group), groups, into);
        continue;
      }
      into.attributes().add((String) attribute.get("ref"));
      if ("required".equals(attribute.get("requirement_level")))
        into.required().add((String) attribute.get("ref"));
    }
  }

  private static Object at(Object node, String... path) {
    for (var key : path) node = ((Map<?, ?>) node).get(key);
    return node;
  }
}
