package dev.ringside.receivers;

import dev.ringside.receivers.linux.MappedFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;

/// Places in programs and their libraries, by file and offset: a file by its path as long as the
/// process is there to be asked, and by its build id afterwards, which the kernel read in time.
final class UserFrames {
  private static final int PROCESSES = 64;

  /// A process may map files while it runs.
  private static final long OLD_NS = Duration.ofSeconds(1).toNanos();

  // struct bpf_stack_build_id
  private static final int FILE_BYTES = 32;
  private static final int BUILD_ID = 4;
  private static final int OFFSET = 24;
  private static final int BUILD_ID_IS_VALID = 1;

  private record Process(int pid, long startTime) {}

  private record Read(MappedFiles files, long atNs) {}

  /// The processes that were asked last, and no others.
  private final LinkedHashMap<Process, Read> read = new LinkedHashMap<>();

  List<String> of(SlowCall call) {
    var addresses = CallStacks.addresses(call.userFrames());
    var files = ByteBuffer.wrap(call.userFiles().bytes()).order(ByteOrder.nativeOrder());
    var mapped = files(new Process(call.process().pid(), call.process().startTime()));
    var lines = new ArrayList<String>();
    for (int i = 0; i < addresses.length; i++) {
      var name = name(addresses[i], mapped, files, i * FILE_BYTES);
      if (name.isEmpty()) break; // what is no code leads nowhere: the program keeps no frames
      lines.add(name);
    }
    return lines;
  }

  private static String name(long address, MappedFiles mapped, ByteBuffer files, int at) {
    var area = mapped.at(address);
    if (area != null) return area.nameOf(address);
    if (!mapped.areas().isEmpty() || at + FILE_BYTES > files.capacity()) return "";
    // For an address below all files, the kernel takes the first file and counts backwards.
    long offset = files.getLong(at + OFFSET);
    if (files.getInt(at) != BUILD_ID_IS_VALID || offset < 0) return "";
    var id = Arrays.copyOfRange(files.array(), at + BUILD_ID, at + OFFSET);
    return HexFormat.of().formatHex(id) + "+0x" + Long.toHexString(offset);
  }

  private MappedFiles files(Process process) {
    long now = System.nanoTime();
    var known = read.remove(process);
    if (known == null || now - known.atNs() > OLD_NS) {
      var files = MappedFiles.of(process.pid());
      boolean isGone = files.areas().isEmpty() && known != null;
      known = isGone ? known : new Read(files, now);
    }
    read.put(process, known);
    if (read.size() > PROCESSES) read.pollFirstEntry();
    return known.files();
  }
}
