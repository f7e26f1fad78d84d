package dev.ringside.semconv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The registry as its YAML files say it: `model/*.yaml` without the manifest.
///
/// @param attributes what the registry defines itself, by key
/// @param signals metrics, events and spans, its own and OpenTelemetry's that it refines
/// @param resources attributes of each Resource by key, by the group's id
record Model(
    Map<String, Attribute> attributes,
    List<Signal> signals,
    Map<String, Map<String, Use>> resources) {

  enum Kind {
    METRIC,
    EVENT,
    SPAN
  }

  /// @param type `string`, `string[]`, `int` …; `string` if it has members
  /// @param members values of an enumeration, by id; else empty
  record Attribute(String key, String type, Map<String, String> members) {
    /// Whether it stands for many, whose keys begin like this one: `template[any]`.
    boolean isTemplate() {
      return type.startsWith("template[");
    }
  }

  /// @param receiver the stem of the receiver that emits it
  /// @param name the metric's or event's name, the span's type
  /// @param upstream whether OpenTelemetry defines it, so that `text` lacks what is written there
  /// @param optIn whether it is off by default
  /// @param text the YAML itself
  /// @param attributes by key
  record Signal(
      Kind kind,
      String receiver,
      String name,
      boolean upstream,
      boolean optIn,
      Map<?, ?> text,
      Map<String, Use> attributes) {

    String text(String key) {
      return (String) text.get(key);
    }

    Map<?, ?> ringside() {
      return map(map(text, "annotations"), "ringside");
    }
  }

  /// @param condition of a conditionally required attribute; else empty
  record Use(Level level, String condition) {}

  static Model read() {
    try (var files = Files.list(Path.of("model"))) {
      var yaml = new Load(LoadSettings.builder().build());
      var documents = new ArrayList<Map<?, ?>>();
      for (Path file : files.filter(f -> !f.endsWith("manifest.yaml")).sorted().toList()) {
        documents.add((Map<?, ?>) yaml.loadFromString(Files.readString(file)));
      }
      return of(documents);
    } catch (IOException e) {
      throw new UncheckedIOException("read the registry in model/", e);
    }
  }

  /// What the registry defines itself and stands for many attributes.
  List<String> templates() {
    return attributes.values().stream().filter(Attribute::isTemplate).map(Attribute::key).toList();
  }

  Signal signal(Kind kind, String name) {
    return signals.stream()
        .filter(s -> s.kind == kind && s.name.equals(name))
        .findFirst()
        .orElseThrow();
  }

  List<Signal> signals(Kind kind) {
    return signals.stream().filter(s -> s.kind == kind).toList();
  }

  private static Model of(List<Map<?, ?>> documents) {
    var attributes = new LinkedHashMap<String, Attribute>();
    var groups = new LinkedHashMap<String, Map<?, ?>>();
    for (var document : documents) {
      for (var a : maps(document, "attributes")) {
        if (attributes.put((String) a.get("key"), attribute(a)) != null) {
          throw new IllegalStateException("attribute " + a.get("key") + " is defined twice");
        }
      }
      for (var g : maps(document, "attribute_groups")) groups.put((String) g.get("id"), g);
    }
    var signals = new ArrayList<Signal>();
    for (var document : documents) {
      for (Kind kind : Kind.values()) {
        String section = kind.name().toLowerCase(Locale.ROOT);
        String name = kind == Kind.SPAN ? "type" : "name";
        for (var s : maps(document, section + "s")) {
          signals.add(signal(kind, (String) s.get(name), false, s, groups));
        }
        for (var s : maps(document, section + "_refinements")) {
          signals.add(signal(kind, (String) s.get("ref"), true, s, groups));
        }
      }
    }
    var resources = new LinkedHashMap<String, Map<String, Use>>();
    groups.forEach((id, group) -> {
      if (!"public".equals(group.get("visibility"))) return;
      var uses = new LinkedHashMap<String, Use>();
      addUses(uses, group, groups);
      resources.put(id, uses);
    });
    return new Model(attributes, List.copyOf(signals), resources);
  }

  private static Attribute attribute(Map<?, ?> a) {
    if (a.get("type") instanceof String type) {
      return new Attribute((String) a.get("key"), type, Map.of());
    }
    var members = new LinkedHashMap<String, String>();
    for (var m : maps(map(a, "type"), "members")) {
      members.put((String) m.get("id"), (String) m.get("value"));
    }
    return new Attribute((String) a.get("key"), "string", members);
  }

  private static Signal signal(
      Kind kind, String name, boolean upstream, Map<?, ?> s, Map<String, Map<?, ?>> groups) {
    var ringside = map(map(s, "annotations"), "ringside");
    boolean optIn = "opt_in".equals((upstream ? ringside : s).get("requirement_level"));
    var uses = new LinkedHashMap<String, Use>();
    addUses(uses, s, groups);
    return new Signal(kind, (String) ringside.get("receiver"), name, upstream, optIn, s, uses);
  }

  private static void addUses(Map<String, Use> uses, Map<?, ?> s, Map<String, Map<?, ?>> groups) {
    for (var a : maps(s, "attributes")) {
      if (a.get("ref") instanceof String key) {
        uses.put(key, use(a.get("requirement_level")));
      } else {
        addUses(uses, groups.get((String) a.get("ref_group")), groups);
      }
    }
  }

  private static Use use(Object level) {
    return level instanceof Map<?, ?> m
        ? new Use(Level.CONDITIONALLY_REQUIRED, (String) m.get("conditionally_required"))
        : new Use(Level.valueOf(((String) level).toUpperCase(Locale.ROOT)), "");
  }

  private static Map<?, ?> map(Map<?, ?> parent, String key) {
    return parent.get(key) instanceof Map<?, ?> m ? m : Map.of();
  }

  private static List<Map<?, ?>> maps(Map<?, ?> parent, String key) {
    var maps = new ArrayList<Map<?, ?>>();
    if (parent.get(key) instanceof List<?> list) {
      for (Object o : list) maps.add((Map<?, ?>) o);
    }
    return maps;
  }
}
