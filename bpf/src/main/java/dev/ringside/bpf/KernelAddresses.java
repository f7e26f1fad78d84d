package dev.ringside.bpf;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Which function of the kernel an address is in, by `/proc/kallsyms`.
///
/// It is as the kernel was when it was read: what is loaded later (modules, BPF programs) has no
/// name. Immutable, safe on any thread. It takes about 8 MB.
public final class KernelAddresses {
  private static final int TYPE = 17;
  private static final int NAME = 19;

  /// No function is as long: an address so far behind a name is in something that has none.
  private static final long LONGEST = 1 << 20;

  private long[] addresses = new long[1 << 16];
  private int[] names = new int[1 << 16];
  private byte[] text = new byte[1 << 20];
  private int count;
  private int used;

  /// @param lines in the form of `/proc/kallsyms`
  KernelAddresses(InputStream lines) throws IOException {
    TextLines.each(lines, NAME, this::line);
    sort();
  }

  /// Of the running kernel.
  ///
  /// @throws BpfException when it hides its addresses from this process
  public static KernelAddresses ofThisKernel() {
    try (var lines = new FileInputStream("/proc/kallsyms")) {
      var read = new KernelAddresses(lines);
      if (read.count > 0) return read;
      throw hidden("its addresses are hidden from this process", 1);
    } catch (IOException e) {
      throw hidden(e.getMessage(), 0);
    }
  }

  private static BpfException hidden(String said, int errno) {
    return new BpfException(
        "read /proc/kallsyms for the names of functions: "
            + said
            + "; grant CAP_SYSLOG, with the sysctl kernel.kptr_restrict at 0 or 1",
        errno);
  }

  private void line(byte[] buffer, int begin, int end) {
    if (end - begin <= NAME) return;
    int type = buffer[begin + TYPE] | 0x20; // in lower case
    if (type != 't' && type != 'w') return;
    long address = address(new String(buffer, begin, TYPE - 1, StandardCharsets.ISO_8859_1));
    if (address == 0) return;
    int nameEnd = begin + NAME;
    while (nameEnd < end && buffer[nameEnd] != '\t') nameEnd++;
    add(address, buffer, begin + NAME, nameEnd);
  }

  /// 0 when it is hidden, or none.
  private static long address(String text) {
    try {
      return Long.parseUnsignedLong(text, 16);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void add(long address, byte[] buffer, int begin, int end) {
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, 2 * count);
      names = Arrays.copyOf(names, 2 * count);
    }
    int length = end - begin;
    while (used + length + 1 > text.length) text = Arrays.copyOf(text, 2 * text.length);
    addresses[count] = address;
    names[count++] = used;
    System.arraycopy(buffer, begin, text, used, length);
    used += length + 1;
  }

  /// By address; of several names for one, the first stays in front.
  private void sort() {
    var order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Long.compareUnsigned(addresses[a], addresses[b]));
    var sorted = new long[count];
    var sortedNames = new int[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = addresses[order[i]];
      sortedNames[i] = names[order[i]];
    }
    addresses = sorted;
    names = sortedNames;
  }

  /// The function and how far it is into it, `ksys_read+0x6b`; empty when it is in none.
  ///
  /// @param address where a call returns to: it may be the first of the next function
  public String nameOf(long address) {
    int at = find(address - 1);
    if (at < 0 || address - addresses[at] > LONGEST) return "";
    while (at > 0 && addresses[at - 1] == addresses[at]) at--;
    int end = names[at];
    while (text[end] != 0) end++;
    var name = new String(text, names[at], end - names[at], StandardCharsets.UTF_8);
    return name + "+0x" + Long.toHexString(address - addresses[at]);
  }

  /// The last that is not above; -1 if there is none. Kernel addresses are negative as numbers, and
  /// in the same order.
  private int find(long address) {
    int at = Arrays.binarySearch(addresses, address);
    return at >= 0 ? at : -at - 2;
  }
}
