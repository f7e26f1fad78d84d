package dev.ringside.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ringside.bpf.Hook;
import dev.ringside.bpf.Need;
import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Way;
import dev.ringside.receivers.linux.Errno;
import dev.ringside.receivers.linux.KernelPath;
import dev.ringside.receivers.linux.OpenFlags;
import dev.ringside.receivers.telemetry.EventBuilder;
import dev.ringside.receivers.telemetry.Telemetry;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import dev.ringside.semconv.Metrics;
import io.opentelemetry.api.common.Attributes;
import java.util.ArrayList;
import java.util.List;

/// Reports how long opening files takes, what fails and, when asked, each open by itself.
final class FileOpenReceiver implements Receiver {

  /// `struct open_outcome`.
  record OpenOutcome(int accessMode, int error) {}

  private final FileOpenOptions options;
  private final ProcessFilter filter;

  FileOpenReceiver(FileOpenOptions options, ProcessFilter filter) {
    this.options = options;
    this.filter = filter;
  }

  @Override
  public void bind(Probe probe, Telemetry telemetry) {
    filter.apply(probe);
    byte[] prefix = options.pathPrefix().getBytes(UTF_8);
    probe.set("only_path_prefix", prefix);
    probe.set("only_path_prefix_length", prefix.length);
    probe.set("events", options.events() ? 1 : 0);
    probe.set("only_failed", options.failedOnly() ? 1 : 0);
    probe.set("min_duration_ns", options.minDuration().toNanos());
    needs().forEach(probe::need);

    RingSize.apply(probe, "file_opens", options.events(), options.ringBytes());
    if (options.events()) {
      var process = new ProcessAttributes(telemetry);
      var flags = new KnownFlags.Recent();
      var traces = new CallTraces(telemetry, Metrics.FILE_OPEN_DURATION);
      probe.onEvent(
          "file_opens",
          FileOpen.class,
          open -> emit(open, flags.of(open.flags()), traces, process));
    }
    var durations = probe.histograms("open_durations", OpenOutcome.class);
    telemetry.histogram(
        Metrics.FILE_OPEN_DURATION,
        points ->
            durations.forEach((outcome, took) ->
                points.add(
                    attributes(OpenFlags.accessMode(outcome.accessMode()), outcome.error()),
                    took)));
  }

  private static void emit(
      FileOpen open, KnownFlags known, CallTraces traces, ProcessAttributes process) {
    OpenFlags flags = known.flags();
    EventBuilder event = traces.telemetry().event(Events.FILE_OPEN).at(open.time());
    process.describe(event, open.process(), open.executableName(), open.cgroup());
    traces.tell(
        event,
        open.process(),
        open.time(),
        open.duration(),
        () -> attributes(flags.accessMode(), open.error()));
    ProcessAttributes.failure(event, open.error());
    event
        .set(Keys.THREAD_ID, open.process().tid())
        .setText(Keys.FILE_PATH, KernelPath.tidy(open.path()))
        .set(Keys.RINGSIDE_FILE_PATH_TRUNCATED, ProcessAttributes.trueOrNull(open.path().cut()))
        .set(known.attributes())
        .set(Keys.RINGSIDE_OPERATION_DURATION, open.duration() / 1e9);
    if (flags.mayCreate()) event.set(Keys.FILE_MODE, octal(open.mode() & 07777));
    if (open.error() == 0) event.set(Keys.RINGSIDE_FILE_DESCRIPTOR, open.descriptor());
    event.emit();
  }

  /// `0644`, without parsing a format for each event.
  private static String octal(int mode) {
    var digits = new char[4];
    for (int i = 0; i < 4; i++) digits[i] = (char) ('0' + (mode >> 9 - 3 * i & 7));
    return new String(digits);
  }

  private static Attributes attributes(String accessMode, int error) {
    var attributes = Attributes.builder();
    attributes.put(Keys.RINGSIDE_FILE_ACCESS_MODE, accessMode);
    attributes.put(Keys.ERROR_TYPE, Errno.errorType(error));
    return attributes.build();
  }

  /// The programs at the return come first: an entry that is seen must find its return.
  ///
  /// What opens a file in the kernel is do_sys_openat2, whichever system call is used. Hooked
  /// there, nobody pays who opens nothing; hooked at the system calls, everybody pays a little for
  /// each call.
  private static List<Need> needs() {
    return List.of(
        Need.required(
            "file opens",
            Way.by("fentry/fexit").attach("on_open_fexit").attach("on_open_fentry"),
            Way.by("kprobe/kretprobe")
                .attach("on_open_kretprobe")
                .attach("on_open_kprobe")
                .note(
                    "about 540 instructions more per open than fentry/fexit; a return is missed, and"
                        + " counted, when more threads are in the call than the kernel keeps"
                        + " instances for"),
            tracepoints()
                .note(
                    "every system call on this machine takes about 110 instructions more, also those"
                        + " that open nothing; opens of 32-bit programs are missed"),
            Way.by("raw tracepoints")
                .attach("on_sys_exit")
                .attach("on_sys_enter")
                .note(
                    "every system call on this machine takes about 260 to 340 instructions more,"
                        + " also those that open nothing; opens of 32-bit programs are missed")),
        Need.required(
            "start times",
            Way.by("task storage").map("starts_by_task").set("use_task_storage", 1),
            Way.by("hash")
                .map("starts_by_thread")
                .note("about 800 instructions more per open than task storage")));
  }

  private static Way tracepoints() {
    var calls = new ArrayList<>(List.of("openat", "openat2"));
    // aarch64 came too late for open and creat: its C library calls openat for them.
    if (!System.getProperty("os.arch").equals("aarch64")) calls.addAll(List.of("open", "creat"));
    Way way = Way.by("syscall tracepoints");
    for (String call : calls) {
      way =
          way.attach("on_open_exit", Hook.tracepoint("syscalls", "sys_exit_" + call))
              .attach("on_open_enter", Hook.tracepoint("syscalls", "sys_enter_" + call));
    }
    return way;
  }
}
