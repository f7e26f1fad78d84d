package dev.ringside.receivers;

import dev.ringside.bpf.Text;
import dev.ringside.receivers.linux.ContainerId;
import dev.ringside.receivers.linux.Errno;
import dev.ringside.receivers.telemetry.EventBuilder;
import dev.ringside.receivers.telemetry.SharedAttributes;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Keys;

/// What every event says in the same words. For the polling thread.
///
/// Neighbouring events are often of the same processes, so what takes time to say is kept for a
/// while.
final class ProcessAttributes {
  private static final int KEPT = 1024;

  /// What is said of a thread, for as long as it is what it was.
  private record Known(
      ObservedProcess process,
      long creation,
      Text executableName,
      Text cgroup,
      SharedAttributes attributes) {
    boolean isOf(ObservedProcess other, long created, Text executable, Text itsCgroup) {
      return process.tid() == other.tid()
          && process.pid() == other.pid()
          && process.userId() == other.userId()
          && creation == created
          && process.command().equals(other.command())
          && executableName.equals(executable)
          && cgroup.equals(itsCgroup);
    }
  }

  private final Telemetry telemetry;
  private final CreationTimes times = new CreationTimes();
  private final Known[] known = new Known[KEPT];
  private Text cgroup = Text.EMPTY;
  private String containerId;

  ProcessAttributes(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  /// Who did it.
  ///
  /// @param executableName empty when it is not known
  void describe(EventBuilder event, ObservedProcess process, Text executableName, Text cgroup) {
    // Not kept with the start time: the wall clock can be set.
    long creation = telemetry.processCreation(process.startTime());
    int place = process.tid() & (KEPT - 1);
    var kept = known[place];
    if (kept == null || !kept.isOf(process, creation, executableName, cgroup)) {
      var attributes = attributes(process, creation, executableName, cgroup);
      kept = new Known(process, creation, executableName, cgroup, attributes);
      known[place] = kept;
    }
    event.set(kept.attributes());
  }

  private SharedAttributes attributes(
      ObservedProcess process, long creation, Text executableName, Text cgroup) {
    return SharedAttributes.builder()
        .set(Keys.PROCESS_PID, (long) process.pid())
        .set(Keys.PROCESS_CREATION_TIME, times.text(creation))
        .setText(Keys.PROCESS_EXECUTABLE_NAME, executableName)
        .set(Keys.PROCESS_USER_ID, Integer.toUnsignedLong(process.userId()))
        .set(Keys.CONTAINER_ID, containerId(cgroup))
        .set(Keys.THREAD_NAME, process.command())
        .build();
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
