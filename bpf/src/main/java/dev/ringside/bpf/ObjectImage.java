package dev.ringside.bpf;

import java.io.IOException;
import java.io.UncheckedIOException;

/// The bytes of a compiled BPF object, a resource `bpf/<architecture>/<name>.bpf.o`.
final class ObjectImage {
  private ObjectImage() {}

  static byte[] read(String name, ClassLoader loader) {
    var architecture =
        System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
    var resource = "bpf/" + architecture + "/" + name + ".bpf.o";
    try (var in = loader.getResourceAsStream(resource)) {
      if (in == null) {
        throw new BpfException(
            "open BPF object " + name + ": no resource " + resource + " on the class path", 0);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("read " + resource, e);
    }
  }
}
