package dev.ringside.config.command;

import dev.ringside.bpf.Capabilities;
import dev.ringside.bpf.Confinement;
import dev.ringside.bpf.SystemUser;
import dev.ringside.config.agent.Agent;
import dev.ringside.config.agent.Kernel;
import dev.ringside.config.tree.InvalidConfigurationException;
import dev.ringside.config.tree.Mark;
import dev.ringside.config.tree.Problem;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Attaching takes rights that watching does not: they go as soon as the receivers run.
///
/// @param user whom to become, if this process is root's
record LeastPrivilege(SystemUser user) {

  /// @param name of a user, or UID:GID; null is for whoever may least here
  static LeastPrivilege as(String name) {
    if (name == null) return new LeastPrivilege(SystemUser.unprivileged());
    var unknown =
        new Problem(
            Mark.of("--user " + name), "", "no such user in /etc/passwd; UID:GID does as well");
    return new LeastPrivilege(
        SystemUser.find(name)
            .orElseThrow(() -> new InvalidConfigurationException(List.of(unknown))));
  }

  /// @param buffer what the user has to be able to write, if there is one
  /// @param say takes a line that says what this process may do from now on
  void keep(Agent agent, Optional<Path> buffer, Kernel kernel, Consumer<String> say) {
    buffer.ifPresent(this::give);
    kernel.confine(user, () -> rehearse(agent, buffer)).ifPresent(now -> say(now, say));
  }

  /// Where this is not allowed, or the user is this one, the rehearsal shows whether it matters.
  private void give(Path directory) {
    try (var files = Files.walk(directory)) {
      for (var file : (Iterable<Path>) files::iterator) {
        Files.setAttribute(file, "unix:gid", user.gid());
        Files.setAttribute(file, "unix:uid", user.uid());
      }
    } catch (IOException | UncheckedIOException e) {
      // said by the rehearsal
    }
  }

  private static void say(Confinement now, Consumer<String> say) {
    var line = new StringBuilder("from now on user " + now.user());
    if (now.capabilities().isEmpty()) line.append(" without capabilities");
    else line.append(" with ").append(names(now)).append(" (").append(now.stays()).append(")");
    if (now.isFiltered()) line.append("; may not start programs, listen, or change the kernel");
    say.accept(line.toString());
    if (!now.filterFailure().isEmpty()) say.accept(now.filterFailure());
  }

  private static String names(Confinement now) {
    // Nobody reads forty names, and root's are not always all.
    return now.capabilities().size() > Capabilities.known().size() / 2
        ? "root's capabilities"
        : String.join(" ", now.capabilities());
  }

  /// What will be needed, done once in advance.
  private static Void rehearse(Agent agent, Optional<Path> buffer) throws IOException {
    try {
      agent.accounts();
    } catch (RuntimeException e) {
      throw new IOException(e.getMessage() + "; before 5.19 that takes CAP_BPF", e);
    }
    if (buffer.isPresent()) {
      var file = buffer.get().resolve("rehearsal");
      Files.write(file, new byte[0]);
      Files.delete(file);
    }
    // Classes that nobody asked for yet.
    var runtime = Path.of(System.getProperty("java.home"), "lib", "modules");
    var jars = System.getProperty("java.class.path").split(File.pathSeparator);
    var files = Stream.concat(Stream.of(runtime), Stream.of(jars).map(Path::of));
    for (var file : files.filter(f -> !Files.isDirectory(f)).toList()) {
      try (var opened = Files.newInputStream(file)) {
        opened.read();
      } catch (IOException e) {
        throw new IOException("others may not read " + file, e);
      }
    }
    return null;
  }
}
