package dev.ringside.config.console;

/// How text is set off on a terminal; elsewhere it stays as it is.
public enum Style {
  PLAIN(false),
  COLOURED(true);

  private final boolean isColoured;

  Style(boolean isColoured) {
    this.isColoured = isColoured;
  }

  public String red(String text) {
    return paint("31", text);
  }

  public String green(String text) {
    return paint("32", text);
  }

  public String yellow(String text) {
    return paint("33", text);
  }

  public String cyan(String text) {
    return paint("36", text);
  }

  public String bold(String text) {
    return paint("1", text);
  }

  public String dim(String text) {
    return paint("2", text);
  }

  private String paint(String code, String text) {
    return isColoured && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
