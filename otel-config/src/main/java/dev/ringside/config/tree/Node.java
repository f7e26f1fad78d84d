package dev.ringside.config.tree;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A piece of configuration that knows where it was written, whether it came from a file, from the
/// command line or from Java.
public sealed interface Node {
  Mark mark();

  /// What it is, for a message: `a list`, `the text "x"`.
  String describe();

  /// @param value null, a [Boolean], a [Long], a [Double] or a [String]
  /// @param text as it was written, so that text which looks like a number can still be text
  record Scalar(Mark mark, Object value, String text) implements Node {
    @Override
    public String describe() {
      return switch (value) {
        case null -> "nothing";
        case String s -> "\"" + s + "\"";
        default -> text;
      };
    }
  }

  record Sequence(Mark mark, List<Node> items) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String describe() {
      return "a list";
    }
  }

  /// Entries in the order they were written.
  record Mapping(Mark mark, List<Entry> entries) implements Node {
    public Mapping {
      entries = List.copyOf(entries);
    }

    @Override
    public String describe() {
      return "a mapping";
    }

    /// The value of a key, or null.
    public Node get(String key) {
      for (var entry : entries) if (entry.key().equals(key)) return entry.value();
      return null;
    }
  }

  /// @param mark where the key was written
  record Entry(Mark mark, String key, Node value) {}

  /// A tree from Java values: maps, lists, and scalars, of which those that YAML does not know
  /// count as text by their `toString`.
  static Node of(Mark mark, Object value) {
    return switch (value) {
      case null -> new Scalar(mark, null, "");
      case Map<?, ?> map -> {
        var entries = new ArrayList<Entry>();
        map.forEach((k, v) -> entries.add(new Entry(mark, String.valueOf(k), of(mark, v))));
        yield new Mapping(mark, entries);
      }
      case Iterable<?> list -> {
        var items = new ArrayList<Node>();
        list.forEach(item -> items.add(of(mark, item)));
        yield new Sequence(mark, items);
      }
      case Boolean b -> new Scalar(mark, b, b.toString());
      case Byte n -> new Scalar(mark, n.longValue(), n.toString());
      case Short n -> new Scalar(mark, n.longValue(), n.toString());
      case Integer n -> new Scalar(mark, n.longValue(), n.toString());
      case Long n -> new Scalar(mark, n, n.toString());
      case Float n -> new Scalar(mark, n.doubleValue(), n.toString());
      case Double n -> new Scalar(mark, n, n.toString());
      case Enum<?> e -> new Scalar(mark, e.name().toLowerCase(Locale.ROOT), e.name());
      case Duration d -> new Scalar(mark, d.toNanos() + "ns", d.toNanos() + "ns");
      default -> new Scalar(mark, value.toString(), value.toString());
    };
  }
}
