package dev.ringside.receivers.elf;

/// What a user writes to say which functions: `libc:getaddrinfo`, `libc:pthread_mutex_*`,
/// `libc:pthread_cond_wait@GLIBC_2.3.2`, `/usr/bin/program:function`, or, with a provider in
/// between, static probes: `/usr/lib/libjvm.so:hotspot:gc`.
///
/// @param text as it was written
/// @param file an absolute path, or the name of a library
/// @param provider of a static probe; empty for a function
/// @param name of the function or probe; may have `*`, `?`, `[…]` and `{…,…}`
/// @param version of the symbol; empty when none is asked for
record FunctionName(String text, String file, String provider, String name, String version) {

  /// @throws IllegalArgumentException when it is none; the message says what is missing
  static FunctionName of(String text) {
    var parts = text.strip().split(":", -1);
    if (parts.length < 2 || parts.length > 3)
      throw new IllegalArgumentException(
          "write it as library:function, /path:function or /path:provider:probe");
    for (var part : parts) {
      if (part.isBlank())
        throw new IllegalArgumentException(
            "a name is missing; write it as library:function, /path:function or /path:provider:probe");
    }
    if (parts[0].contains("/") && !parts[0].startsWith("/"))
      throw new IllegalArgumentException("a path begins with /");
    var provider = parts.length == 3 ? parts[1] : "";
    var name = parts[parts.length - 1];
    int version = provider.isEmpty() ? name.indexOf('@') : -1;
    if (version == 0) throw new IllegalArgumentException("a version needs a function before it");
    return new FunctionName(
        text.strip(),
        parts[0],
        provider,
        version < 0 ? name : name.substring(0, version),
        version < 0 ? "" : name.substring(version).replace("@", ""));
  }

  boolean isPath() {
    return file.startsWith("/");
  }

  boolean isProbe() {
    return !provider.isEmpty();
  }

  boolean isPattern() {
    return name.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }
}
