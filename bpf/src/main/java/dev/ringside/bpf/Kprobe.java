package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringside.bpf.libbpf.Libbpf;
import dev.ringside.bpf.libbpf.perf_event_attr;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A kprobe or kretprobe as a perf event (`perf_event_open(2)`), which needs no tracefs and ends
/// with its descriptor.
final class Kprobe implements CopiedHooks.Place {
  private static final Path PERF_TYPE = Path.of("/sys/bus/event_source/devices/kprobe/type");
  private static final boolean X86 = System.getProperty("os.arch").equals("amd64");

  private static final long AT_RETURN = 1;
  private static final long ALL_PROCESSES = -1;
  private static final long ANY_PROCESSOR = 0;
  private static final long NO_GROUP = -1;
  private static final long CLOSE_ON_EXEC = 8; // PERF_FLAG_FD_CLOEXEC
  private static final int PERF_EVENT = 41; // BPF_PERF_EVENT

  // linux/perf_event.h
  private static final long IOC_SET_BPF = 0x40042408L;
  private static final long IOC_ENABLE = 0x2400L;

  private static final FunctionDescriptor OPEN =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor IOCTL =
      FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

  @Override
  public List<Integer> attach(int program, KernelFunction function, boolean atReturn) {
    int event = open(function.name(), atReturn);
    // A link (5.15) can be asked what it missed.
    int link =
        Libbpf.bpf_link_create(program, event, PERF_EVENT, java.lang.foreign.MemorySegment.NULL);
    if (link >= 0) return List.of(link, event);
    try {
      control("attach", event, IOC_SET_BPF, program);
      control("enable", event, IOC_ENABLE, 0);
      return List.of(event);
    } catch (BpfException e) {
      Libbpf.close(event);
      throw e;
    }
  }

  private static int open(String function, boolean atReturn) {
    try (var arena = Arena.ofConfined()) {
      var event = perf_event_attr.allocate(arena);
      perf_event_attr.type(event, perfType());
      perf_event_attr.size(event, Math.toIntExact(perf_event_attr.sizeof()));
      perf_event_attr.config(event, atReturn ? AT_RETURN : 0);
      perf_event_attr.kprobe_func(event, arena.allocateFrom(function).address());
      return Native.number(
          "attach",
          Libbpf.syscall.address(),
          OPEN,
          (long) SystemCall.PERF_EVENT_OPEN.number(X86),
          event,
          ALL_PROCESSES,
          ANY_PROCESSOR,
          NO_GROUP,
          CLOSE_ON_EXEC);
    }
  }

  private static void control(String doing, int event, long request, long argument) {
    Native.number(doing, Libbpf.ioctl.address(), IOCTL, event, request, argument);
  }

  private static int perfType() {
    try {
      return Integer.parseInt(Files.readString(PERF_TYPE).strip());
    } catch (IOException e) {
      throw new BpfException("attach: no kprobes by perf event: " + e.getMessage(), 2);
    }
  }
}
