package dev.ringside.receivers.linux;

/// Names of signals, as signal(7) has them for x86-64 and aarch64.
public final class Signals {
  private static final String[] NAMES =
      """
      SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2
      SIGPIPE SIGALRM SIGTERM SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG
      SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPWR SIGSYS
      """
          .strip()
          .split("\\s+");

  // The C library keeps 32 and 33 for its threads, so its SIGRTMIN, which kill(1) shows, is 34.
  private static final int RTMIN = 34;
  private static final int RTMAX = 64;

  private Signals() {}

  /// `SIGKILL` for 9, `SIGRTMIN+2` for 36; null when there is no such signal.
  public static String name(int signal) {
    if (signal >= 1 && signal <= NAMES.length) return NAMES[signal - 1];
    if (signal < 32 || signal > RTMAX) return null;
    if (signal < RTMIN) return "SIG" + signal;
    return signal == RTMIN ? "SIGRTMIN" : "SIGRTMIN+" + (signal - RTMIN);
  }
}
