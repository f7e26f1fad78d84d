package dev.ringside.receivers.linux;

import java.util.ArrayList;
import java.util.List;

/// The flags of open(2), in words. Four of them have other bits on aarch64 than on x86-64.
///
/// @param bits the flags as the system call took them
/// @param arm64 whether the kernel is an aarch64 one
public record OpenFlags(long bits, boolean arm64) {
  private static final boolean THIS_MACHINE_IS_ARM64 =
      System.getProperty("os.arch").equals("aarch64");

  private static final int CREAT = 0100;
  private static final int DSYNC = 010000;
  private static final int SYNC = 04000000 | DSYNC;
  private static final int PATH = 010000000;
  private static final int TMPFILE = 020000000;

  private static final String[] ACCESS = {"read", "write", "read_write", "path"};

  /// Flags of this machine's kernel.
  public static OpenFlags of(long bits) {
    return new OpenFlags(bits, THIS_MACHINE_IS_ARM64);
  }

  /// The name of an access mode as the kernel side numbers it: 0 `read`, 1 `write`, 2 `read_write`,
  /// 3 `path`.
  public static String accessMode(int number) {
    return ACCESS[number & 3];
  }

  /// What may be done with the file once it is open. With O_PATH, nothing: `path`. Both bits of the
  /// mode ask for the permissions of `read_write`, though only ioctl(2) works then.
  public String accessMode() {
    return (bits & PATH) != 0 ? "path" : ACCESS[Math.min((int) bits & 3, 2)];
  }

  /// Whether the call may create a file, so that its mode means something.
  public boolean mayCreate() {
    return (bits & (CREAT | TMPFILE)) != 0;
  }

  /// The symbols of all flags but the access mode, lowest bit first. Bits without a symbol follow
  /// in hexadecimal, so that nothing is hidden.
  public List<String> names() {
    var names = new ArrayList<String>(6);
    long rest = bits & ~3L;
    rest = take(rest, CREAT, "O_CREAT", names);
    rest = take(rest, 0200, "O_EXCL", names);
    rest = take(rest, 0400, "O_NOCTTY", names);
    rest = take(rest, 01000, "O_TRUNC", names);
    rest = take(rest, 02000, "O_APPEND", names);
    rest = take(rest, 04000, "O_NONBLOCK", names);
    rest = take(rest, SYNC, "O_SYNC", names); // holds O_DSYNC's bit
    rest = take(rest, DSYNC, "O_DSYNC", names);
    rest = take(rest, 020000, "O_ASYNC", names);
    // O_TMPFILE holds O_DIRECTORY's bit, so that old kernels refuse it.
    rest = take(rest, TMPFILE | directory(), "O_TMPFILE", names);
    rest = take(rest, directory(), "O_DIRECTORY", names);
    rest = take(rest, arm64 ? 0100000 : 0400000, "O_NOFOLLOW", names);
    rest = take(rest, arm64 ? 0200000 : 040000, "O_DIRECT", names);
    rest = take(rest, arm64 ? 0400000 : 0100000, "O_LARGEFILE", names);
    rest = take(rest, 01000000, "O_NOATIME", names);
    rest = take(rest, 02000000, "O_CLOEXEC", names);
    rest = take(rest, PATH, "O_PATH", names);
    if (rest != 0) names.add("0x" + Long.toHexString(rest));
    return names;
  }

  private int directory() {
    return arm64 ? 040000 : 0200000;
  }

  private static long take(long rest, int flag, String name, List<String> names) {
    if ((rest & flag) != flag) return rest;
    names.add(name);
    return rest & ~flag;
  }
}
