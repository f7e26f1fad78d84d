package dev.ringside.receivers;

import static java.util.stream.Collectors.joining;

import dev.ringside.bpf.Text;
import java.util.stream.Stream;

/// The last names in the path of a control group, empty above its root: `struct cgroup_names`.
public record CgroupNames(String self, String parent, String grandparent, String greatGrandparent) {

  /// The end of the path.
  Text path() {
    return Text.of(
        Stream.of(greatGrandparent, grandparent, parent, self)
            .filter(name -> !name.isEmpty())
            .collect(joining("/", "/", "")));
  }
}
