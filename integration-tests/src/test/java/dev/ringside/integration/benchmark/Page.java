package dev.ringside.integration.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The page of all results.
final class Page {
  private final List<String> order;
  private final Map<String, Section> sections = new LinkedHashMap<>();

  /// @param order the names of all benchmarks there are, as they shall stand on the page
  Page(List<String> order) {
    this.order = order;
  }

  /// Takes over what an earlier run wrote.
  void read(Path file) throws IOException {
    if (Files.exists(file)) Section.in(Files.readString(file)).forEach(this::put);
  }

  void put(Section section) {
    sections.put(section.name(), section);
  }

  /// @param machine of the last run, as a table
  String markdown(String machine) {
    var all = order.stream().filter(sections::containsKey).map(sections::get).toList();
    var missing = new ArrayList<>(order);
    missing.removeAll(sections.keySet());
    return """
    # Benchmarks

    Written by `./ringside benchmark`, which repeats all of this; do not edit. Figures are medians of repeated \
    runs with the least and the greatest in parentheses. Each benchmark and its peer took turns in the same run. \
    `./ringside benchmark NAME…` repeats single ones; the line at the end of a section says when and on what it ran.

    | Benchmark | Goal and what came out | |
    |---|---|---|
    %s
    %s
    ## The machine
    %s
    %s\
    """
        .formatted(
            all.stream().flatMap(s -> s.goals().stream()).collect(Collectors.joining("\n")),
            missing.isEmpty() ? "" : "\nNot run yet: " + String.join(", ", missing) + ".\n",
            machine,
            all.stream().map(Section::written).collect(Collectors.joining("\n")));
  }

  void write(Path file, String machine) throws IOException {
    Files.writeString(file, markdown(machine));
  }
}
