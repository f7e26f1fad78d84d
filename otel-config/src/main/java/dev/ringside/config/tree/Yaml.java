package dev.ringside.config.tree;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Turns YAML into [Node]s, with the line and column of each. One document, YAML 1.2 core schema,
/// as OpenTelemetry reads it.
public final class Yaml {
  /// Deeper than any configuration, and shallow enough for a recursive reader.
  private static final int MAX_DEPTH = 100;

  /// An alias may repeat a large part; a few of them in each other would repeat it millions of
  /// times.
  private static final int MAX_NODES = 100_000;

  private final String source;
  private final Variables variables;
  private final List<Problem> problems;
  private int nodes;

  private Yaml(String source, Map<String, String> environment, List<Problem> problems) {
    this.source = source;
    this.variables = new Variables(environment);
    this.problems = problems;
  }

  /// Reads a whole document; empty when there is nothing in it but comments, or when it is not YAML
  /// and a problem was added.
  public static Optional<Node> read(
      String source, String text, Map<String, String> environment, List<Problem> problems) {
    var yaml = new Yaml(source, environment, problems);
    var settings = LoadSettings.builder().setLabel(source).setSchema(new CoreSchema()).build();
    try {
      if (yaml.isTooDeep(new Parse(settings).parseString(text))) return Optional.empty();
      return new Compose(settings).composeString(text).map(node -> yaml.convert(node, "", 0));
    } catch (MarkedYamlEngineException e) {
      var at = e.getProblemMark().or(e::getContextMark);
      problems.add(new Problem(yaml.mark(at), "", "not YAML: " + e.getProblem()));
    } catch (YamlEngineException e) {
      var line = e.getMessage().lines().findFirst().orElse("");
      problems.add(new Problem(Mark.of(source), "", "not YAML: " + line));
    }
    return Optional.empty();
  }

  /// Looks before composing does, which goes as deep into the stack as the document is nested.
  private boolean isTooDeep(Iterable<Event> events) {
    int depth = 0;
    for (var event : events) {
      if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
        problems.add(new Problem(mark(event.getStartMark()), "", "nested too deeply"));
        return true;
      }
      if (event instanceof CollectionEndEvent) depth--;
    }
    return false;
  }

  /// A value from a command line, with the type that it would have in YAML.
  public static Node.Scalar scalar(Mark mark, String text) {
    return new Node.Scalar(mark, value(resolve(text), text), text);
  }

  private Node convert(org.snakeyaml.engine.v2.nodes.Node node, String path, int depth) {
    var mark = mark(node.getStartMark());
    if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
      if (nodes <= MAX_NODES + 1)
        problems.add(
            new Problem(mark, path, "nested too deeply, or an alias that repeats too much"));
      nodes = MAX_NODES + 1;
      return new Node.Scalar(mark, null, "");
    }
    return switch (node) {
      case ScalarNode scalar -> scalar(mark, scalar);
      case SequenceNode sequence -> {
        var items = new ArrayList<Node>();
        for (var item : sequence.getValue()) items.add(convert(item, path, depth + 1));
        yield new Node.Sequence(mark, items);
      }
      case MappingNode mapping -> mapping(mark, mapping, path, depth);
      default -> new Node.Scalar(mark, null, "");
    };
  }

  private Node mapping(Mark mark, MappingNode mapping, String path, int depth) {
    var entries = new ArrayList<Node.Entry>();
    Set<String> seen = new HashSet<>();
    for (var tuple : mapping.getValue()) {
      var at = mark(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(new Problem(at, path, "a key must be text"));
        continue;
      }
      var name = key.getValue();
      var inner = path.isEmpty() ? name : path + "." + name;
      if (!seen.add(name)) problems.add(new Problem(at, inner, "given twice"));
      entries.add(new Node.Entry(at, name, convert(tuple.getValueNode(), inner, depth + 1)));
    }
    return new Node.Mapping(mark, entries);
  }

  private Node.Scalar scalar(Mark mark, ScalarNode node) {
    var text = variables.replace(node.getValue());
    boolean plain = node.getScalarStyle() == ScalarStyle.PLAIN;
    var tag = plain && !text.equals(node.getValue()) ? resolve(text) : node.getTag();
    return new Node.Scalar(mark, value(tag, text), text);
  }

  private static Tag resolve(String text) {
    return new CoreSchema().getScalarResolver().resolve(text, true);
  }

  private static Object value(Tag tag, String text) {
    try {
      if (tag.equals(Tag.NULL)) return null;
      if (tag.equals(Tag.BOOL)) return Boolean.valueOf(text);
      if (tag.equals(Tag.INT)) return whole(text);
      if (tag.equals(Tag.FLOAT)) return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return text; // more digits than a number has here, .inf, .nan
    }
    return text;
  }

  private static Long whole(String text) {
    if (text.startsWith("0x")) return Long.valueOf(text.substring(2), 16);
    if (text.startsWith("0o")) return Long.valueOf(text.substring(2), 8);
    return Long.valueOf(text);
  }

  private Mark mark(Optional<org.snakeyaml.engine.v2.exceptions.Mark> mark) {
    return mark.map(m -> new Mark(source, m.getLine() + 1, m.getColumn() + 1))
        .orElse(Mark.of(source));
  }
}
