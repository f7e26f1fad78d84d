package dev.ringside.config.export;

import java.util.regex.Pattern;

/// What is wrong, from an exception of OpenTelemetry: one line, without the names of its classes.
final class Reason {
  private static final Pattern UNKNOWN_FIELD =
      Pattern.compile(
          "Unrecognized field \"([^\"]+)\".*?known properties: (.*?)\\]\\).*", Pattern.DOTALL);
  private static final Pattern CHAIN =
      Pattern.compile("through reference chain: (.*)\\)", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\[(?:\"([^\"]+)\"|(\\d+))]");

  private Reason() {}

  static String of(Throwable failure) {
    var deepest = failure;
    while (deepest.getCause() != null) deepest = deepest.getCause();
    var message = String.valueOf(deepest.getMessage());
    var unknown = UNKNOWN_FIELD.matcher(message);
    var where = path(message);
    if (unknown.find()) {
      var allowed = unknown.group(2).replaceAll("[\\[\\]\"\\s]+", " ").strip().replace(" ,", ",");
      return "no such key" + where + "; allowed there: " + allowed;
    }
    return message.lines().findFirst().orElse("").replaceAll(" \\(.*?\\bclass\\b.*", "") + where;
  }

  /// ` at meter_provider.readers[0].periodic`, from Jackson's list of what it went through.
  private static String path(String message) {
    var chain = CHAIN.matcher(message);
    if (!chain.find()) return "";
    var path = new StringBuilder();
    var link = LINK.matcher(chain.group(1));
    while (link.find()) {
      if (link.group(1) == null) path.append('[').append(link.group(2)).append(']');
      else path.append(path.isEmpty() ? "" : ".").append(link.group(1));
    }
    return path.isEmpty() ? "" : " at " + path;
  }
}
