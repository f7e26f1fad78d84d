package dev.ringside.config.export;

import dev.ringside.config.file.ConfigurationFile;
import dev.ringside.config.tree.Problem;
import dev.ringside.receivers.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// What is wrong, from an exception of OpenTelemetry: one line, without the names of its classes.
///
/// Jackson reads the file for OpenTelemetry. It says which key it does not know, which ones it
/// does, and which way it went, but in its own form.
///
/// @param path keys, and numbers of list items, that lead to the mistake; may be empty
record Reason(List<String> path, String message) {
  private static final Pattern UNKNOWN =
      Pattern.compile(
          "Unrecognized field \"([^\"]+)\".*?known properties: ([^\\[\\])]*)", Pattern.DOTALL);
  private static final Pattern CHAIN =
      Pattern.compile("through reference chain: (.*)\\)", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\[(?:\"([^\"]+)\"|(\\d+))]");

  static Reason of(Throwable failure) {
    var deepest = failure;
    while (deepest.getCause() != null) deepest = deepest.getCause();
    var text = String.valueOf(deepest.getMessage());
    return new Reason(path(text), message(text));
  }

  private static String message(String text) {
    var unknown = UNKNOWN.matcher(text);
    if (unknown.find()) {
      var known = Arrays.stream(unknown.group(2).split("[\",\\s]+")).filter(k -> !k.isEmpty());
      return "no such key" + Nearest.among(unknown.group(1), known.sorted().toList());
    }
    var line = text.lines().findFirst().orElse("");
    // Jackson: Cannot deserialize value of type `java.lang.Integer` from String "x": not a valid …
    return line.replaceAll("`java\\.lang\\.(\\w+)`", "$1").replaceAll("`[\\w.$]+\\.(\\w+)`", "$1");
  }

  private static List<String> path(String text) {
    var path = new ArrayList<String>();
    var chain = CHAIN.matcher(text);
    if (!chain.find()) return path;
    var link = LINK.matcher(chain.group(1));
    while (link.find()) path.add(link.group(1) == null ? link.group(2) : link.group(1));
    return path;
  }

  /// With the place in the file.
  Problem in(ConfigurationFile file) {
    var keys = String.join(".", path).replaceAll("\\.(\\d+)(?=\\.|$)", "[$1]");
    return new Problem(file.find(path), keys, message);
  }
}
