package dev.ringside.config.file;

import dev.ringside.config.tree.Mark;
import dev.ringside.config.tree.Node;
import dev.ringside.config.tree.Problem;
import dev.ringside.config.tree.Yaml;
import dev.ringside.receivers.Nearest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// OpenTelemetry's declarative configuration file, as far as it concerns us: that it is one at all,
/// and our section under `instrumentation/development: java: ringside:`.
///
/// This runs before OpenTelemetry reads the same file, since its messages name neither line nor
/// column, and since it ignores most of what it does not know.
///
/// @param path the file
/// @param text what is in it
/// @param root all of it, with places
/// @param receivers what stands under `ringside: receivers:`, if anything does
/// @param buffer what stands under `ringside: buffer:`, if anything does
public record ConfigurationFile(
    Path path, String text, Node.Mapping root, Optional<Node> receivers, Optional<Buffer> buffer) {
  private static final List<String> OUR_KEYS = List.of("receivers", "buffer");

  /// OpenTelemetry's schema, version 1.1. Keys that only look like one of these are taken for
  /// typos; others are left to OpenTelemetry.
  private static final List<String> TOP_KEYS =
      List.of(
          "file_format",
          "disabled",
          "log_level",
          "attribute_limits",
          "logger_provider",
          "meter_provider",
          "tracer_provider",
          "propagator",
          "resource",
          "instrumentation/development",
          "distribution");

  private static final Pattern SUPPORTED_FORMAT = Pattern.compile("0\\.4|1\\.\\d+(-rc\\.\\d+)?");
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  /// Reads and checks a file; empty when it is so wrong that there is nothing to go on with. Every
  /// problem is added to the list.
  public static Optional<ConfigurationFile> read(
      Path path, Map<String, String> environment, List<Problem> problems) {
    var source = path.toString();
    String text;
    try {
      text = TextFile.read(path);
    } catch (TextFile.Unreadable e) {
      problems.add(new Problem(Mark.of(source), "", e.getMessage()));
      return Optional.empty();
    }
    int before = problems.size();
    var root = Yaml.read(source, text, environment, problems);
    if (root.isEmpty()) {
      if (problems.size() == before)
        problems.add(
            new Problem(
                Mark.of(source),
                "",
                "only comments; a configuration begins with: file_format: \"1.1\""));
      return Optional.empty();
    }
    if (!(root.get() instanceof Node.Mapping top)) {
      var message =
          root.get().describe() + " is not a configuration; expected: keys such as file_format";
      problems.add(new Problem(root.get().mark(), "", message));
      return Optional.empty();
    }
    checkFormat(top, problems);
    checkKeys(top, TOP_KEYS, "", problems);
    var section = section(top, problems);
    return Optional.of(
        new ConfigurationFile(
            path,
            text,
            top,
            section.map(s -> s.get("receivers")),
            section.flatMap(s -> Buffer.read(s.get("buffer"), problems))));
  }

  /// Where the last of these keys (or numbers of list items) was written, or the last one there is.
  public Mark find(List<String> keys) {
    var mark = root.mark();
    Node node = root;
    for (var key : keys) {
      node =
          switch (node) {
            case Node.Mapping mapping -> {
              for (var entry : mapping.entries()) if (entry.key().equals(key)) mark = entry.mark();
              yield mapping.get(key);
            }
            case Node.Sequence list when key.matches("\\d{1,6}") -> {
              int i = Integer.parseInt(key);
              yield i < list.items().size() ? list.items().get(i) : null;
            }
            case null, default -> null;
          };
    }
    return mark;
  }

  private static void checkFormat(Node.Mapping top, List<Problem> problems) {
    var format = top.get("file_format");
    if (format == null) {
      problems.add(
          new Problem(top.mark(), "file_format", "missing; add the line: file_format: \"1.1\""));
    } else if (!(format instanceof Node.Scalar s)
        || !SUPPORTED_FORMAT.matcher(s.text()).matches()) {
      var wrong = format.describe() + " is " + judge(format);
      problems.add(
          new Problem(format.mark(), "file_format", wrong + "; allowed: \"1.1\", \"1.0\""));
    }
  }

  private static String judge(Node format) {
    if (!(format instanceof Node.Scalar s)) return "not a version";
    var version = VERSION.matcher(s.text());
    if (!version.matches()) return "not a version";
    return version.group(1).equals("0")
        ? "an older format than this Ringside reads"
        : "a newer format than this Ringside reads";
  }

  /// Complains about keys that are nearly, but not quite, one of the known ones.
  private static void checkKeys(
      Node.Mapping mapping, List<String> known, String path, List<Problem> problems) {
    for (var entry : mapping.entries()) {
      var key = entry.key();
      if (known.contains(key)) continue;
      var full = path.isEmpty() ? key : path + "." + key;
      if (key.equals("ringside") || key.equals("receivers"))
        problems.add(
            new Problem(
                entry.mark(),
                full,
                "in the wrong place; it belongs at instrumentation/development: java: ringside:"));
      else if (Nearest.to(key, known).isPresent())
        problems.add(new Problem(entry.mark(), full, "unknown key" + Nearest.hint(key, known)));
    }
  }

  private static Optional<Node.Mapping> section(Node.Mapping top, List<Problem> problems) {
    var java =
        inside(top, "instrumentation/development", problems, List.of("general", "java"))
            .flatMap(m -> inside(m, "java", problems, List.of("ringside")));
    var ringside = java.map(m -> m.get("ringside")).orElse(null);
    return switch (ringside) {
      case Node.Mapping section -> {
        for (var entry : section.entries()) {
          if (OUR_KEYS.contains(entry.key())) continue;
          problems.add(
              new Problem(
                  entry.mark(),
                  "ringside." + entry.key(),
                  "unknown key" + Nearest.among(entry.key(), OUR_KEYS)));
        }
        yield Optional.of(section);
      }
      case Node.Scalar s when s.value() == null -> Optional.empty();
      case null -> Optional.empty();
      default -> {
        var message = ringside.describe() + " is not allowed; allowed: a mapping with receivers";
        problems.add(new Problem(ringside.mark(), "ringside", message));
        yield Optional.empty();
      }
    };
  }

  private static Optional<Node.Mapping> inside(
      Node.Mapping outer, String key, List<Problem> problems, List<String> known) {
    var node = outer.get(key);
    if (node instanceof Node.Mapping mapping) {
      checkKeys(mapping, known, key, problems);
      return Optional.of(mapping);
    }
    if (node != null && !(node instanceof Node.Scalar s && s.value() == null))
      problems.add(
          new Problem(node.mark(), key, node.describe() + " is not allowed; allowed: a mapping"));
    return Optional.empty();
  }
}
