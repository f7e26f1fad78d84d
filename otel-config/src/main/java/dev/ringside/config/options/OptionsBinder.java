package dev.ringside.config.options;

import dev.ringside.config.tree.Mark;
import dev.ringside.config.tree.Node;
import dev.ringside.config.tree.Problem;
import dev.ringside.receivers.Nearest;
import dev.ringside.receivers.ReceiverType;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Puts settings into a receiver's options record, and says everything that does not fit.
///
/// Settings come in layers (a file, then the command line); each layer changes only what it names.
public final class OptionsBinder<O extends Record> {
  private final ReceiverType<O> receiver;
  private final List<OptionKey> keys;
  private final List<Problem> problems;
  private final Object[] values;
  private final Map<String, Mark> marks = new HashMap<>();
  private final int problemsBefore;

  /// @param base the values of options that no layer names
  public OptionsBinder(ReceiverType<O> receiver, O base, List<Problem> problems) {
    this.receiver = receiver;
    this.keys = OptionKey.of(base.getClass());
    this.problems = problems;
    this.problemsBefore = problems.size();
    this.values = keys.stream().map(key -> key.get(base)).toArray();
  }

  /// Where an option of a receiver stands in every message.
  static String path(String receiver, String key) {
    return "ringside.receivers." + receiver + (key.isEmpty() ? "" : "." + key);
  }

  /// Takes one layer: a mapping, or nothing at all (`file_open:`), which changes nothing.
  public OptionsBinder<O> layer(Node node) {
    // No switch, for which the JVM would make a class while Ringside starts.
    if (node instanceof Node.Mapping mapping) mapping.entries().forEach(this::set);
    else if (!(node instanceof Node.Scalar s && s.value() == null))
      problems.add(
          new Problem(
              node.mark(),
              path(receiver.name(), ""),
              node.describe() + " is not allowed; allowed: a mapping of options, or nothing"));
    return this;
  }

  private void set(Node.Entry entry) {
    for (int i = 0; i < keys.size(); i++) {
      var key = keys.get(i);
      if (key.key().equals(entry.key())) {
        set(i, entry);
        return;
      }
      if (key.type() instanceof OptionType.TextsByName && entry.key().startsWith(key.key() + ".")) {
        set(i, named(entry, key.key()));
        return;
      }
    }
    var known = keys.stream().map(OptionKey::key).toList();
    problem(
        entry.mark(),
        entry.key(),
        known.isEmpty()
            ? "no such option; " + receiver.name() + " has none"
            : "no such option" + Nearest.among(entry.key(), known));
  }

  /// `option.name: value` is `option: {name: value}`, which the command line cannot write.
  private static Node.Entry named(Node.Entry entry, String option) {
    var name = entry.key().substring(option.length() + 1);
    var value = new Node.Entry(entry.mark(), name, entry.value());
    return new Node.Entry(
        entry.mark(), option, new Node.Mapping(entry.value().mark(), List.of(value)));
  }

  private void set(int i, Node.Entry entry) {
    var key = keys.get(i);
    var at = entry.value().mark();
    try {
      var value = key.type().read(entry.value());
      var range = key.outOfRange(value);
      if (range.isEmpty()) {
        values[i] = key.type().over(values[i], value);
        marks.put(key.key(), at);
      } else {
        problem(at, key.key(), entry.value().describe() + " is out of range; allowed: " + range);
      }
    } catch (OptionType.WrongValue e) {
      var allowed = Nearest.allowed(e.getMessage(), key.type().allowed());
      problem(at, key.key(), entry.value().describe() + " is not allowed" + allowed);
    }
  }

  private void problem(Mark mark, String key, String message) {
    problems.add(new Problem(mark, path(receiver.name(), key), message));
  }

  /// The options, checked by the receiver itself as well. When there are problems, new ones were
  /// added to the list and the result is the receiver's defaults.
  public O bind(Mark origin) {
    if (problems.size() > problemsBefore) return receiver.defaults();
    try {
      var options = create();
      receiver.create(options);
      return options;
    } catch (IllegalArgumentException e) {
      problems.add(refused(origin, String.valueOf(e.getMessage())));
      return receiver.defaults();
    }
  }

  /// A receiver's message begins with the option's key, which tells where it was written.
  private Problem refused(Mark origin, String message) {
    for (var key : keys) {
      if (message.matches("(?s)" + key.key() + "\\b.*")) {
        var mark = marks.getOrDefault(key.key(), origin);
        var rest = message.substring(key.key().length()).replaceFirst("^:? ", "");
        return new Problem(mark, path(receiver.name(), key.key()), rest);
      }
    }
    return new Problem(origin, path(receiver.name(), ""), message);
  }

  @SuppressWarnings("unchecked") // the class of the receiver's own defaults
  private O create() {
    var type = (Class<O>) receiver.defaults().getClass();
    var types = Arrays.stream(type.getRecordComponents()).map(c -> c.getType());
    try {
      var constructor = type.getDeclaredConstructor(types.toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) throw refused;
      throw new IllegalStateException("create " + type, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("create " + type, e);
    }
  }
}
