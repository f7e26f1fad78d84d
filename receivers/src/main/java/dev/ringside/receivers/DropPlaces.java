package dev.ringside.receivers;

import dev.ringside.bpf.BpfException;
import dev.ringside.bpf.KernelAddresses;
import dev.ringside.bpf.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/// Where in the kernel segments are dropped, and on which way. Safe on any thread.
///
/// @param names the function at an address and how far into it, `tcp_v4_rcv+0x91`; empty when it is
///   not known
record DropPlaces(LongFunction<String> names) {

  /// Nothing has a name: names take some megabytes.
  static DropPlaces unnamed() {
    return new DropPlaces(place -> "");
  }

  /// @throws BpfException when the kernel hides where its functions are
  static DropPlaces named() {
    return new DropPlaces(KernelAddresses.ofThisKernel()::nameOf);
  }

  /// With names where the kernel does not hide them; read when the first is asked for.
  static DropPlaces namedIfPossible() {
    var names = new Later<>(DropPlaces::namesIfPossible);
    return new DropPlaces(place -> names.get().apply(place));
  }

  private static LongFunction<String> namesIfPossible() {
    try {
      return named().names;
    } catch (BpfException e) {
      return unnamed().names;
    }
  }

  /// The function; null when it is not known.
  String function(long place) {
    var name = nameOnly(names.apply(place));
    return name.isEmpty() ? null : name;
  }

  /// The way to the place, the function that dropped first, each with its offset; empty when none
  /// is known. In front of the place is what frees a segment, and who looks at that.
  List<String> way(long place, Text frames) {
    var found = new ArrayList<String>();
    for (long address : CallStacks.addresses(frames)) {
      if (address == place) found.clear();
      var name = names.apply(address);
      if (!name.isEmpty()) found.add(name);
      else if (!found.isEmpty()) found.add("0x" + Long.toHexString(address));
    }
    while (found.size() > 1 && found.getFirst().startsWith("kfree_skb")) found.removeFirst();
    return found;
  }

  static String nameOnly(String withOffset) {
    int end = withOffset.indexOf('+');
    return end < 0 ? withOffset : withOffset.substring(0, end);
  }
}
