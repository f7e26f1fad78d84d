package dev.ringside.config.options;

import dev.ringside.config.tree.Node;
import dev.ringside.receivers.Nearest;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The types an option may have: how each is written, read and shown.
sealed interface OptionType {

  /// What is allowed, for an error message: `true or false`.
  String allowed();

  /// One word for a table: `boolean`.
  String name();

  /// @throws WrongValue when the node does not fit
  Object read(Node node) throws WrongValue;

  /// A value as a user would write it.
  default String show(Object value) {
    return String.valueOf(value);
  }

  /// What a layer says, together with what the layers before it said.
  default Object over(Object before, Object value) {
    return value;
  }

  /// Says in a few words what does not fit, beyond "is not what is allowed"; may be empty.
  final class WrongValue extends Exception {
    private static final long serialVersionUID = 1;

    WrongValue(String hint) {
      super(hint, null, false, false);
    }
  }

  /// The type of a record component.
  static OptionType of(String key, RecordComponent component) {
    if (component.getGenericType() instanceof ParameterizedType list
        && list.getRawType() == List.class
        && list.getActualTypeArguments()[0] instanceof Class<?> item
        && item.isEnum()) return new Choices(new Choice(item));
    return of(key, component.getType());
  }

  private static OptionType of(String key, Class<?> type) {
    if (type == boolean.class || type == Boolean.class) return new Flag();
    if (type == int.class || type == Integer.class) return whole(key, Integer.MAX_VALUE, true);
    if (type == long.class || type == Long.class) return whole(key, Long.MAX_VALUE, false);
    if (type == double.class || type == Double.class) return new Fraction();
    if (type == String.class) return new Words();
    if (type == Duration.class) return new Time();
    if (type == List.class) return new Texts();
    if (type == Map.class) return new TextsByName();
    if (type.isEnum()) return new Choice(type);
    throw new IllegalArgumentException(key + ": options cannot be of " + type);
  }

  private static OptionType whole(String key, long max, boolean isInt) {
    return key.endsWith("_bytes") ? new Bytes(max, isInt) : new Whole(max, isInt);
  }

  private static Object narrow(long value, boolean isInt) {
    if (isInt) return Math.toIntExact(value);
    return value;
  }

  record Flag() implements OptionType {
    @Override
    public String allowed() {
      return "true or false";
    }

    @Override
    public String name() {
      return "boolean";
    }

    @Override
    public Object read(Node node) throws WrongValue {
      if (node instanceof Node.Scalar s && s.value() instanceof Boolean b) return b;
      throw new WrongValue("");
    }
  }

  record Whole(long max, boolean isInt) implements OptionType {
    @Override
    public String allowed() {
      return "a whole number";
    }

    @Override
    public String name() {
      return "integer";
    }

    @Override
    public Object read(Node node) throws WrongValue {
      if (node instanceof Node.Scalar s && s.value() instanceof Long n && n <= max && n >= -max - 1)
        return narrow(n, isInt);
      throw new WrongValue("");
    }
  }

  record Bytes(long max, boolean isInt) implements OptionType {
    @Override
    public String allowed() {
      return "a number of bytes such as 65536, 64KiB or 1MiB";
    }

    @Override
    public String name() {
      return "bytes";
    }

    @Override
    public Object read(Node node) throws WrongValue {
      if (!(node instanceof Node.Scalar s) || s.value() == null) throw new WrongValue("");
      var bytes = Quantities.bytes(s.text());
      if (bytes.isPresent() && bytes.getAsLong() <= max) return narrow(bytes.getAsLong(), isInt);
      throw new WrongValue("");
    }

    @Override
    public String show(Object value) {
      return Quantities.showBytes(((Number) value).longValue());
    }
  }

  record Fraction() implements OptionType {
    @Override
    public String allowed() {
      return "a number";
    }

    @Override
    public String name() {
      return "number";
    }

    @Override
    public Object read(Node node) throws WrongValue {
      if (node instanceof Node.Scalar s && s.value() instanceof Number n) return n.doubleValue();
      throw new WrongValue("");
    }
  }

  /// Text that looks like a number is text here: a command may be called `7z`, or `7`.
  record Words() implements OptionType {
    @Override
    public String allowed() {
      return "text";
    }

    @Override
    public String name() {
      return "text";
    }

    @Override
    public Object read(Node node) throws WrongValue {
      if (node instanceof Node.Scalar s && s.value() != null) return s.text();
      throw new WrongValue("");
    }

    @Override
    public String show(Object value) {
      return value == null || value.toString().isEmpty() ? "\"\"" : value.toString();
    }
  }

  record Time() implements OptionType {
    @Override
    public String allowed() {
      return "a duration such as 500us, 10ms, 2s or 1m, or whole milliseconds";
    }

    @Override
    public String name() {
      return "duration";
    }

    @Override
    public Object read(Node node) throws WrongValue {
      if (!(node instanceof Node.Scalar s) || s.value() == null) throw new WrongValue("");
      return Quantities.duration(s.text()).orElseThrow(() -> new WrongValue(""));
    }

    @Override
    public String show(Object value) {
      return Quantities.showDuration((Duration) value);
    }
  }

  record Texts() implements OptionType {
    @Override
    public String allowed() {
      return "a list of texts, such as [a, b] or a,b";
    }

    @Override
    public String name() {
      return "list";
    }

    @Override
    public Object read(Node node) throws WrongValue {
      var texts = new ArrayList<String>();
      switch (node) {
        case Node.Sequence list -> {
          for (var item : list.items()) texts.add((String) new Words().read(item));
        }
        case Node.Scalar s when s.value() != null -> {
          for (var part : s.text().replaceAll("^\\[|]$", "").split(","))
            if (!part.isBlank()) texts.add(part.strip());
        }
        default -> throw new WrongValue("");
      }
      return List.copyOf(texts);
    }
  }

  /// Some of an enum's values, in an order.
  record Choices(Choice each) implements OptionType {
    @Override
    public String allowed() {
      return "a list, such as [a, b] or a,b, of " + String.join(", ", each.names());
    }

    @Override
    public String name() {
      return "list of " + each.name();
    }

    @Override
    public Object read(Node node) throws WrongValue {
      var values = new ArrayList<Object>();
      for (var word : (List<?>) new Texts().read(node)) values.add(each.read((String) word));
      return List.copyOf(values);
    }

    @Override
    public String show(Object value) {
      return ((List<?>) value).stream().map(each::show).collect(Collectors.joining(","));
    }
  }

  /// A list of texts for each of several names. What a later layer does not name stays as it was.
  record TextsByName() implements OptionType {
    @Override
    public String allowed() {
      return "names with a list of texts each, such as {a: [b, c]}";
    }

    @Override
    public String name() {
      return "lists by name";
    }

    @Override
    public Object read(Node node) throws WrongValue {
      if (!(node instanceof Node.Mapping mapping)) throw new WrongValue("");
      var texts = new LinkedHashMap<String, Object>();
      for (var entry : mapping.entries()) texts.put(entry.key(), new Texts().read(entry.value()));
      return texts;
    }

    @Override
    public Object over(Object before, Object value) {
      var all = new LinkedHashMap<Object, Object>((Map<?, ?>) before);
      all.putAll((Map<?, ?>) value);
      return all;
    }

    @Override
    public String show(Object value) {
      return ((Map<?, ?>) value)
          .entrySet().stream()
              .map(e -> e.getKey() + ": " + e.getValue())
              .collect(Collectors.joining(", ", "{", "}"));
    }
  }

  record Choice(Class<?> type) implements OptionType {
    private List<String> names() {
      return Arrays.stream(type.getEnumConstants()).map(this::show).toList();
    }

    @Override
    public String allowed() {
      return "one of " + String.join(", ", names());
    }

    @Override
    public String name() {
      return String.join("|", names());
    }

    @Override
    public Object read(Node node) throws WrongValue {
      if (!(node instanceof Node.Scalar s) || s.value() == null) throw new WrongValue("");
      return read(s.text());
    }

    Object read(String text) throws WrongValue {
      int i = names().indexOf(text.toLowerCase(Locale.ROOT));
      if (i < 0) throw new WrongValue(Nearest.hint(text, names()));
      return type.getEnumConstants()[i];
    }

    @Override
    public String show(Object value) {
      return ((Enum<?>) value).name().toLowerCase(Locale.ROOT);
    }
  }
}
