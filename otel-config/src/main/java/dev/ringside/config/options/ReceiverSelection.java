package dev.ringside.config.options;

import dev.ringside.config.tree.Mark;
import dev.ringside.config.tree.Node;
import dev.ringside.config.tree.Problem;
import dev.ringside.config.tree.Yaml;
import dev.ringside.receivers.Nearest;
import dev.ringside.receivers.ReceiverType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Decides which receivers run, and with which options, from what was said in several places.
///
/// Those listed in a file run; without a list in a file, all but those that wait to be asked for
/// ([ReceiverType#runsByDefault]), which is done by setting one of their options as well. A list on
/// the command line says which of all run, whether the file lists them or not. Options come from
/// the file, then from the command line.
public final class ReceiverSelection {
  private final ReceiverTypes types;
  private final List<Problem> problems;
  private final Map<String, Mark> named = new LinkedHashMap<>();
  private final Map<String, List<Node>> layers = new LinkedHashMap<>();
  private boolean isForLooking;
  private boolean isForTrying;
  private boolean isListed;

  public ReceiverSelection(ReceiverTypes types, List<Problem> problems) {
    this.types = types;
    this.problems = problems;
  }

  /// Begins with what is worth seeing on a terminal, instead of each receiver's defaults.
  public ReceiverSelection forLooking() {
    isForLooking = true;
    return this;
  }

  /// Where there is no list, takes also those that wait to be asked for.
  public ReceiverSelection forTrying() {
    isForTrying = true;
    return this;
  }

  /// Takes the `receivers` part of a file, or of Java: names with their options.
  public ReceiverSelection configured(Node node) {
    switch (node) {
      case Node.Mapping mapping -> {
        isListed = true;
        for (var entry : mapping.entries()) {
          if (isKnown(entry.mark(), entry.key())) {
            named.putIfAbsent(entry.key(), entry.mark());
            layers.computeIfAbsent(entry.key(), k -> new ArrayList<>()).add(entry.value());
          }
        }
      }
      case Node.Scalar s when s.value() == null -> {}
      default ->
          problems.add(
              new Problem(
                  node.mark(),
                  "ringside.receivers",
                  node.describe()
                      + " is not allowed; allowed: names with options, such as {process_exec: {}}"));
    }
    return this;
  }

  /// Restricts to these, as in `--receivers a,b`.
  public ReceiverSelection only(Mark mark, List<String> names) {
    if (names.isEmpty()) return this;
    var before = new LinkedHashMap<>(named);
    named.clear();
    for (var name : names)
      if (isKnown(mark, name)) named.put(name, before.getOrDefault(name, mark));
    isListed = true;
    return this;
  }

  /// Takes one `receiver.option=value`.
  public ReceiverSelection set(String setting) {
    var mark = Mark.of("--set " + setting);
    int equals = setting.indexOf('=');
    int dot = setting.indexOf('.');
    if (dot <= 0 || equals < dot + 2) {
      problems.add(
          new Problem(mark, "", "write it as receiver.option=value: file_open.events=true"));
      return this;
    }
    var name = setting.substring(0, dot);
    if (isKnown(mark, name)) {
      var value = Yaml.scalar(mark, setting.substring(equals + 1));
      var entry = new Node.Entry(mark, setting.substring(dot + 1, equals), value);
      var layer = new Node.Mapping(mark, List.of(entry));
      layers.computeIfAbsent(name, k -> new ArrayList<>()).add(layer);
    }
    return this;
  }

  private boolean isKnown(Mark mark, String name) {
    if (types.find(name).isPresent()) return true;
    problems.add(
        new Problem(
            mark,
            OptionsBinder.path(name, ""),
            "no such receiver" + Nearest.among(name, types.names())));
    return false;
  }

  /// The receivers to run, in alphabetical order. Worth using only if no problems were added.
  public List<ChosenReceiver<?>> choose() {
    var chosen = new ArrayList<ChosenReceiver<?>>();
    for (var type : types.all()) {
      boolean isSet = layers.containsKey(type.name());
      boolean isOn = isForTrying || type.runsByDefault() || isSet;
      if (isListed ? named.containsKey(type.name()) : isOn) chosen.add(choose(type));
      else if (isSet) choose(type); // still say what is wrong in it
    }
    return chosen;
  }

  private <O extends Record> ChosenReceiver<O> choose(ReceiverType<O> type) {
    var base = isForLooking ? type.forLooking() : type.defaults();
    var binder = new OptionsBinder<>(type, base, problems);
    var own = layers.getOrDefault(type.name(), List.of());
    own.forEach(binder::layer);
    var origin = own.isEmpty() ? Mark.of("defaults") : own.getLast().mark();
    return new ChosenReceiver<>(type, binder.bind(origin), named.containsKey(type.name()));
  }
}
