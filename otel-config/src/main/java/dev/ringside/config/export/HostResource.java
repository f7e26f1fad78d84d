package dev.ringside.config.export;

import dev.ringside.semconv.Keys;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The two things that telemetry is about: the host that is observed, and the agent itself.
///
/// OpenTelemetry asks that the Resource of an observer "describes the observed entity, not the
/// agent itself" (specification, Resource SDK), so `service.*` and `process.*` of the agent are
/// only in the agent's. Spans alone have a `service.name`, since what stores them cannot do
/// without.
///
/// @param root where the host's files are: `/`
/// @param version Ringside's
public record HostResource(Path root, String version) {

  public static HostResource ofThisHost(String version) {
    return new HostResource(Path.of("/"), version);
  }

  /// The observed host, and what the user configured, which wins.
  public Resource host(Resource configured) {
    var builder = Resource.builder();
    read("etc/machine-id").ifPresent(id -> builder.put("host.id", id));
    read("proc/sys/kernel/hostname").ifPresent(name -> builder.put("host.name", name));
    builder.put("host.arch", architecture(System.getProperty("os.arch")));
    builder.put("os.type", "linux");
    release("NAME").ifPresent(name -> builder.put("os.name", name));
    release("VERSION_ID").ifPresent(id -> builder.put("os.version", id));
    release("PRETTY_NAME").ifPresent(name -> builder.put("os.description", name));
    release("BUILD_ID")
        .or(() -> read("proc/sys/kernel/osrelease"))
        .ifPresent(id -> builder.put("os.build_id", id));
    builder.put("telemetry.distro.name", "ringside");
    builder.put("telemetry.distro.version", version);
    return builder.build().merge(configured);
  }

  /// This agent, on that host, and what the user configured, which wins.
  public Resource agent(Resource configured) {
    var service =
        Resource.builder()
            .put("service.name", "ringside")
            .put("service.version", version)
            .put("service.instance.id", instance())
            .put(Keys.PROCESS_PID, ProcessHandle.current().pid())
            .put(Keys.PROCESS_CREATION_TIME, creationTime())
            .build();
    return Resource.getDefault().merge(host(Resource.empty())).merge(service).merge(configured);
  }

  /// The kernel's: for a random number of its own the JDK would load its security providers.
  private String instance() {
    return read("proc/sys/kernel/random/uuid").orElseGet(() -> UUID.randomUUID().toString());
  }

  /// The JDK computes it as receivers do for the processes they see: boot second plus clock ticks.
  private static String creationTime() {
    return ProcessHandle.current().info().startInstant().map(Instant::toString).orElse(null);
  }

  /// The values that the semantic conventions know for `host.arch`.
  private static String architecture(String java) {
    return switch (java) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> java;
    };
  }

  private Optional<String> read(String file) {
    try {
      return Optional.of(Files.readString(root.resolve(file)).strip()).filter(s -> !s.isEmpty());
    } catch (IOException e) {
      return Optional.empty(); // containers and small systems miss some of them
    }
  }

  /// A value of os-release(5).
  private Optional<String> release(String key) {
    return read("etc/os-release").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1).replaceAll("^[\"']|[\"']$", ""))
        .filter(value -> !value.isEmpty())
        .findFirst();
  }
}
