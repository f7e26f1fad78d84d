package dev.ringside.config.command;

import dev.ringside.config.export.Exporters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Says in a few words where telemetry goes.
final class Destinations {
  // All OTLP exporters of the SDK name their endpoint when printed, and have no other way to tell.
  private static final Pattern ENDPOINT = Pattern.compile("endpoint=([^,}]+)");

  private static final Pattern CREDENTIALS = Pattern.compile("://[^/?#\\s]*@");

  private Destinations() {}

  /// `events, metrics and spans to http://localhost:4318`.
  static String of(Exporters exporters) {
    var signals = new TreeMap<String, List<String>>();
    exporters.logs().forEach(e -> add(signals, e, "events"));
    exporters.metrics().forEach(m -> add(signals, m.exporter(), "metrics"));
    exporters.spans().forEach(e -> add(signals, e, "spans"));
    if (signals.isEmpty()) return "none";
    var parts = new ArrayList<String>();
    signals.forEach((to, what) -> parts.add(String.join(", ", what) + " to " + to));
    return String.join("; ", parts);
  }

  private static void add(TreeMap<String, List<String>> signals, Object exporter, String signal) {
    var to = endpoint(exporter).orElse(exporter.getClass().getSimpleName());
    signals.computeIfAbsent(to.replaceFirst("/v1/\\w+$", ""), k -> new ArrayList<>()).add(signal);
  }

  /// The URL an OTLP exporter sends to; empty for other exporters.
  static Optional<String> endpoint(Object exporter) {
    var matcher = ENDPOINT.matcher(String.valueOf(exporter));
    return matcher.find() ? Optional.of(withoutCredentials(matcher.group(1))) : Optional.empty();
  }

  /// Takes user and password out of URLs, for whoever reads what we say.
  static String withoutCredentials(String text) {
    return CREDENTIALS.matcher(text).replaceAll("://");
  }
}
