package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// What this process gives up when its receivers are attached, in all its threads and for good.
///
/// Capabilities belong to threads, and a JVM has threads that run none of our code, so nobody can
/// call capset(2) in all of them. But the C library makes setresuid(2) a call of the whole process:
/// it interrupts every thread and has it make the call. And a thread whose last user id stops being
/// root's loses all capabilities (capabilities(7), "Effect of user ID changes on capabilities"). So
/// root becomes somebody else, and all is gone everywhere.
///
/// Whether a kernel lets somebody without CAP_BPF read maps (it does since 5.19), and whether that
/// user may read the files that are needed later, is found by trying: in one thread that becomes
/// that user alone, which the bare system calls do, and then ends. If it fails there, the process
/// stays what it is.
///
/// In either case a filter for system calls is installed in all threads, and `no_new_privs`.
///
/// @param user who this process is now
/// @param stays why it did not become another one; empty when it did
/// @param capabilities that any of its threads still has
/// @param isFiltered whether every thread has our filter and `no_new_privs`
/// @param filterFailure why there is no filter; empty when there is
public record Confinement(
    String user, String stays, Set<String> capabilities, boolean isFiltered, String filterFailure) {
  private static final boolean X86 = System.getProperty("os.arch").equals("amd64");

  /// Confines this process.
  ///
  /// @param user whom to become, if this process is root's
  /// @param directories that this process writes to later; with all that is in them they become
  ///   that user's
  /// @param rehearsal does once what is needed later, in a thread of that user without
  ///   capabilities; whatever it throws keeps this process as it is
  public static Confinement apply(SystemUser user, List<Path> directories, Callable<?> rehearsal) {
    Native.libbpfVersion();
    var stays = become(user, directories, rehearsal);
    var failure = "";
    try {
      SystemCallFilter.install();
    } catch (BpfException e) {
      failure = String.valueOf(e.getMessage());
    }
    return read(user, stays, failure);
  }

  private static String become(SystemUser user, List<Path> directories, Callable<?> rehearsal) {
    if (ids()[1] != 0) return "it was not started as root";
    if (user.uid() == 0) return "that is what was asked for";
    var refusal = give(directories, user.uid(), user.gid());
    if (refusal.isEmpty()) refusal = rehearse(user, rehearsal);
    if (refusal.isEmpty()) refusal = becomeInAllThreads(user);
    if (!refusal.isEmpty()) give(directories, 0, 0);
    return refusal;
  }

  /// @return why it did not go well; empty when it did
  private static String give(List<Path> directories, int uid, int gid) {
    for (var directory : directories) {
      try {
        give(directory, uid, gid);
      } catch (IOException | DirectoryIteratorException e) {
        return "give away " + directory + " (CAP_CHOWN): " + e.getMessage();
      }
    }
    return "";
  }

  private static void give(Path path, int uid, int gid) throws IOException {
    // What is in a directory before the directory itself, which may then be closed to us.
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (var inside = Files.newDirectoryStream(path)) {
        for (var each : inside) give(each, uid, gid);
      }
    }
    try {
      Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      // It went meanwhile: receivers run, and what waited in a buffer may be delivered.
    }
  }

  /// The C library has each thread make these calls.
  private static String becomeInAllThreads(SystemUser user) {
    int uid = user.uid();
    int gid = user.gid();
    try {
      Native.number("give up groups", Libbpf.setgroups(0, MemorySegment.NULL));
      Native.number("change the group", Libbpf.setresgid(gid, gid, gid));
      Native.number("change the user", Libbpf.setresuid(uid, uid, uid));
      return "";
    } catch (BpfException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// @return why it did not go well; empty when it did
  private static String rehearse(SystemUser user, Callable<?> rehearsal) {
    var refusal = new String[] {""};
    var kernels = new Path[] {Path.of("/proc/self/task/rehearsal")};
    var thread =
        Thread.ofPlatform()
            .name("ringside-rehearsal")
            .start(() -> {
              try {
                kernels[0] = Path.of("/proc/thread-self").toRealPath();
                becomeInThisThread(user);
                rehearsal.call();
              } catch (Exception | LinkageError e) {
                refusal[0] = String.valueOf(e.getMessage());
              }
            });
    try {
      thread.join();
      awaitEnd(kernels[0]);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever interrupts wants us to end, not to confine
      return "the rehearsal was interrupted";
    }
    return refusal[0];
  }

  /// Java's end of a thread comes before the kernel's. Made to change the user again, that thread
  /// would fail where the others succeed, and then the C library ends the process.
  private static void awaitEnd(Path thread) throws InterruptedException {
    while (Files.exists(thread)) Thread.sleep(Duration.ofNanos(100_000));
  }

  // The bare system calls, which know of no other threads. None of them has a variable number of
  // arguments for the processor, whatever C says of syscall(2).
  private static void becomeInThisThread(SystemUser user) {
    long nowhere = 0;
    bare("give up groups (CAP_SETGID)", SystemCall.SETGROUPS, 0, nowhere);
    long gid = user.gid();
    bare("change the group (CAP_SETGID)", SystemCall.SETRESGID, gid, gid, gid);
    long uid = user.uid();
    bare("change the user (CAP_SETUID)", SystemCall.SETRESUID, uid, uid, uid);
  }

  private static void bare(String doing, SystemCall call, long... arguments) {
    Native.number(doing, Libbpf.syscall(call.number(X86), arguments));
  }

  /// What the kernel says of all threads now.
  private static Confinement read(SystemUser user, String stays, String failure) {
    long capabilities = 0;
    boolean isFiltered = failure.isEmpty(); // systemd may have installed others
    for (var status : statuses()) {
      capabilities |= Long.parseUnsignedLong(field(status, "CapPrm"), 16);
      isFiltered &= field(status, "Seccomp").equals("2") && field(status, "NoNewPrivs").equals("1");
    }
    var name = stays.isEmpty() ? user.name() : ids()[1] == 0 ? "root" : String.valueOf(ids()[1]);
    var left = new TreeSet<>(new Capabilities(capabilities).names());
    return new Confinement(name, stays, left, isFiltered, failure);
  }

  private static List<String> statuses() {
    var statuses = new ArrayList<String>();
    try (var threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (var thread : threads) {
        try {
          statuses.add(Files.readString(thread.resolve("status")));
        } catch (NoSuchFileException e) {
          // it ended meanwhile
        }
      }
      return statuses;
    } catch (IOException e) {
      throw new BpfException("read what this process may, from /proc/self/task: " + e, 0);
    }
  }

  /// Real, effective and saved user id, and that of the file system.
  private static int[] ids() {
    return Stream.of(field(statuses().getFirst(), "Uid").split("\\s+"))
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  private static String field(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .findFirst()
        .map(line -> line.substring(name.length() + 1).strip())
        .orElse("");
  }
}
