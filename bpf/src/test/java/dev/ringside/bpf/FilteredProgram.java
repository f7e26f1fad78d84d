package dev.ringside.bpf;

import dev.ringside.bpf.libbpf.Libbpf;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/// A program that has the filter, and says of each thing that it tries what came of it. There is no
/// way back from the filter, so it needs a process of its own.
final class FilteredProgram {
  private FilteredProgram() {}

  interface Attempt {
    void run() throws IOException;
  }

  public static void main(String[] args) throws Exception {
    Native.libbpfVersion();
    SystemCallFilter.install();
    attempt("start a program", () -> new ProcessBuilder("/bin/true").start());
    attempt("listen", () -> new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close());
    attempt("become another user", FilteredProgram::setOwnUser);
    attempt("read a file", () -> Files.readString(Path.of("/proc/self/status")));
    var none = MemorySegment.NULL;
    attempt("read a map", () -> ofMap(Libbpf.bpf_map_lookup_elem(-1, none, none)));
    attempt("write a map", () -> ofMap(Libbpf.bpf_map_update_elem(-1, none, none, 0)));
    attempt("take from a map", () -> ofMap(Libbpf.bpf_map_delete_elem(-1, none)));
    attempt("attach a program", () -> ofMap(Libbpf.bpf_raw_tracepoint_open(none, -1)));
    var other =
        new Thread(() ->
            attempt(
                "start a program from another thread",
                () -> new ProcessBuilder("/bin/true").start()));
    other.start();
    other.join();
  }

  private static void setOwnUser() throws IOException {
    if (Libbpf.setresuid(-1, -1, -1) != 0) throw new IOException("Operation not permitted");
  }

  /// Descriptor -1 is no map, and it is the kernel's code for maps that says so.
  private static void ofMap(int error) throws IOException {
    throw new IOException(Native.message(error));
  }

  private static void attempt(String what, Attempt attempt) {
    try {
      attempt.run();
      System.out.println(what + ": done");
    } catch (IOException e) {
      System.out.println(what + ": " + e.getMessage());
    }
  }
}
