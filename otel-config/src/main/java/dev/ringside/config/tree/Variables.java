package dev.ringside.config.tree;

import java.util.Map;
import java.util.regex.Pattern;

/// Replaces `${NAME}`, `${NAME:-default}`, `${env:NAME}` and `${sys:NAME}` in a scalar, and `$$` by
/// `$`.
///
/// The rules are those of the OpenTelemetry configuration data model, "Environment variable
/// substitution", so that our section of a file behaves like the rest of it.
final class Variables {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$|\\$\\{(?:(env|sys):)?([a-zA-Z_][a-zA-Z0-9_.]*)(?::-([^\\n}]*))?}");

  private final Map<String, String> environment;

  Variables(Map<String, String> environment) {
    this.environment = environment;
  }

  String replace(String text) {
    var replaced = new StringBuilder();
    var matcher = REFERENCE.matcher(text);
    int from = 0;
    while (matcher.find()) {
      replaced.append(text, from, matcher.start());
      replaced.append(
          matcher.group(2) == null
              ? "$"
              : value(matcher.group(1), matcher.group(2), matcher.group(3)));
      from = matcher.end();
    }
    return replaced.append(text, from, text.length()).toString();
  }

  private String value(String kind, String name, String otherwise) {
    var value = "sys".equals(kind) ? System.getProperty(name) : environment.get(name);
    if (value != null && !value.isEmpty()) return value;
    return otherwise == null ? "" : otherwise;
  }
}
