package dev.ringside.config.command;

import picocli.CommandLine.IVersionProvider;

/// The version of this Ringside, as its jar says.
final class Version implements IVersionProvider {

  static String ofThisBuild() {
    var version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "ringside " + ofThisBuild(),
      "Java " + Runtime.version() + ", Linux " + System.getProperty("os.version")
    };
  }
}
