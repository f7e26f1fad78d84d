package dev.ringside.receivers.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// This process, as the kernel's programs know it.
public final class OwnProcess {
  /// PROC_PID_INIT_INO of `include/linux/proc_ns.h`.
  private static final String INITIAL_PID_NAMESPACE = "pid:[4026531836]";

  private OwnProcess() {}

  /// Its id in the initial pid namespace; 0 where it lives in another one, in which the JVM only
  /// learns its id there.
  public static int pid() {
    try {
      var namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
      return namespace.equals(INITIAL_PID_NAMESPACE) ? (int) ProcessHandle.current().pid() : 0;
    } catch (IOException | UnsupportedOperationException e) {
      return 0;
    }
  }

  /// The id of the thread that calls, or of the one that carries it, in the pid namespace of the
  /// process; 0 where `/proc` does not say.
  public static int tid() {
    try {
      // PID/task/TID, see proc(5)
      var thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
      return Integer.parseInt(thread.toString());
    } catch (IOException | UnsupportedOperationException | NumberFormatException e) {
      return 0;
    }
  }
}
