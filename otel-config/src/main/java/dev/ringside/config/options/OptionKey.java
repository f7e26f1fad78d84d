package dev.ringside.config.options;

import dev.ringside.receivers.Option;
import dev.ringside.receivers.ReceiverType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One option of a receiver: a component of its options record.
///
/// @param key the component's name in snake case
/// @param component where it lives
/// @param type how it is written and read
/// @param meaning one sentence, from [Option]; may be empty
public record OptionKey(String key, RecordComponent component, OptionType type, String meaning) {

  /// The options of a receiver, in the order of its record.
  public static List<OptionKey> of(ReceiverType<?> receiver) {
    return of(receiver.defaults().getClass());
  }

  static List<OptionKey> of(Class<?> options) {
    return Arrays.stream(options.getRecordComponents()).map(OptionKey::of).toList();
  }

  private static OptionKey of(RecordComponent component) {
    var key = snakeCase(component.getName());
    var option = component.getAnnotation(Option.class);
    var meaning = option == null ? "" : option.value();
    return new OptionKey(key, component, OptionType.of(key, component), meaning);
  }

  static String snakeCase(String camelCase) {
    return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /// One word for a table: `boolean`, `duration`, or the choices of an enum.
  public String typeName() {
    return type.name();
  }

  /// The value in an options record, as a user would write it.
  public String show(Record options) {
    var value = get(options);
    return value == null ? "" : type.show(value);
  }

  Object get(Record options) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(options);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("read option " + key + " of " + options.getClass(), e);
    }
  }

  /// What a number's [Option] does not allow, in words; empty when the value is allowed.
  String outOfRange(Object value) {
    var option = component.getAnnotation(Option.class);
    if (option == null || !(value instanceof Number n)) return "";
    boolean least = option.min() != Long.MIN_VALUE;
    boolean most = option.max() != Long.MAX_VALUE;
    if (n.doubleValue() >= option.min() && n.doubleValue() <= option.max()) return "";
    if (least && most) return bound(option.min()) + " to " + bound(option.max());
    return least ? "at least " + bound(option.min()) : "at most " + bound(option.max());
  }

  private String bound(long value) {
    return type instanceof OptionType.Bytes bytes ? bytes.show(value) : String.valueOf(value);
  }
}
