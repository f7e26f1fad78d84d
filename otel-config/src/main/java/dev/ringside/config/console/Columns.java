package dev.ringside.config.console;

import java.util.ArrayList;
import java.util.List;

/// A table whose columns are as wide as what is in them; the last one may be ragged.
public final class Columns {
  private final List<List<String>> rows = new ArrayList<>();

  public Columns row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /// One line per row, each ending in a newline. Escape sequences of a [Style] take no width.
  @Override
  public String toString() {
    var table = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i));
        if (i < row.size() - 1) line.repeat(' ', width(i) - width(row.get(i)) + 2);
      }
      table.append(line.toString().stripTrailing()).append('\n');
    }
    return table.toString();
  }

  private int width(int column) {
    return rows.stream()
        .filter(row -> row.size() > column + 1)
        .mapToInt(row -> width(row.get(column)))
        .max()
        .orElse(0);
  }

  private static int width(String cell) {
    var plain = cell.replaceAll("\u001b\\[[0-9;]*m", "");
    return plain.codePointCount(0, plain.length());
  }
}
