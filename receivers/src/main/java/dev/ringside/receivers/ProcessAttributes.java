package dev.ringside.receivers;

import dev.ringside.bpf.Text;
import dev.ringside.receivers.linux.ContainerId;
import dev.ringside.receivers.linux.Errno;
import dev.ringside.receivers.telemetry.EventBuilder;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Keys;
import java.time.Instant;

/// What every event says in the same words. For the polling thread.
///
/// Neighbouring events are often of the same processes, so what takes time to say is kept for a
/// while.
final class ProcessAttributes {
  private static final int KEPT = 1024;

  private final Telemetry telemetry;
  private final long[] creations = new long[KEPT];
  private final String[] creationTexts = new String[KEPT];
  private Text cgroup = Text.EMPTY;
  private String containerId;

  ProcessAttributes(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  /// Who did it.
  ///
  /// @param executableName empty when it is not known
  void describe(EventBuilder event, ObservedProcess process, Text executableName, Text cgroup) {
    event
        .set(Keys.PROCESS_PID, process.pid())
        .set(Keys.PROCESS_CREATION_TIME, creationTime(process))
        .setText(Keys.PROCESS_EXECUTABLE_NAME, executableName)
        .set(Keys.PROCESS_USER_ID, Integer.toUnsignedLong(process.userId()))
        .set(Keys.CONTAINER_ID, containerId(cgroup))
        .set(Keys.THREAD_NAME, process.command());
  }

  private String creationTime(ObservedProcess process) {
    var creation = telemetry.processCreation(process.startTime());
    int place = process.pid() & (KEPT - 1);
    if (creation != creations[place] || creationTexts[place] == null) {
      creations[place] = creation;
      creationTexts[place] = Instant.EPOCH.plusNanos(creation).toString();
    }
    return creationTexts[place];
  }

  private String containerId(Text path) {
    if (!path.equals(cgroup)) {
      cgroup = path;
      containerId = ContainerId.of(path.toString());
    }
    return containerId;
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
