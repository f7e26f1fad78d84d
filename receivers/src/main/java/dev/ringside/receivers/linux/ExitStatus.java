package dev.ringside.receivers.linux;

/// How a process ended, as wait(2) encodes it: the exit code in bits 8 to 15, or the signal in the
/// lowest seven bits and 0x80 when it dumped core.
///
/// @param status the encoded status, `task_struct.exit_code`
public record ExitStatus(int status) {

  /// The number of the signal that ended the process, or 0 when it ended by itself.
  public int signal() {
    return status & 0x7f;
  }

  /// The name of the signal that ended the process; null when it ended by itself.
  public String signalName() {
    if (signal() == 0) return null;
    String name = Signals.name(signal());
    return name == null ? "SIG" + signal() : name;
  }

  /// The exit code. A process that a signal ended has none: this is 128 plus the signal's number
  /// then, which is a convention of shells and not the kernel's, but what people know from `$?`.
  public int code() {
    return signal() == 0 ? status >> 8 & 0xff : 128 + signal();
  }

  public boolean dumpedCore() {
    return signal() != 0 && (status & 0x80) != 0;
  }

  /// The value of `error.type`: the signal's name, else the exit code; null for success.
  public String errorType() {
    if (signal() != 0) return signalName();
    return code() == 0 ? null : Integer.toString(code());
  }
}
