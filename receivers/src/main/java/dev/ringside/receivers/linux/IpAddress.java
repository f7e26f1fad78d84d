package dev.ringside.receivers.linux;

/// An IP address of either family, as the kernel side hands it over: IPv4 as `::ffff:a.b.c.d`.
///
/// @param high the first eight bytes in the order of the network, read as a number of the machine's
///   own (little-endian)
/// @param low the other eight
public record IpAddress(long high, long low) {
  private static final int GROUPS = 8;
  private static final int MAPPED = 0xffff0000; // 00 00 ff ff

  /// Of 16 bytes in the order of the network.
  public static IpAddress of(byte[] bytes) {
    return new IpAddress(number(bytes, 0), number(bytes, 8));
  }

  private static long number(byte[] bytes, int from) {
    long number = 0;
    for (int i = 7; i >= 0; i--) number = number << 8 | bytes[from + i] & 0xff;
    return number;
  }

  public boolean isIpv4() {
    return high == 0 && (int) low == MAPPED;
  }

  /// `10.1.2.80`, or IPv6 as RFC 5952 writes it: `fd00::1`.
  @Override
  public String toString() {
    return isIpv4() ? ipv4((int) (low >>> 32)) : ipv6();
  }

  private static String ipv4(int reversed) {
    var text = new StringBuilder(15);
    for (int i = 0; i < 4; i++) {
      if (i > 0) text.append('.');
      text.append(reversed >>> 8 * i & 0xff);
    }
    return text.toString();
  }

  private int group(int index) {
    int at = index & 3;
    int reversed = (int) ((index < 4 ? high : low) >>> 16 * at) & 0xffff;
    return reversed >>> 8 | (reversed & 0xff) << 8;
  }

  /// The longest run of two or more zeros is left out, the first of equally long ones.
  private String ipv6() {
    int from = GROUPS;
    int length = 1;
    for (int i = 0; i < GROUPS; i++) {
      int zeros = 0;
      while (i + zeros < GROUPS && group(i + zeros) == 0) zeros++;
      if (zeros > length) {
        from = i;
        length = zeros;
      }
    }
    var text = new StringBuilder(39);
    for (int i = 0; i < GROUPS; i++) {
      if (i == from) {
        text.append("::");
        i += length - 1;
        continue;
      }
      if (i > 0 && i != from + length) text.append(':');
      text.append(Integer.toHexString(group(i)));
    }
    return text.toString();
  }
}
