package dev.ringside.bpf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// The functions among the kernel's symbols, `/proc/kallsyms`: what is really there, how often, and
/// in which module.
///
/// A line is `ffffffff81000000 t name`, and for a module a tab and `[module]` behind it. Whoever
/// may not see addresses reads zeros.
final class KernelSymbols {
  /// A function that is there under a name.
  ///
  /// @param module empty for the kernel itself
  /// @param address 0 when it is hidden
  record Instance(String module, long address) {}

  /// Where a symbol's type and name are in a line.
  private static final int TYPE = 17;

  private static final int NAME = 19;

  /// Not functions, but the room in front of them that some kernels keep for their own use.
  private static final List<byte[]> PADDING = List.of(bytes("__pfx_"), bytes("__cfi_"));

  /// BPF programs and trampolines, which have no module that could be named.
  private static final List<String> NO_MODULES =
      List.of("bpf", "__builtin__ftrace", "__builtin__kprobes");

  private final NameIndex names = new NameIndex();
  private final List<String> modules = new ArrayList<>(List.of(""));
  private long[] addresses = new long[1 << 12];
  private short[] moduleOf = new short[1 << 12];

  /// @param lines in the form of `/proc/kallsyms`; read to the end, not closed
  KernelSymbols(InputStream lines) throws IOException {
    TextLines.each(lines, NAME, this::line);
  }

  private void line(byte[] buffer, int begin, int end) {
    if (end - begin <= NAME || buffer[begin + TYPE - 1] != ' ' || buffer[begin + NAME - 1] != ' ')
      return;
    byte type = buffer[begin + TYPE];
    if (type != 't' && type != 'T' && type != 'W' && type != 'w') return;
    int nameEnd = begin + NAME;
    while (nameEnd < end && buffer[nameEnd] != '\t') nameEnd++;
    if (isPadding(buffer, begin + NAME, nameEnd)) return;
    short module = 0;
    if (nameEnd < end) {
      if (end - nameEnd < 4) return;
      module = module(new String(buffer, nameEnd + 2, end - nameEnd - 3, StandardCharsets.UTF_8));
      if (module < 0) return;
    }
    if (names.count() == addresses.length) {
      addresses = Arrays.copyOf(addresses, 2 * addresses.length);
      moduleOf = Arrays.copyOf(moduleOf, 2 * moduleOf.length);
    }
    addresses[names.count()] = address(buffer, begin);
    moduleOf[names.count()] = module;
    names.add(buffer, begin + NAME, nameEnd);
  }

  private static boolean isPadding(byte[] buffer, int begin, int end) {
    if (buffer[begin] != '_') return false;
    for (var prefix : PADDING) {
      if (Arrays.mismatch(buffer, begin, end, prefix, 0, prefix.length) >= prefix.length)
        return true;
    }
    return false;
  }

  /// Modules come one after the other.
  private short module(String name) {
    if (NO_MODULES.contains(name)) return -1;
    if (!modules.getLast().equals(name)) modules.add(name);
    return (short) (modules.size() - 1);
  }

  private static long address(byte[] buffer, int begin) {
    long address = 0;
    for (int at = begin; at < begin + TYPE - 1; at++) {
      address = address << 4 | (buffer[at] <= '9' ? buffer[at] - '0' : buffer[at] - 'a' + 10);
    }
    return address;
  }

  boolean isEmpty() {
    return names.count() == 0;
  }

  NameIndex names() {
    return names;
  }

  /// The module of the function with a number of [#names].
  String module(int number) {
    return modules.get(moduleOf[number]);
  }

  /// The modules that have functions.
  SequencedSet<String> modules() {
    return new LinkedHashSet<>(modules.subList(1, modules.size()));
  }

  /// All that is called so, in the kernel and its modules.
  List<Instance> named(String name) {
    var instances = new ArrayList<Instance>();
    for (int at = names.find(name); at >= 0; at = names.again(at)) {
      instances.add(new Instance(module(at), addresses[at]));
    }
    return instances.reversed();
  }

  /// What a compiler made of a function that is no longer there as it was written: `name.isra.0`,
  /// `name.part.0`, `name.cold`.
  List<String> variants(String name) {
    var prefix = bytes(name + ".");
    var variants = new LinkedHashSet<String>();
    for (int number = 0; number < names.count(); number++) {
      if (names.startsWith(number, prefix)) variants.add(names.name(number));
    }
    return List.copyOf(variants);
  }

  /// Whether an address is between two symbols that mark a section. False when either is not there.
  boolean isBetween(long address, String from, String to) {
    int first = names.find(from);
    int end = names.find(to);
    return address != 0
        && first >= 0
        && end >= 0
        && Long.compareUnsigned(address, addresses[first]) >= 0
        && Long.compareUnsigned(address, addresses[end]) < 0;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
