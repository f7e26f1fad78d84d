package dev.ringside.integration.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The sockets that a process has open, as /proc shows them (proc_pid_net(5)).
///
/// @param all lines of /proc/PID/net, each with the table's name before it
/// @param listening those of them at which somebody else can knock
record Sockets(List<String> all, List<String> listening) {
  private static final Pattern INODE = Pattern.compile("socket:\\[(\\d+)]");
  private static final String TCP_LISTEN = "0A";

  /// Of UDP: bound, and connected to nobody.
  private static final String UDP_UNCONNECTED = "07";

  private static final long UNIX_ACCEPTS = 0x10000;

  static Sockets of(long pid) throws IOException {
    var own = inodes(pid);
    var all = new ArrayList<String>();
    var listening = new ArrayList<String>();
    for (var table : List.of("tcp", "tcp6", "udp", "udp6", "unix")) {
      for (var line : lines(pid, table)) {
        var fields = line.strip().split("\\s+");
        boolean isUnix = table.equals("unix");
        int inode = isUnix ? 6 : 9;
        if (fields.length <= inode || !own.contains(fields[inode])) continue;
        all.add(table + " " + line.strip());
        boolean listens =
            isUnix
                ? (Long.parseLong(fields[3], 16) & UNIX_ACCEPTS) != 0
                : fields[3].equals(table.startsWith("tcp") ? TCP_LISTEN : UDP_UNCONNECTED);
        if (listens) listening.add(table + " " + line.strip());
      }
    }
    return new Sockets(all, listening);
  }

  private static List<String> lines(long pid, String table) throws IOException {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table));
    } catch (NoSuchFileException e) {
      return List.of(); // a kernel without IPv6
    }
  }

  private static Set<String> inodes(long pid) throws IOException {
    var inodes = new HashSet<String>();
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (var descriptor : descriptors) {
        try {
          var matcher = INODE.matcher(Files.readSymbolicLink(descriptor).toString());
          if (matcher.matches()) inodes.add(matcher.group(1));
        } catch (NoSuchFileException e) {
          // closed meanwhile
        }
      }
    }
    return inodes;
  }
}
