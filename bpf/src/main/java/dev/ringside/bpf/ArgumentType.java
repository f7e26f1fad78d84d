package dev.ringside.bpf;

import java.util.Map;

/// What is read of an argument, and how its bytes are to be understood. The kernel side reads whole
/// bytes; bit fields, signs and byte orders are made of them here.
public sealed interface ArgumentType {

  /// A whole number.
  ///
  /// @param firstBit of the number, in what was read
  /// @param bits how many it has, 1 to 64
  /// @param isBigEndian whether its type says so (`__be16`); it is turned into the machine's order
  record Whole(int firstBit, int bits, boolean isSigned, boolean isBigEndian)
      implements ArgumentType {

    /// The number in the first eight bytes that were read. Unsigned ones of 64 bits come as they
    /// are, so the largest half of them is negative.
    public long of(long bytes) {
      long number = bytes << 64 - bits - firstBit;
      if (isBigEndian) return Long.reverseBytes(number) & -1L >>> 64 - bits;
      return isSigned ? number >> 64 - bits : number >>> 64 - bits;
    }
  }

  /// True or false.
  record Truth(Whole number) implements ArgumentType {
    public boolean of(long bytes) {
      return number.of(bytes) != 0;
    }
  }

  /// A number with names for its values.
  record Named(Whole number, Map<Long, String> names) implements ArgumentType {
    public Named {
      names = Map.copyOf(names);
    }

    /// The name, or the number where it has none: flags of an enum are added up.
    public String of(long bytes) {
      long value = number.of(bytes);
      return names.getOrDefault(value, Long.toString(value));
    }
  }

  /// Where something is. Of what is there nothing is read.
  record Address() implements ArgumentType {
    public String of(long bytes) {
      return "0x" + Long.toHexString(bytes);
    }
  }

  /// Characters up to a NUL, in the kernel's memory.
  record Characters() implements ArgumentType {}
}
