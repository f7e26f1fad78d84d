package dev.ringside.integration.workload;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParser;
import com.google.gson.annotations.SerializedName;
import java.util.ArrayList;
import java.util.List;

/// What a workload says it did. Times are wall time in nanoseconds: `beforeNs` is before the first
/// system call concerned, `afterNs` is after the last. Bytes that are not UTF-8 are shown as
/// `\xHH`.
public record Truth(
    Start start,
    List<Exec> execs,
    List<Exit> exits,
    List<Open> opens,
    List<Connection> connections,
    List<Burst> bursts,
    int forks) {

  public record Start(int pid, int parentPid) {}

  /// An exec that was tried.
  ///
  /// @param executable what it executed; for a failed one the path that was asked for, made
  ///   absolute
  /// @param args as the new program sees them
  public record Exec(
      @SerializedName("case") String name,
      int pid,
      int tid,
      int parentPid,
      int namespacePid,
      int userId,
      int errno,
      String executable,
      String workingDirectory,
      List<String> args,
      long beforeNs,
      long afterNs) {}

  /// A process that ended.
  ///
  /// @param status as wait(2) returns it
  /// @param executable the name of the program it last ran
  public record Exit(
      @SerializedName("case") String name,
      int pid,
      int parentPid,
      int status,
      String executable,
      long beforeNs,
      long afterNs) {}

  /// A call that opens a file.
  ///
  /// @param path what was asked for, made absolute
  /// @param flagNames all but the access mode
  public record Open(
      @SerializedName("case") String name,
      String systemCall,
      int pid,
      int tid,
      String path,
      long flags,
      List<String> flagNames,
      int mode,
      int errno,
      int descriptor,
      long beforeNs,
      long afterNs) {}

  /// A TCP connection that was tried, both ends of which are this process.
  ///
  /// @param clientPort 0 when it was not established
  /// @param sent bytes, by the client
  /// @param received bytes, by the client
  /// @param errno of the connect
  public record Connection(
      @SerializedName("case") String name,
      int pid,
      int clientPort,
      int serverPort,
      long sent,
      long received,
      int errno,
      long beforeNs,
      long afterNs) {}

  /// The same again and again, without a line for each.
  ///
  /// @param pids of execs: one process each; else null
  /// @param path of opens; else null
  public record Burst(
      int pid, int count, List<Integer> pids, String path, long beforeNs, long afterNs) {}

  private record Forks(int count) {}

  private static final Gson GSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .create();

  static Start start(String line) {
    return GSON.fromJson(line, Start.class);
  }

  static Truth of(Start start, Iterable<String> lines) {
    var execs = new ArrayList<Exec>();
    var exits = new ArrayList<Exit>();
    var opens = new ArrayList<Open>();
    var connections = new ArrayList<Connection>();
    var bursts = new ArrayList<Burst>();
    int forks = 0;
    for (var line : lines) {
      var json = JsonParser.parseString(line).getAsJsonObject();
      switch (json.get("what").getAsString()) {
        case "exec" -> execs.add(GSON.fromJson(json, Exec.class));
        case "exit" -> exits.add(GSON.fromJson(json, Exit.class));
        case "open" -> opens.add(GSON.fromJson(json, Open.class));
        case "connection" -> connections.add(GSON.fromJson(json, Connection.class));
        case "burst" -> bursts.add(GSON.fromJson(json, Burst.class));
        case "forks" -> forks = GSON.fromJson(json, Forks.class).count();
        default -> throw new AssertionError("a workload said " + line);
      }
    }
    return new Truth(start, execs, exits, opens, connections, bursts, forks);
  }
}
