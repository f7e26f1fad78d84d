package dev.ringside.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringside.bpf.libbpf.Libbpf;
import dev.ringside.bpf.libbpf.bpf_test_run_opts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The numbers that the kernel's programs know this program by, also in a pid namespace of its own,
/// in which nothing else tells them. A program of the kernel is run for it, in the thread that
/// asks.
///
/// That takes what loading programs takes (`CAP_BPF` and `CAP_PERFMON`), each time. Any thread may
/// call.
public final class OwnTask {
  private static final int RAW_TRACEPOINT =
      17; // BPF_PROG_TYPE_RAW_TRACEPOINT, runs by hand since 5.10

  // As `struct bpf_insn` has them. What a program returns has 32 bits.
  private static final long ASK = 0x0000_000e_0000_0085L; // r0 = bpf_get_current_pid_tgid()
  private static final long SHIFT = 0x0000_0020_0000_0077L; // r0 >>= 32
  private static final long EXIT = 0x0000_0000_0000_0095L;

  private OwnTask() {}

  private static final class Programs {
    private static final int OF_PROCESS = load("own_pid", ASK, SHIFT, EXIT);
    private static final int OF_THREAD = load("own_tid", ASK, EXIT);
  }

  /// The id of this process in the initial pid namespace; 0 where the kernel does not tell.
  public static int pid() {
    return run(Programs.OF_PROCESS);
  }

  /// The id of the thread that calls, or of the one that carries it, in the initial pid namespace;
  /// 0 where the kernel does not tell.
  public static int tid() {
    return run(Programs.OF_THREAD);
  }

  /// Its descriptor is kept as long as this process is there; negative where it was refused, or
  /// where there is no libbpf, which whoever starts a receiver is told.
  private static int load(String name, long... instructions) {
    try (var arena = Arena.ofConfined()) {
      Native.libbpfVersion(); // loads the library
      return Libbpf.bpf_prog_load(
          RAW_TRACEPOINT,
          arena.allocateFrom(name),
          arena.allocateFrom("GPL"),
          arena.allocateFrom(JAVA_LONG, instructions),
          instructions.length,
          MemorySegment.NULL);
    } catch (BpfException e) {
      return -1;
    }
  }

  private static int run(int program) {
    if (program < 0) return 0;
    try (var arena = Arena.ofConfined()) {
      var options = bpf_test_run_opts.allocate(arena);
      bpf_test_run_opts.sz(options, bpf_test_run_opts.sizeof());
      int error = Libbpf.bpf_prog_test_run_opts(program, options);
      return error == 0 ? bpf_test_run_opts.retval(options) : 0;
    }
  }
}
