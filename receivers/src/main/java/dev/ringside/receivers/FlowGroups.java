package dev.ringside.receivers;

import dev.ringside.bpf.Probe;
import dev.ringside.bpf.Table;
import dev.ringside.receivers.linux.IpAddress;
import dev.ringside.semconv.Keys;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// By what series of connections are told apart, if that is asked for: servers, and owners.
final class FlowGroups {
  private static final String SERVER_ADDRESS = Keys.SERVER_ADDRESS.getKey();
  private static final String SERVER_PORT = Keys.SERVER_PORT.getKey();
  private static final String EXECUTABLE = Keys.PROCESS_EXECUTABLE_NAME.getKey();

  /// What may be asked for.
  static final List<String> ATTRIBUTES = List.of(SERVER_ADDRESS, SERVER_PORT, EXECUTABLE);

  private static final IpAddress UNKNOWN_ADDRESS = new IpAddress(0, 0);

  /// `struct flow_group`; what is not asked for, or not known, is 0.
  ///
  /// @param executable its number
  record FlowGroup(IpAddress serverAddress, int serverPort, int executable) {}

  /// `struct executable`.
  record Executable(String name) {}

  private final List<String> attributes;
  private final Table<Executable, Long> executables;

  /// @param attributes some of [#ATTRIBUTES]
  FlowGroups(Probe probe, List<String> attributes) {
    this.attributes = attributes;
    probe.set("by_series", attributes.isEmpty() ? 0 : 1);
    probe.set("by_server_address", attributes.contains(SERVER_ADDRESS) ? 1 : 0);
    probe.set("by_server_port", attributes.contains(SERVER_PORT) ? 1 : 0);
    probe.set("by_executable", attributes.contains(EXECUTABLE) ? 1 : 0);
    if (!attributes.contains(EXECUTABLE)) {
      probe.resize("executable_numbers", 1);
      probe.resize("numbers_taken", 1);
    }
    executables = probe.table("executable_numbers", Executable.class);
  }

  boolean areAskedFor() {
    return !attributes.isEmpty();
  }

  /// The names of executables by their numbers, as far as there are any now. Any thread.
  Map<Long, String> executables() {
    var names = new HashMap<Long, String>();
    executables.forEach((executable, number) -> names.put(number, executable.name()));
    return names;
  }

  /// What is not known, as of a reset after the end, is left out.
  void describe(AttributesBuilder series, FlowGroup group, Map<Long, String> executables) {
    if (!group.serverAddress().equals(UNKNOWN_ADDRESS))
      series.put(Keys.SERVER_ADDRESS, group.serverAddress().toString());
    if (group.serverPort() != 0) series.put(Keys.SERVER_PORT, (long) group.serverPort());
    series.put(Keys.PROCESS_EXECUTABLE_NAME, executables.get((long) group.executable()));
  }

  /// The series that there always are hold what did not fit into others, where there are any.
  void describeRest(AttributesBuilder series) {
    if (areAskedFor()) series.put(CallsByWhom.OVERFLOW, true);
  }
}
