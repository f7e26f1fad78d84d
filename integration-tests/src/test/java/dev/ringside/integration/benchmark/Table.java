package dev.ringside.integration.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A Markdown table: who, and what was measured of them. Columns name their units.
public final class Table {
  private final List<String> columns;
  private final List<List<String>> rows = new ArrayList<>();

  private Table(List<String> columns) {
    this.columns = columns;
  }

  public static Table of(String... columns) {
    return new Table(List.of(columns));
  }

  /// Adds a row.
  ///
  /// @param cells a [Spread], a number, or Markdown text each; one for each column
  public Table row(Object... cells) {
    if (cells.length != columns.size())
      throw new IllegalArgumentException(cells.length + " cells for the columns " + columns);
    var row = new ArrayList<String>();
    for (var cell : cells) row.add(text(cell));
    rows.add(row);
    return this;
  }

  private static String text(Object cell) {
    var text = cell instanceof Number number ? Figures.text(number) : cell.toString();
    return text.replace("|", "\\|").replace('\n', ' ');
  }

  String markdown() {
    var lines = new ArrayList<String>();
    lines.add(line(columns));
    // The first column says who; figures stand at the right.
    lines.add("|---|" + columns.stream().skip(1).map(c -> "---:|").collect(Collectors.joining()));
    for (var row : rows) lines.add(line(row));
    return String.join("\n", lines) + "\n";
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
