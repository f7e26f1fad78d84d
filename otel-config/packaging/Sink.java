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

/// Takes OTLP over HTTP, answers that all is well, and forgets it: somebody to talk to
/// while the AOT cache is filled. `java Sink.java PORT_FILE` listens on the loopback, writes the port
/// it got, and ends when its standard input does.
final class Sink {
  private static final byte[] OK =
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

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
      http(in, out);
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
}
