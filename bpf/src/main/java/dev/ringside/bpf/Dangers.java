package dev.ringside.bpf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Functions that should not be watched although the kernel lets one: a program there can call
/// itself, hold up every CPU, or wait for ever.
record Dangers(List<Danger> all) {
  /// @param reason what is said of a function, a sentence without its beginning
  record Danger(Glob names, String reason) {}

  static Dangers known() {
    var all = new ArrayList<Danger>();
    FunctionLists.dangers()
        .forEach((reason, globs) -> globs.forEach(g -> all.add(new Danger(new Glob(g), reason))));
    return new Dangers(List.copyOf(all));
  }

  static Dangers ignored() {
    return new Dangers(List.of());
  }

  Optional<String> of(String name) {
    return all.stream().filter(d -> d.names().test(name)).map(Danger::reason).findFirst();
  }
}
