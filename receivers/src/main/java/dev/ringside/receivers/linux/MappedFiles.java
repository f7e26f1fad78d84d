package dev.ringside.receivers.linux;

import dev.ringside.bpf.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Which file an address of a process is mapped from, `/proc/PID/maps`; see proc(5).
///
/// @param areas executable ones, by address
public record MappedFiles(List<Area> areas) {

  /// @param offset of its begin in the file
  /// @param path empty where no file is mapped, as for code that is compiled while the program runs
  public record Area(long begin, long end, long offset, String path) {

    /// The file and the place in it, `/usr/lib/libc.so.6+0x1a2b3`, or the address where there is no
    /// file.
    public String nameOf(long address) {
      return path.isEmpty()
          ? "0x" + Long.toHexString(address)
          : path + "+0x" + Long.toHexString(address - begin + offset);
    }
  }

  public MappedFiles {
    areas = List.copyOf(areas);
  }

  /// Of a process. Empty when it is gone, or not ours to look at.
  public static MappedFiles of(int pid) {
    try {
      var maps = Files.readAllBytes(Path.of("/proc", Integer.toString(pid), "maps"));
      return of(new Text(maps, false));
    } catch (IOException e) {
      return new MappedFiles(List.of());
    }
  }

  /// `7f00a000-7f00b000 r-xp 00001000 fd:01 42 /usr/lib/libc.so.6`
  ///
  /// Of what ends a line elsewhere, the kernel replaces only `\n` in the names of files.
  static MappedFiles of(Text maps) {
    var areas = new ArrayList<Area>();
    for (var line : maps.toString().split("\n")) {
      var fields = line.split(" +", 6);
      int dash = fields[0].indexOf('-');
      if (dash < 0 || fields.length < 5 || fields[1].indexOf('x') < 0) continue;
      try {
        areas.add(
            new Area(
                Long.parseUnsignedLong(fields[0].substring(0, dash), 16),
                Long.parseUnsignedLong(fields[0].substring(dash + 1), 16),
                Long.parseUnsignedLong(fields[2], 16),
                fields.length == 6 ? fields[5] : ""));
      } catch (NumberFormatException e) {
        // not a line of the kernel's
      }
    }
    return new MappedFiles(areas);
  }

  /// The area that an address is in; null when it is in none, and so no code.
  public Area at(long address) {
    for (var area : areas) {
      if (Long.compareUnsigned(address, area.begin()) >= 0
          && Long.compareUnsigned(address, area.end()) < 0) return area;
    }
    return null;
  }
}
