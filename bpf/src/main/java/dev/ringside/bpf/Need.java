package dev.ringside.bpf;

import java.util.List;

/// Something a receiver wants from the kernel, and the ways to get it, best first.
///
/// @param name what is wanted, in the words a person sees in `ringside doctor`: `file opens`
/// @param required whether the receiver makes sense without it
/// @param ways at least one; tried in this order
public record Need(String name, boolean required, List<Way> ways) {
  public Need {
    ways = List.copyOf(ways);
    if (ways.isEmpty()) throw new IllegalArgumentException("need " + name + ": no way to get it");
  }

  public static Need required(String name, Way... ways) {
    return new Need(name, true, List.of(ways));
  }

  public static Need optional(String name, Way... ways) {
    return new Need(name, false, List.of(ways));
  }
}
