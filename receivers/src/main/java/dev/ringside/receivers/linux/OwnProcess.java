package dev.ringside.receivers.linux;

import dev.ringside.bpf.OwnTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// This process, as the kernel's programs know it. Any thread may call.
public final class OwnProcess {
  /// PROC_PID_INIT_INO of `include/linux/proc_ns.h`.
  private static final String INITIAL_PID_NAMESPACE = "pid:[4026531836]";

  private static final boolean IS_IN_INITIAL_NAMESPACE = isInInitialNamespace();

  private OwnProcess() {}

  /// Its id in the initial pid namespace. In another one the kernel is asked ([OwnTask]), and it is
  /// 0 where that does not tell.
  public static int pid() {
    return IS_IN_INITIAL_NAMESPACE ? (int) ProcessHandle.current().pid() : OwnTask.pid();
  }

  /// The id of the thread that calls, or of the one that carries it, in the initial pid namespace;
  /// 0 where nobody tells.
  public static int tid() {
    return IS_IN_INITIAL_NAMESPACE ? tidInNamespace() : OwnTask.tid();
  }

  private static int tidInNamespace() {
    try {
      // PID/task/TID, see proc(5)
      var thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
      return Integer.parseInt(thread.toString());
    } catch (IOException | UnsupportedOperationException | NumberFormatException e) {
      return 0;
    }
  }

  private static boolean isInInitialNamespace() {
    try {
      var namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
      return namespace.equals(INITIAL_PID_NAMESPACE);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
