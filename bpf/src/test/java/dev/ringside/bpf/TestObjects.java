package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringside.bpf.libbpf.Libbpf;
import dev.ringside.bpf.libbpf.bpf_test_run_opts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Opens the objects of `src/test/bpf` and runs their programs by hand.
final class TestObjects {
  private TestObjects() {}

  static BpfObject open(String name) {
    return BpfObject.open(name, TestObjects.class.getClassLoader());
  }

  /// The bytes of an object.
  static byte[] image(String name) {
    var architecture =
        System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
    try (var in =
        TestObjects.class.getResourceAsStream("/bpf/" + architecture + "/" + name + ".bpf.o")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs a loaded program once, as the kernel would, on this thread.
  static void run(BpfObject object, String program) {
    try (var arena = Arena.ofConfined()) {
      var options = bpf_test_run_opts.allocate(arena);
      bpf_test_run_opts.sz(options, bpf_test_run_opts.sizeof());
      int error = Libbpf.bpf_prog_test_run_opts(object.programDescriptor(program), options);
      if (error != 0)
        throw new BpfException("run " + program + ": " + Native.message(-error), -error);
    }
  }

  static void put(BpfObject object, String map, int key, long value) {
    boolean isInt = object.liveMap(map).valueSize() == 4;
    var bytes = java.nio.ByteBuffer.allocate(isInt ? 4 : 8).order(java.nio.ByteOrder.nativeOrder());
    put(object, map, key, (isInt ? bytes.putInt((int) value) : bytes.putLong(value)).array());
  }

  static void put(BpfObject object, String map, int key, byte[] value) {
    try (var arena = Arena.ofConfined()) {
      var keyBytes = arena.allocate(object.liveMap(map).keySize(), 8);
      keyBytes.set(JAVA_INT, 0, key);
      int error =
          Libbpf.bpf_map_update_elem(
              object.liveMap(map).descriptor(), keyBytes, arena.allocateFrom(JAVA_BYTE, value), 0);
      if (error != 0)
        throw new BpfException("write map " + map + ": " + Native.message(-error), -error);
    }
  }

  /// A running poller that collects what handlers throw.
  static final class Polling implements AutoCloseable {
    final List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    final Poller poller =
        new Poller(Duration.ofMillis(20), () -> {}, (ring, failure) -> failures.add(failure));

    Polling() {
      poller.start();
    }

    @Override
    public void close() {
      poller.close();
    }
  }
}
