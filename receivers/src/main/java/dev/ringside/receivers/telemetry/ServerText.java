package dev.ringside.receivers.telemetry;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/// Reads the few things that servers say besides a status. What cannot be read says nothing: it
/// comes from anybody who has the port.
final class ServerText {
  /// A pause longer than this is a mistake, or meant badly.
  private static final Duration LONGEST = Duration.ofHours(1);

  private static final Duration NONE = Duration.ofNanos(-1);

  private ServerText() {}

  /// @param rejected records that the server did not want
  record PartialSuccess(long rejected, String message) {}

  /// The header Retry-After: seconds, or an HTTP date (RFC 9110). Zero when it says nothing.
  static Duration retryAfter(String header) {
    if (header == null) return Duration.ZERO;
    try {
      var text = header.strip();
      if (text.matches("\\d{1,9}")) return bounded(Duration.ofSeconds(Long.parseLong(text)));
      var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
      return bounded(Duration.between(ZonedDateTime.now(date.getZone()), date));
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }

  /// The `retry_delay` of a `google.rpc.RetryInfo` among the details of a `google.rpc.Status`;
  /// negative when there is none.
  static Duration retryInfo(byte[] status) {
    var details = new ProtobufReader(status);
    while (details.next()) {
      if (details.field() != 3) continue;
      var any = new ProtobufReader(details.bytes());
      var type = "";
      var value = new byte[0];
      while (any.next()) {
        if (any.field() == 1) type = any.text();
        if (any.field() == 2) value = any.bytes();
      }
      if (type.endsWith("/google.rpc.RetryInfo")) return delay(value);
    }
    return NONE;
  }

  private static Duration delay(byte[] retryInfo) {
    long seconds = 0;
    long nanos = 0;
    var info = new ProtobufReader(retryInfo);
    while (info.next()) {
      if (info.field() != 1) continue;
      var duration = new ProtobufReader(info.bytes());
      while (duration.next()) {
        if (duration.field() == 1) seconds = duration.number();
        if (duration.field() == 2) nanos = duration.number();
      }
    }
    long bound = LONGEST.toSeconds();
    return bounded(Duration.ofSeconds(Math.clamp(seconds, 0, bound), Math.max(0, nanos)));
  }

  /// The message of a `google.rpc.Status`, which OTLP over HTTP answers in a body; empty when it is
  /// something else.
  static String status(byte[] body) {
    var status = new ProtobufReader(body);
    while (status.next()) {
      if (status.field() == 2) return status.text();
    }
    return "";
  }

  /// Of an `ExportLogsServiceResponse`, or that of spans, which has the same numbers.
  static PartialSuccess partialSuccess(byte[] response) {
    long rejected = 0;
    var message = "";
    var fields = new ProtobufReader(response);
    while (fields.next()) {
      if (fields.field() != 1) continue;
      var partial = new ProtobufReader(fields.bytes());
      while (partial.next()) {
        if (partial.field() == 1) rejected = partial.number();
        if (partial.field() == 2) message = partial.text();
      }
    }
    return new PartialSuccess(rejected, message);
  }

  private static Duration bounded(Duration pause) {
    if (pause.isNegative()) return Duration.ZERO;
    return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }

  /// Protobuf is what arrived, or it is not and there are no fields.
  private static final class ProtobufReader {
    private static final byte[] EMPTY = new byte[0];

    private final byte[] message;
    private int at;
    private int field;
    private long number;
    private byte[] bytes = EMPTY;

    ProtobufReader(byte[] message) {
      this.message = message == null ? EMPTY : message;
    }

    /// Goes to the next field; false at the end, and where this is no protobuf.
    boolean next() {
      number = 0;
      bytes = EMPTY;
      if (at >= message.length) return false;
      long tag = varint();
      field = (int) (tag >>> 3);
      int width = 0;
      switch ((int) tag & 7) {
        case ProtobufWriter.VARINT -> number = varint();
        case ProtobufWriter.FIXED64 -> width = 8;
        case ProtobufWriter.FIXED32 -> width = 4;
        case ProtobufWriter.BYTES -> {
          long length = varint();
          if (length < 0 || length > message.length - at) return end();
          bytes = Arrays.copyOfRange(message, at, at + (int) length);
          at += (int) length;
        }
        default -> {
          return end();
        }
      }
      at += width;
      return at <= message.length || end();
    }

    private boolean end() {
      at = Integer.MAX_VALUE;
      number = 0;
      bytes = EMPTY;
      return false;
    }

    int field() {
      return field;
    }

    long number() {
      return number;
    }

    byte[] bytes() {
      return bytes;
    }

    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; shift < 64 && at < message.length; shift += 7) {
        byte b = message[at++];
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) return value;
      }
      at = Integer.MAX_VALUE - 8;
      return value;
    }
  }
}
