package dev.ringside.receivers;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.ringside.bpf.ArgumentTable;
import dev.ringside.bpf.ArgumentType;
import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.FunctionArgument;
import dev.ringside.bpf.KernelFunction;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Selection;
import dev.ringside.bpf.Text;
import dev.ringside.receivers.sanitize.ArgumentSanitizer;
import dev.ringside.receivers.telemetry.EventBuilder;
import dev.ringside.semconv.Keys;
import io.opentelemetry.api.common.AttributeKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What slow calls were made with: which attributes there are for a function, and what they say.
final class CallArguments {

  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  /// Finds out what paths mean, in the kernel that is there.
  interface Types {
    Map<KernelFunction, List<FunctionArgument>> arguments(Map<KernelFunction, List<String>> paths);
  }

  /// One argument of a function, as an attribute.
  private interface Attribute {
    void set(EventBuilder event, byte[] bytes, int at, int length);
  }

  private final ArgumentTable table;
  private final List<List<Attribute>> byFunction;

  private CallArguments(List<List<FunctionArgument>> byFunction) {
    table = new ArgumentTable(byFunction);
    this.byFunction =
        byFunction.stream().map(of -> of.stream().map(CallArguments::attribute).toList()).toList();
  }

  /// @param wanted paths by the names of functions
  /// @throws BpfException when a function is not watched or a path leads nowhere
  static CallArguments of(Map<String, List<String>> wanted, Selection selection, Types types) {
    var paths = new LinkedHashMap<KernelFunction, List<String>>();
    wanted.forEach((name, of) -> {
      var functions =
          selection.functions().stream()
              .filter(f -> f.name().equals(name) || f.toString().equals(name))
              .toList();
      boolean isGone = selection.refused().stream().anyMatch(r -> r.pattern().equals(name));
      if (functions.isEmpty() && !isGone) throw notWatched(name, selection);
      functions.forEach(f -> paths.put(f, of));
    });
    try {
      var found = types.arguments(paths);
      return new CallArguments(
          selection.functions().stream().map(f -> found.getOrDefault(f, List.of())).toList());
    } catch (IllegalArgumentException e) {
      throw new BpfException("arguments: " + e.getMessage(), 0);
    }
  }

  private static BpfException notWatched(String name, Selection selection) {
    var names =
        selection.functions().stream()
            .flatMap(f -> Stream.of(f.name(), f.toString()))
            .distinct()
            .toList();
    return new BpfException(
        "arguments: %s is not among the functions that are watched%s; add it to functions"
            .formatted(name, Nearest.among(name, names)),
        0);
  }

  boolean areAsked() {
    return !table.isEmpty();
  }

  /// Tells programs what to read; nothing when nobody asks.
  void apply(Probe probe) {
    if (table.isEmpty()) probe.resize("arguments_by_call", 1);
    else table.apply(probe);
  }

  /// Says what a call was made with. What could not be read is left out.
  ///
  /// @param arguments `struct argument`, one after the other
  void describe(EventBuilder event, int function, Text arguments) {
    var attributes = byFunction.get(function);
    var bytes = arguments.bytes();
    for (int i = 0; i < attributes.size(); i++) {
      int at = i * ArgumentTable.ARGUMENT_BYTES;
      if (at + ArgumentTable.ARGUMENT_BYTES > bytes.length) return;
      int length = Math.min((int) INT.get(bytes, at), ArgumentTable.ARGUMENT_BYTES - Integer.BYTES);
      if (length > 0) attributes.get(i).set(event, bytes, at + Integer.BYTES, length);
    }
  }

  private static Attribute attribute(FunctionArgument argument) {
    var key = Keys.RINGSIDE_FUNCTION_ARGUMENT_PREFIX + argument.name();
    return switch (argument.type()) {
      case ArgumentType.Whole whole -> {
        var number = longKey(key);
        yield (event, bytes, at, length) -> event.set(number, whole.of((long) LONG.get(bytes, at)));
      }
      case ArgumentType.Truth truth -> {
        var isTrue = booleanKey(key);
        yield (event, bytes, at, length) -> event.set(isTrue, truth.of((long) LONG.get(bytes, at)));
      }
      case ArgumentType.Named named -> {
        var name = stringKey(key);
        yield (event, bytes, at, length) -> event.set(name, named.of((long) LONG.get(bytes, at)));
      }
      case ArgumentType.Address address -> {
        var hex = stringKey(key);
        yield (event, bytes, at, length) -> event.set(hex, address.of((long) LONG.get(bytes, at)));
      }
      case ArgumentType.Characters _ -> {
        var text = stringKey(key);
        yield (event, bytes, at, length) ->
            setText(event, text, Arrays.copyOfRange(bytes, at, at + length - 1));
      }
    };
  }

  /// What the kernel was given as text may be a secret: options of a mount, a URL.
  private static void setText(EventBuilder event, AttributeKey<String> key, byte[] bytes) {
    var words = List.of(new Text(bytes, false).toString());
    event.setText(key, Text.of(ArgumentSanitizer.sanitize(null, words, true).getFirst()));
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.nativeOrder());
  }
}
