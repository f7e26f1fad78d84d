package dev.ringside.receivers;

import dev.ringside.bpf.Text;
import dev.ringside.receivers.linux.ContainerId;
import dev.ringside.receivers.linux.Errno;
import dev.ringside.receivers.telemetry.EventBuilder;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Keys;

/// What every event says in the same words.
final class ProcessAttributes {
  private ProcessAttributes() {}

  /// Who did it.
  ///
  /// @param executableName may be null or empty, when it is not known
  static void describe(
      EventBuilder event,
      Telemetry telemetry,
      ObservedProcess process,
      String executableName,
      Text cgroup) {
    event
        .set(Keys.PROCESS_PID, process.pid())
        .set(Keys.PROCESS_CREATION_TIME, telemetry.processCreation(process.startTime()).toString())
        .set(Keys.PROCESS_EXECUTABLE_NAME, orNull(executableName))
        .set(Keys.PROCESS_USER_ID, Integer.toUnsignedLong(process.userId()))
        .set(Keys.CONTAINER_ID, ContainerId.of(cgroup.toString()))
        .set(Keys.THREAD_NAME, process.command());
  }

  /// How it failed; nothing when it did not.
  static void failure(EventBuilder event, int errno) {
    if (errno == 0) return;
    event
        .set(Keys.ERROR_TYPE, Errno.errorType(errno))
        .set(Keys.RINGSIDE_ERRNO_NAME, Errno.name(errno));
  }

  /// An attribute that is only there when it is true.
  static Boolean trueOrNull(boolean value) {
    return value ? Boolean.TRUE : null;
  }

  static String orNull(String value) {
    return value == null || value.isEmpty() ? null : value;
  }
}
