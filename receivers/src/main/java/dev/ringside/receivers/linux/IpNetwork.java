package dev.ringside.receivers.linux;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/// Addresses that begin with the same bits, `10.0.0.0/8` or `fd00::/8`: what a kernel side compares
/// with a mask.
///
/// @param address with zeros behind the bits that count
/// @param mask ones where they count; for IPv4 the first 96 bits do, too
public record IpNetwork(IpAddress address, IpAddress mask) {
  /// All of both families.
  public static final IpNetwork ALL = new IpNetwork(new IpAddress(0, 0), new IpAddress(0, 0));

  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]+([.][0-9]+){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*");

  private static final int BITS = 128;
  private static final int BITS_BEFORE_IPV4 = 96;

  /// @param text an address, or one with a slash and how many bits count
  /// @throws IllegalArgumentException when it is neither
  public static IpNetwork parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
    int before = address.length == 4 ? BITS_BEFORE_IPV4 : 0;
    int bits = before + (slash < 0 ? BITS - before : number(text.substring(slash + 1)));
    if (address.length == 0 || bits < before || bits > BITS) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "'; an address such as 10.1.2.80, or a network such as 10.0.0.0/8 or fd00::/8");
    }
    var whole = new byte[16];
    if (before > 0) whole[10] = whole[11] = -1;
    System.arraycopy(address, 0, whole, before / 8, address.length);
    var mask = new byte[16];
    for (int i = 0; i < 16; i++) {
      mask[i] = (byte) (0xff00 >> Math.clamp(bits - 8 * i, 0, 8));
      whole[i] &= mask[i];
    }
    return new IpNetwork(IpAddress.of(whole), IpAddress.of(mask));
  }

  /// Nothing when it is no address. Names are not asked for: what is passed on cannot be one.
  private static byte[] bytes(String text) {
    if (!ADDRESS.matcher(text).matches()) return new byte[0];
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      return new byte[0];
    }
  }

  /// More than there can be when it is none.
  private static int number(String bits) {
    return bits.matches("[0-9]{1,3}") ? Integer.parseInt(bits) : 2 * BITS;
  }
}
