import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Takes OTLP over HTTP and over gRPC, answers that all is well, and forgets it: somebody to talk to
/// while the AOT cache is filled. `java Sink.java PORT_FILE` listens on the loopback, writes the port
/// it got, and ends when its standard input does.
final class Sink {
  private static final byte[] OK =
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  // HTTP/2 frames (RFC 9113) and header fields as the static table of RFC 7541 numbers them.
  private static final int DATA = 0, HEADERS = 1, SETTINGS = 4, PING = 6, WINDOW_UPDATE = 8;
  private static final int ACK = 1, END_STREAM = 1, END_HEADERS = 4;
  private static final byte[] STATUS_200_GRPC =
      concat(new byte[] {(byte) 0x88, 0x0f, 0x10, 16}, "application/grpc");
  private static final byte[] GRPC_STATUS_0 = concat(concat(new byte[] {0, 11}, "grpc-status"), 1, "0");
  // As much in flight as somebody likes: SETTINGS_INITIAL_WINDOW_SIZE, and the same for the connection.
  private static final byte[] WIDE_STREAMS = {0, 4, 0x40, 0, 0, 0};
  private static final byte[] WIDE_CONNECTION = {0x40, 0, 0, 0};
  private static final byte[] EMPTY_MESSAGE = new byte[5];

  public static void main(String[] args) throws IOException {
    var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var port = Path.of(args[0]);
    var written = Files.writeString(Path.of(port + ".new"), String.valueOf(server.getLocalPort()));
    Files.move(written, port);
    Thread.ofPlatform().daemon().start(() -> accept(server));
    System.in.transferTo(OutputStream.nullOutputStream());
  }

  private static void accept(ServerSocket server) {
    try {
      while (true) {
        var client = server.accept();
        Thread.ofPlatform().daemon().start(() -> serve(client));
      }
    } catch (IOException e) {
      e.printStackTrace();
    }
  }

  private static void serve(Socket client) {
    try (client) {
      var in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
      var out = client.getOutputStream();
      in.mark(3);
      boolean isHttp2 = new String(in.readNBytes(3), StandardCharsets.US_ASCII).equals("PRI");
      in.reset();
      if (isHttp2) grpc(in, out);
      else http(in, out);
    } catch (IOException e) {
      // it hung up
    }
  }

  private static void http(DataInputStream in, OutputStream out) throws IOException {
    while (true) {
      long length = 0;
      for (var line = line(in); !line.isEmpty(); line = line(in)) {
        var field = line.toLowerCase(Locale.ROOT).split(":", 2);
        if (field[0].equals("content-length")) length = Long.parseLong(field[1].strip());
      }
      in.skipNBytes(length);
      out.write(OK);
      out.flush();
    }
  }

  private static String line(DataInputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) throw new EOFException();
      if (c != '\r') line.append((char) c);
    }
    return line.toString();
  }

  private static void grpc(DataInputStream in, OutputStream out) throws IOException {
    in.skipNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
    frame(out, SETTINGS, 0, 0, WIDE_STREAMS);
    frame(out, WINDOW_UPDATE, 0, 0, WIDE_CONNECTION);
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      var payload = in.readNBytes(length);
      if (type == SETTINGS && flags != ACK) frame(out, SETTINGS, ACK, 0);
      if (type == PING && flags != ACK) frame(out, PING, ACK, 0, payload);
      if (type == DATA && (flags & END_STREAM) != 0) {
        frame(out, HEADERS, END_HEADERS, stream, STATUS_200_GRPC);
        frame(out, DATA, 0, stream, EMPTY_MESSAGE);
        frame(out, HEADERS, END_HEADERS | END_STREAM, stream, GRPC_STATUS_0);
      }
      out.flush();
    }
  }

  private static void frame(OutputStream out, int type, int flags, int stream, byte... payload)
      throws IOException {
    int n = payload.length;
    out.write(new byte[] {(byte) (n >> 16), (byte) (n >> 8), (byte) n, (byte) type, (byte) flags});
    out.write(new byte[] {(byte) (stream >> 24), (byte) (stream >> 16), (byte) (stream >> 8), (byte) stream});
    out.write(payload);
  }

  private static byte[] concat(byte[] bytes, String text) {
    var all = new byte[bytes.length + text.length()];
    System.arraycopy(bytes, 0, all, 0, bytes.length);
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, all, bytes.length, text.length());
    return all;
  }

  private static byte[] concat(byte[] bytes, int length, String text) {
    return concat(concat(bytes, String.valueOf((char) length)), text);
  }
}
