package dev.ringside.receivers;

import dev.ringside.bpf.KernelEnums;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/// Why segments are dropped and connections reset, in the running kernel's own words: `NO_SOCKET`
/// is `no_socket`. These are read when the first of them is asked for. Safe on any thread.
///
/// @param enums the names of an enum's values; none where the kernel has no such enum
record KernelReasons(Function<String, Map<Long, String>> enums) {
  private static final String DROPS = "skb_drop_reason";
  private static final String SUBSYSTEMS = "skb_drop_reason_subsys";
  private static final String RESETS = "sk_rst_reason";

  static KernelReasons ofThisKernel() {
    return new KernelReasons(KernelEnums.ofThisKernel(DROPS, SUBSYSTEMS, RESETS)::valuesOf);
  }

  /// What nobody has named is its number, and in a subsystem of its own that is its name before it.
  ///
  /// @param reason `enum skb_drop_reason`, with a subsystem's number in its upper half
  /// @return null for 0, where the kernel gives no reason
  String ofDrop(int reason) {
    if (reason == 0) return null;
    long value = Integer.toUnsignedLong(reason);
    String name = enums.apply(DROPS).get(value);
    if (name != null) return ours(name, "SKB_DROP_REASON_");
    String subsystem = enums.apply(SUBSYSTEMS).get(value >>> 16);
    if (subsystem == null || value >>> 16 == 0) return Long.toString(value);
    return ours(subsystem, "SKB_DROP_REASON_SUBSYS_") + "_" + (value & 0xffff);
  }

  /// What nobody has named is its number.
  ///
  /// @param oneMore than `enum sk_rst_reason`
  /// @return null for 0, where the kernel gives no reason
  String ofReset(int oneMore) {
    if (oneMore == 0) return null;
    long value = oneMore - 1L;
    String name = enums.apply(RESETS).get(value);
    return name == null ? Long.toString(value) : ours(name, "SK_RST_REASON_");
  }

  private static String ours(String name, String prefix) {
    return (name.startsWith(prefix) ? name.substring(prefix.length()) : name)
        .toLowerCase(Locale.ROOT);
  }
}
