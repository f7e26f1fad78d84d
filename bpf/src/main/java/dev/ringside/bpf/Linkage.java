package dev.ringside.bpf;

/// Links what loading an object calls, and is called back by. The JVM makes code for it, which
/// takes half as long as starting the JVM; who has other things to do before, lets another thread
/// do it meanwhile.
public final class Linkage {
  private Linkage() {}

  /// Begins, on a thread of its own, and returns at once. Whether libbpf is there is said when it
  /// is needed, not here.
  public static void ahead() {
    Thread.ofPlatform().daemon().name("ringside-linkage").start(Linkage::link);
  }

  private static void link() {
    try {
      Native.libbpfVersion();
      LibbpfLog.during(() -> {});
    } catch (BpfException | LinkageError e) {
      // Whoever needs it meets the same, and tells it.
    }
  }
}
