package dev.ringside.config.command;

import java.io.PrintStream;

/// The version of this Ringside, as its jar says.
final class Version {
  private Version() {}

  static String ofThisBuild() {
    var version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  static void print(PrintStream out) {
    out.println("ringside " + ofThisBuild());
    out.println("Java " + Runtime.version() + ", Linux " + System.getProperty("os.version"));
  }
}
