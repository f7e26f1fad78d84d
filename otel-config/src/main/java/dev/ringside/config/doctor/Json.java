package dev.ringside.config.doctor;

import java.util.List;
import java.util.Map;

/// Writes maps, lists and scalars as JSON (RFC 8259), indented.
final class Json {
  private Json() {}

  static String of(Object value) {
    var json = new StringBuilder();
    write(json, value, 0);
    return json.append('\n').toString();
  }

  private static void write(StringBuilder json, Object value, int depth) {
    switch (value) {
      case null -> json.append("null");
      case Boolean b -> json.append(b);
      case Number n -> json.append(n);
      case Map<?, ?> map -> {
        json.append(map.isEmpty() ? "{" : "{\n");
        int left = map.size();
        for (var entry : map.entrySet()) {
          indent(json, depth + 1);
          text(json, String.valueOf(entry.getKey()));
          json.append(": ");
          write(json, entry.getValue(), depth + 1);
          json.append(--left > 0 ? ",\n" : "\n");
        }
        if (!map.isEmpty()) indent(json, depth);
        json.append('}');
      }
      case List<?> list -> {
        json.append(list.isEmpty() ? "[" : "[\n");
        int left = list.size();
        for (var item : list) {
          indent(json, depth + 1);
          write(json, item, depth + 1);
          json.append(--left > 0 ? ",\n" : "\n");
        }
        if (!list.isEmpty()) indent(json, depth);
        json.append(']');
      }
      default -> text(json, value.toString());
    }
  }

  private static void indent(StringBuilder json, int depth) {
    json.repeat(' ', 2 * depth);
  }

  private static void text(StringBuilder json, String text) {
    json.append('"');
    text.codePoints()
        .forEach(c -> {
          if (c == '"' || c == '\\') json.append('\\').appendCodePoint(c);
          else if (c < ' ' || c == 0x7f || Character.getType(c) == Character.SURROGATE)
            json.append("\\u%04x".formatted(c));
          else json.appendCodePoint(c);
        });
    json.append('"');
  }
}
