package dev.ringside.config.connection;

import dev.ringside.receivers.telemetry.Answer;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import okhttp3.Headers;
import okhttp3.Response;

/// What a gRPC server answered.
///
/// @param details the `google.rpc.Status` with more about a failure; may be empty
record GrpcReply(
    GrpcStatusCode getStatusCode, String getStatusDescription, byte[] details, byte[] message)
    implements GrpcResponse {
  private static final int LONGEST_ANSWER = 64 << 10;

  @Override
  public byte[] getResponseMessage() {
    return message;
  }

  Answer answer() {
    return Answer.grpc(getStatusCode, getStatusDescription, details, message);
  }

  /// @throws IOException when the answer does not come to its end
  static GrpcReply read(Response response) throws IOException {
    if (response.code() != 200) {
      var said = "HTTP " + response.code() + " " + response.message();
      return new GrpcReply(ofHttp(response.code()), said, new byte[0], new byte[0]);
    }
    // There are no trailers before the end of the body. A failure has its status in the headers.
    var source = response.body().source();
    source.request(LONGEST_ANSWER);
    if (source.getBuffer().size() >= LONGEST_ANSWER) {
      throw new IOException("the server answers more than " + LONGEST_ANSWER + " bytes");
    }
    byte[] frame = source.readByteArray();
    var end = response.header("grpc-status") != null ? response.headers() : response.trailers();
    return new GrpcReply(status(end), description(end), details(end), message(frame));
  }

  private static GrpcStatusCode status(Headers end) {
    var status = end.get("grpc-status");
    return status == null || !status.matches("\\d{1,2}")
        ? GrpcStatusCode.UNKNOWN
        : GrpcStatusCode.fromValue(Integer.parseInt(status));
  }

  private static String description(Headers end) {
    var message = end.get("grpc-message");
    if (message == null) return "";
    try {
      return URLDecoder.decode(message.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return message;
    }
  }

  private static byte[] details(Headers end) {
    var details = end.get("grpc-status-details-bin");
    try {
      return details == null ? new byte[0] : Base64.getDecoder().decode(details);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static byte[] message(byte[] frame) throws IOException {
    if (frame.length < 5) return new byte[0];
    var content = new ByteArrayInputStream(frame, 5, frame.length - 5);
    if (frame[0] == 0) return content.readAllBytes();
    try (var gzip = new GZIPInputStream(content)) {
      return gzip.readNBytes(LONGEST_ANSWER);
    }
  }

  /// What proxies answer; see "HTTP to gRPC Status Code Mapping" of gRPC.
  private static GrpcStatusCode ofHttp(int status) {
    return switch (status) {
      case 400 -> GrpcStatusCode.INTERNAL;
      case 401 -> GrpcStatusCode.UNAUTHENTICATED;
      case 403 -> GrpcStatusCode.PERMISSION_DENIED;
      case 404 -> GrpcStatusCode.UNIMPLEMENTED;
      case 429, 502, 503, 504 -> GrpcStatusCode.UNAVAILABLE;
      default -> GrpcStatusCode.UNKNOWN;
    };
  }
}
