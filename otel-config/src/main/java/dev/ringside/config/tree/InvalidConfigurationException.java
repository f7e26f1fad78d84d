package dev.ringside.config.tree;

import java.util.List;
import java.util.stream.Collectors;

/// A configuration that nothing starts with. Holds every problem that was found, not only the
/// first.
public final class InvalidConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  public InvalidConfigurationException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /// At least one, in the order of the source.
  public List<Problem> problems() {
    return problems;
  }
}
