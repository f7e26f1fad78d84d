package dev.ringside.receivers.linux;

/// Finds a container's id in a cgroup path.
///
/// Every runtime that speaks OCI names a container's cgroup after its id, in its own way:
/// `/docker/ID`, `/system.slice/docker-ID.scope`, `/kubepods/…/podUID/ID`,
/// `…/cri-containerd-ID.scope`, `…slice:cri-containerd:ID`, `…/crio-ID.scope`, `…/libpod-ID.scope`.
/// Common to all is the id: 64 hexadecimal digits, alone between separators. Only Amazon ECS on
/// Fargate differs: 32 digits, a dash and a number.
public final class ContainerId {
  private ContainerId() {}

  /// The id of the innermost container that `cgroupPath` lies in; null when it lies in none. LXC
  /// and systemd-nspawn name their containers as people please, so they are not found.
  public static String of(String cgroupPath) {
    String found = null;
    int segment = 0;
    while (segment < cgroupPath.length()) {
      int end = cgroupPath.indexOf('/', segment + 1);
      if (end < 0) end = cgroupPath.length();
      String id = inSegment(cgroupPath, segment, end);
      if (id != null) found = id;
      segment = end;
    }
    return found;
  }

  private static String inSegment(String path, int from, int to) {
    int run = from; // where the current run of hexadecimal digits begins
    for (int i = from; i <= to; i++) {
      if (i < to && isHex(path.charAt(i))) continue;
      if (i - run == 64 && isFree(path, run, i) && !isMonitor(path, from, run)) {
        return path.substring(run, i);
      }
      if (i - run == 32 && isFargate(path, run, i, to)) return path.substring(run, to);
      run = i + 1;
    }
    return null;
  }

  private static boolean isFree(String path, int from, int to) {
    boolean before = from == 0 || !Character.isLetterOrDigit(path.charAt(from - 1));
    return before && (to == path.length() || !Character.isLetterOrDigit(path.charAt(to)));
  }

  /// `libpod-conmon-ID` and `crio-conmon-ID` hold the process that watches the container, from
  /// outside.
  private static boolean isMonitor(String path, int from, int to) {
    int conmon = path.indexOf("conmon-", from);
    return conmon >= 0 && conmon < to;
  }

  /// `/ecs/TASK/TASK-NUMBER`, where a task is 32 digits.
  private static boolean isFargate(String path, int from, int dash, int to) {
    if (!path.startsWith("/", from - 1) || !path.startsWith("-", dash)) return false;
    if (to - dash < 9 || !path.contains("/ecs/")) return false;
    for (int i = dash + 1; i < to; i++) {
      if (path.charAt(i) < '0' || path.charAt(i) > '9') return false;
    }
    return true;
  }

  private static boolean isHex(char c) {
    return c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
  }
}
