package dev.ringside.receivers.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ringside.bpf.Text;

/// Paths as the kernel side builds them: a directory, a slash, and what the program asked for.
public final class KernelPath {
  private KernelPath() {}

  /// [#tidy(String)] of bytes, which mostly are tidy and stay the same.
  public static Text tidy(Text path) {
    byte[] bytes = path.bytes();
    if (bytes.length == 0 || bytes[0] != '/' || isTidy(bytes)) return path;
    return new Text(tidy(path.toString()).getBytes(UTF_8), path.cut());
  }

  private static boolean isTidy(byte[] path) {
    for (int i = 1; i < path.length; i++) {
      if (path[i - 1] != '/') continue;
      boolean dot = path[i] == '.' && (i + 1 == path.length || path[i + 1] == '/');
      if (dot || path[i] == '/') return false;
    }
    return true;
  }

  /// Removes what says nothing, `//` and `/./`, from an absolute path. `..` stays: behind a
  /// symbolic link it does not lead back. A path that is not absolute stays as it is.
  public static String tidy(String path) {
    if (path.isEmpty() || path.charAt(0) != '/' || isTidy(path)) return path;
    var tidy = new StringBuilder(path.length());
    int at = 0;
    while (at < path.length()) {
      int end = path.indexOf('/', at + 1);
      if (end < 0) end = path.length();
      boolean empty = end == at + 1 && end < path.length();
      boolean dot = end == at + 2 && path.charAt(at + 1) == '.';
      if (!empty && !dot) tidy.append(path, at, end);
      at = end;
    }
    return tidy.isEmpty() ? "/" : tidy.toString();
  }

  /// The last name in a path, `ls` for `/usr/bin/ls`; the whole when there is no slash.
  public static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static boolean isTidy(String path) {
    for (int i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1)) {
      if (path.startsWith("/", i + 1) || path.startsWith("./", i + 1)) return false;
    }
    return !path.endsWith("/.");
  }
}
