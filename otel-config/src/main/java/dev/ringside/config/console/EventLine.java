package dev.ringside.config.console;

import dev.ringside.config.tree.Printable;
import dev.ringside.semconv.Events;
import dev.ringside.semconv.Keys;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/// One event in one line: when, what, who, and the rest in the words of the event.
///
/// ```
/// 10:42:01.123  exec     1234 ← 1200     /usr/bin/ls -l /tmp
/// 10:42:01.126  exit     1234  ls               code 2  after 30 ms
/// 10:42:01.131  open     1301  cat              /etc/passwd  read
/// 10:42:01.148  slow     1301  cat              fsync  after 12.3 ms
/// 10:42:01.212  tcp      1340  curl             closed  10.1.2.3:40000 → 10.1.2.80:443  75 B out  1256 B in  after 31 ms
/// ```
record EventLine(ZoneId zone, Style style) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private static final String TCP = "ringside.network.tcp.";

  private static final Set<String> SLOW =
      Set.of(
          Events.SYSCALL_SLOW.name(),
          Events.KERNEL_FUNCTION_SLOW.name(),
          Events.USER_FUNCTION_SLOW.name());

  String of(LogRecordData event) {
    var a = event.getAttributes();
    var name = String.valueOf(event.getEventName());
    var at = Instant.ofEpochSecond(0, event.getTimestampEpochNanos());
    var time = style.dim(TIME.format(at.atZone(zone)));
    if (name.equals(Events.PROCESS_EXEC.name())) return time + exec(a);
    if (name.equals(Events.PROCESS_EXIT.name())) return time + exit(a);
    if (name.equals(Events.FILE_OPEN.name())) return time + open(a);
    if (SLOW.contains(name)) return time + slow(a);
    if (name.startsWith(TCP)) return time + connection(name.substring(TCP.length()), a);
    return time + "  " + other(name, a);
  }

  private String exec(Attributes a) {
    var parent = a.get(Keys.PROCESS_PARENT_PID);
    var who = parent == null ? "" : style.dim("← ") + padded(parent.toString(), 7);
    var what = new ArrayList<String>();
    what.add(commandLine(a));
    if (Boolean.TRUE.equals(a.get(Keys.RINGSIDE_PROCESS_COMMAND_ARGS_TRUNCATED)))
      what.add(style.dim("… " + a.get(Keys.PROCESS_ARGS_COUNT) + " arguments"));
    return head("exec", a, style::green) + " " + who + "  " + tail(what, a);
  }

  private static String commandLine(Attributes a) {
    var path = text(a, Keys.PROCESS_EXECUTABLE_PATH, text(a, Keys.PROCESS_EXECUTABLE_NAME, "?"));
    var line = new StringBuilder(quoted(path));
    var args = a.get(Keys.PROCESS_COMMAND_ARGS);
    // The first argument is the program's name for itself, which the path says better.
    if (args != null) args.stream().skip(1).forEach(arg -> line.append(' ').append(quoted(arg)));
    return line.toString();
  }

  private String exit(Attributes a) {
    var what = new ArrayList<String>();
    var signal = a.get(Keys.RINGSIDE_PROCESS_EXIT_SIGNAL);
    var code = a.get(Keys.PROCESS_EXIT_CODE);
    if (signal != null) what.add(style.red("killed by " + Printable.of(signal)));
    else if (code != null) what.add(code == 0 ? "code 0" : style.yellow("code " + code));
    what.add(after(a.get(Keys.RINGSIDE_PROCESS_LIFETIME_DURATION)));
    return head("exit", a, style::dim) + executable(a) + join(what) + container(a);
  }

  private String after(Double seconds) {
    return seconds == null ? "" : style.dim("after " + Lengths.of(seconds));
  }

  private String open(Attributes a) {
    var what = new ArrayList<String>();
    what.add(quoted(text(a, Keys.FILE_PATH, "?")));
    if (Boolean.TRUE.equals(a.get(Keys.RINGSIDE_FILE_PATH_TRUNCATED))) what.add(style.dim("…"));
    what.add(text(a, Keys.RINGSIDE_FILE_ACCESS_MODE, "").replace('_', '+'));
    return head("open", a, style::cyan) + executable(a) + tail(what, a);
  }

  private String slow(Attributes a) {
    var what = new ArrayList<String>();
    var function = text(a, Keys.CODE_FUNCTION_NAME, "?");
    what.add(Printable.of(text(a, Keys.RINGSIDE_SYSCALL_NAME, function)));
    what.add(after(a.get(Keys.RINGSIDE_OPERATION_DURATION)));
    return head("slow", a, style::yellow) + executable(a) + tail(what, a);
  }

  /// What happened, and to whom.
  private String connection(String event, Attributes a) {
    var what = new ArrayList<String>();
    what.add(event.replaceFirst("^connection\\.", "").replace('.', ' '));
    what.add(Printable.of(text(a, Keys.NETWORK_IO_DIRECTION, "")));
    var before = a.get(Keys.RINGSIDE_NETWORK_TCP_STATE_PREVIOUS);
    if (before != null)
      what.add(Printable.of(before + " → " + text(a, Keys.NETWORK_CONNECTION_STATE, "?")));
    what.add(Printable.of(text(a, Keys.RINGSIDE_NETWORK_TCP_RETRANSMIT_TYPE, "")));
    what.add(Printable.of(text(a, Keys.RINGSIDE_NETWORK_TCP_DROP_REASON, "")));
    what.add(Printable.of(text(a, Keys.RINGSIDE_NETWORK_TCP_RESET_REASON, "")));
    what.add(ends(a));
    var sent = a.get(Keys.RINGSIDE_NETWORK_TCP_TRANSMIT_SIZE);
    var received = a.get(Keys.RINGSIDE_NETWORK_TCP_RECEIVE_SIZE);
    if (sent != null) what.add(sent + " B out");
    if (received != null) what.add(received + " B in");
    var handshake = a.get(Keys.RINGSIDE_NETWORK_TCP_HANDSHAKE_DURATION);
    var open = a.get(Keys.RINGSIDE_NETWORK_TCP_CONNECTION_DURATION);
    what.add(after(open == null ? handshake : open));
    what.add(after(a.get(Keys.RINGSIDE_NETWORK_TCP_STATE_DURATION)));
    var function = text(a, Keys.CODE_FUNCTION_NAME, "");
    if (!function.isEmpty()) what.add(style.dim("by " + Printable.of(function)));
    return head("tcp ", a, style::cyan) + executable(a) + tail(what, a);
  }

  /// From the client to the server, or, if nobody knows which is which, this end and the other; of
  /// a segment without a socket, where it came from and was bound for.
  private static String ends(Attributes a) {
    if (a.get(Keys.SERVER_ADDRESS) != null)
      return end(a, Keys.CLIENT_ADDRESS, Keys.CLIENT_PORT)
          + " → "
          + end(a, Keys.SERVER_ADDRESS, Keys.SERVER_PORT);
    if (a.get(Keys.SOURCE_ADDRESS) != null)
      return end(a, Keys.SOURCE_ADDRESS, Keys.SOURCE_PORT)
          + " → "
          + end(a, Keys.DESTINATION_ADDRESS, Keys.DESTINATION_PORT);
    return end(a, Keys.NETWORK_LOCAL_ADDRESS, Keys.NETWORK_LOCAL_PORT)
        + " – "
        + end(a, Keys.NETWORK_PEER_ADDRESS, Keys.NETWORK_PEER_PORT);
  }

  private static String end(Attributes a, AttributeKey<String> address, AttributeKey<Long> port) {
    var host = Printable.of(text(a, address, "?"));
    var number = a.get(port);
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + (number == null ? "" : ":" + number);
  }

  /// An event of a receiver that is not built in: its name, and its attributes as they are.
  private String other(String name, Attributes a) {
    var what = new ArrayList<String>();
    what.add(style.cyan(Printable.of(name.replaceFirst("^ringside\\.", ""))));
    a.forEach((key, value) -> what.add(Printable.of(key.getKey() + "=" + value)));
    return join(what);
  }

  private String head(String kind, Attributes a, UnaryOperator<String> paint) {
    boolean failed = a.get(Keys.ERROR_TYPE) != null && !kind.equals("exit");
    var pid = a.get(Keys.PROCESS_PID);
    var number = pid == null ? "?" : pid.toString();
    var word = failed ? style.red(kind) : paint.apply(kind);
    return "  " + word + " ".repeat(Math.max(0, 8 - number.length())) + number;
  }

  private static String executable(Attributes a) {
    return "  " + padded(Printable.of(text(a, Keys.PROCESS_EXECUTABLE_NAME, "?")), 15) + "  ";
  }

  private String tail(List<String> what, Attributes a) {
    var error = a.get(Keys.ERROR_TYPE);
    if (error != null) what.add(style.red("failed: " + Printable.of(error)));
    return join(what) + container(a);
  }

  private String container(Attributes a) {
    var id = Printable.of(text(a, Keys.CONTAINER_ID, ""));
    return id.isEmpty() ? "" : style.dim("  in " + id.substring(0, Math.min(12, id.length())));
  }

  private static String join(List<String> parts) {
    return String.join("  ", parts.stream().filter(p -> !p.isEmpty()).toList());
  }

  private static String text(Attributes a, AttributeKey<String> key, String otherwise) {
    var value = a.get(key);
    return value == null ? otherwise : value;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.codePointCount(0, text.length())));
  }

  /// So that one argument with a space does not look like two.
  private static String quoted(String text) {
    var safe = Printable.of(text);
    boolean isPlain =
        !safe.isEmpty() && safe.chars().noneMatch(c -> c == ' ' || c == '\'' || c == '"');
    return isPlain ? safe : "'" + safe.replace("'", "'\\''") + "'";
  }
}
