package dev.ringside.config.options;

import dev.ringside.receivers.ReceiverType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/// The receivers there are: the built-in ones, and whatever else is on the class path.
///
/// @param all in alphabetical order
public record ReceiverTypes(List<ReceiverType<?>> all) {
  public ReceiverTypes {
    // Comparator.comparing can be written to a file, so that the JVM makes its class at each start.
    all = all.stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
  }

  @SuppressWarnings("rawtypes") // a class literal has no type arguments
  public static ReceiverTypes installed() {
    var loader = ServiceLoader.load(ReceiverType.class, ReceiverTypes.class.getClassLoader());
    return new ReceiverTypes(loader.stream().<ReceiverType<?>>map(p -> p.get()).toList());
  }

  public Optional<ReceiverType<?>> find(String name) {
    return all.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  public Collection<String> names() {
    return all.stream().map(type -> type.name()).toList();
  }
}
