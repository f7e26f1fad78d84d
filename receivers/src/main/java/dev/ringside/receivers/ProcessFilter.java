package dev.ringside.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ringside.bpf.Probe;
import dev.ringside.receivers.linux.Cgroup;

/// Which processes a receiver is about, decided in the kernel: `filter.bpf.h`.
///
/// @param pid a process, or 0 for all
/// @param uid an effective user id, or -1 for all
/// @param cgroup a cgroup with all below it, or null for all
/// @param command the name of a thread, or empty for all
public record ProcessFilter(int pid, long uid, Cgroup cgroup, String command) {

  /// Reads the four options that such receivers share.
  ///
  /// @throws IllegalArgumentException when one does not fit; the message begins with its key
  public static ProcessFilter of(int pid, long uid, String cgroup, String command) {
    if (pid < 0) throw new IllegalArgumentException("pid: " + pid + "; a process id, or 0 for all");
    if (uid < -1 || uid > 4_294_967_294L) {
      throw new IllegalArgumentException("uid: " + uid + "; 0 to 4294967294, or -1 for all");
    }
    if (command.getBytes(UTF_8).length > 15 || command.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "command: '"
              + command
              + "'; at most 15 bytes, which is all of a name that the kernel keeps");
    }
    return new ProcessFilter(pid, uid, cgroup.isEmpty() ? null : find(cgroup), command);
  }

  /// Whether no process is left out.
  boolean isAll() {
    return pid == 0 && uid < 0 && cgroup == null && command.isEmpty();
  }

  public void apply(Probe probe) {
    probe.set("filtered", isAll() ? 0 : 1);
    probe.set("only_pid", pid);
    probe.set("filter_uid", uid < 0 ? 0 : 1);
    if (uid >= 0) probe.set("only_uid", uid);
    if (cgroup != null) {
      probe.set("only_cgroup", cgroup.id());
      probe.set("only_cgroup_level", cgroup.level());
    }
    if (!command.isEmpty()) probe.set("only_command", command.getBytes(UTF_8));
  }

  private static Cgroup find(String path) {
    try {
      return Cgroup.find(path);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("cgroup: " + e.getMessage(), e);
    }
  }
}
