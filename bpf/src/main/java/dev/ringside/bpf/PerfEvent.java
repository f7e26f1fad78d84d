package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A probe as a perf event (`perf_event_open(2)`), which needs no tracefs and ends with its
/// descriptor.
final class PerfEvent {
  private static final Path KINDS = Path.of("/sys/bus/event_source/devices");
  private static final boolean X86 = System.getProperty("os.arch").equals("amd64");

  private static final long ALL_PROCESSES = -1;
  private static final long ANY_PROCESSOR = 0;
  private static final long NO_GROUP = -1;
  private static final long CLOSE_ON_EXEC = 8; // PERF_FLAG_FD_CLOEXEC

  private static final int BPF_PERF_EVENT = 41;

  // linux/perf_event.h
  private static final long IOC_SET_BPF = 0x40042408L;
  private static final long IOC_ENABLE = 0x2400L;

  private PerfEvent() {}

  /// The kernel's number for a kind of probe, `kprobe` or `uprobe`.
  static int type(String kind) {
    try {
      return Integer.parseInt(Files.readString(KINDS.resolve(kind).resolve("type")).strip());
    } catch (IOException e) {
      throw new BpfException("attach: no " + kind + "s by perf event: " + e.getMessage(), 2);
    }
  }

  /// @param attributes `struct perf_event_attr`
  /// @return its descriptor
  static int open(MemorySegment attributes) {
    return Native.number(
        "attach",
        Libbpf.syscall(
            SystemCall.PERF_EVENT_OPEN.number(X86),
            attributes.address(),
            ALL_PROCESSES,
            ANY_PROCESSOR,
            NO_GROUP,
            CLOSE_ON_EXEC));
  }

  /// Lets a program run at an event. By a link (5.15) where there are links, since it can be asked
  /// what it missed.
  ///
  /// @return descriptors that keep it attached, the event's among them; that is closed on failure
  static List<Integer> attach(int program, int event) {
    int link = Libbpf.bpf_link_create(program, event, BPF_PERF_EVENT, MemorySegment.NULL);
    if (link >= 0) return List.of(link, event);
    try {
      control(event, IOC_SET_BPF, program);
      control(event, IOC_ENABLE, 0);
      return List.of(event);
    } catch (BpfException e) {
      Libbpf.close(event);
      throw e;
    }
  }

  /// The same for a program that has to be told a cookie, which only links have.
  static List<Integer> attach(int program, int event, long cookie) {
    try {
      return List.of(BpfLink.toPerfEvent(program, event, cookie), event);
    } catch (BpfException e) {
      Libbpf.close(event);
      throw e;
    }
  }

  private static void control(int event, long request, long argument) {
    Native.number("attach", Libbpf.ioctl(event, request, argument));
  }
}
