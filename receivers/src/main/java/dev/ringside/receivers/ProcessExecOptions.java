package dev.ringside.receivers;

import java.util.List;

/// Options of `process_exec`.
public record ProcessExecOptions(
    @Option(value = "Only this process; 0 is all", min = 0, max = 4_194_304) int pid,
    @Option(value = "Only this effective user id; -1 is all", min = -1, max = 4_294_967_294L)
        long uid,
    @Option(
            "Only this cgroup and those below it, as /proc/PID/cgroup shows it behind 0::; empty is all")
        String cgroup,
    @Option("Only processes of this name (comm, at most 15 bytes); empty is all") String command,
    @Option("Emit ringside.process.exec and ringside.process.exit") boolean events,
    @Option("Report the arguments, sanitised") boolean args,
    @Option("Emit a span for each program from its exec to its exit") boolean spans,
    @Option(
            "Further attributes of the events: process.working_directory, process.vpid,"
                + " process.linux.cgroup")
        List<String> attributes,
    @Option(
            value = "Bytes of each ring between the kernel and Ringside, a power of two",
            min = 4096,
            max = 1 << 30)
        long ringBytes) {

  static final String WORKING_DIRECTORY = "process.working_directory";
  static final String VPID = "process.vpid";
  static final String CGROUP = "process.linux.cgroup";

  static final ProcessExecOptions DEFAULTS =
      new ProcessExecOptions(0, -1, "", "", true, true, false, List.of(), 4 << 20);

  public ProcessExecOptions {
    attributes = List.copyOf(attributes);
  }
}
