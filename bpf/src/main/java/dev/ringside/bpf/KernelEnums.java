package dev.ringside.bpf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What the values of enums are called in the running kernel. Their numbers change from one kernel
/// to the next.
///
/// The kernel's types are read when somebody asks for the first time: that takes 100 to 200 ms, and
/// often nobody ever asks. Safe on any thread.
public final class KernelEnums {
  private final Supplier<Optional<BtfTypes>> types;
  private final List<String> names;
  private Map<String, Map<Long, String>> enums;

  private KernelEnums(Supplier<Optional<BtfTypes>> types, List<String> names) {
    this.types = types;
    this.names = names;
  }

  /// Enums in `/sys/kernel/btf/vmlinux`.
  ///
  /// @param names without `enum`, such as `skb_drop_reason`
  public static KernelEnums ofThisKernel(String... names) {
    return of(KernelSources.ofThisKernel()::kernelBtf, names);
  }

  static KernelEnums of(Supplier<Optional<BtfTypes>> types, String... names) {
    return new KernelEnums(types, List.of(names));
  }

  /// The names of an enum's values, as the kernel's source has them; empty where this kernel has no
  /// such enum, or nobody may read its types.
  ///
  /// @param name one of those that this was made with
  public synchronized Map<Long, String> valuesOf(String name) {
    if (enums == null) enums = read();
    return enums.getOrDefault(name, Map.of());
  }

  private Map<String, Map<Long, String>> read() {
    var found = new HashMap<String, Map<Long, String>>();
    try {
      types
          .get()
          .ifPresent(in -> {
            for (int kind : List.of(BtfTypes.ENUM, BtfTypes.ENUM64)) {
              int[] ids = in.ofKind(kind);
              var all = in.names(ids);
              for (String name : names) {
                int number = all.find(name);
                if (number >= 0) found.putIfAbsent(name, values(in, ids[number]));
              }
            }
          });
    } catch (BpfException e) {
      // Types that are broken name nothing. Who asks is in the middle of telling something else.
      return Map.of();
    }
    return Map.copyOf(found);
  }

  /// Of several names for a value, the first.
  static Map<Long, String> values(BtfTypes types, int id) {
    var names = new HashMap<Long, String>();
    boolean isWide = types.kind(id) == BtfTypes.ENUM64;
    int words = isWide ? 3 : 2;
    for (int i = 0; i < types.vlen(id); i++) {
      long low = types.word(id, 4 + words * i);
      long value =
          isWide
              ? low & 0xffff_ffffL | (long) types.word(id, 5 + words * i) << 32
              : types.isSigned(id) ? low : low & 0xffff_ffffL;
      names.putIfAbsent(value, types.text(types.word(id, 3 + words * i)));
    }
    return Map.copyOf(names);
  }
}
