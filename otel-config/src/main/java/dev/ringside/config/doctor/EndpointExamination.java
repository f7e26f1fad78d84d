package dev.ringside.config.doctor;

import dev.ringside.config.tree.Printable;
import dev.ringside.receivers.telemetry.Answer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Asks an endpoint whether it takes OTLP: a TCP connection first, since a refusal there says more
/// than the exporter's retries, then an empty export.
final class EndpointExamination {
  private static final int CONNECT_MILLIS = 3_000;
  private static final int EXPORT_SECONDS = 10;

  private EndpointExamination() {}

  static Findings.EndpointAnswer ask(String url, Supplier<CompletableResultCode> emptyExport) {
    var unreachable = connect(url);
    // One answer for all signals: the path makes no difference yet.
    if (!unreachable.isEmpty()) return bad(url.replaceFirst("(?<=[^:/])/.*", ""), unreachable);
    var result = emptyExport.get().join(EXPORT_SECONDS, TimeUnit.SECONDS);
    if (!result.isDone())
      return bad(
          url,
          "takes connections, but no answer to an empty export within " + EXPORT_SECONDS + " s");
    if (result.isSuccess())
      return new Findings.EndpointAnswer(url, true, "answers; took an empty export");
    return bad(
        url,
        "takes connections, but not OTLP: "
            + Answer.of(result.getFailureThrowable()).said()
            + "; does something else listen there, or is it the other protocol's port"
            + " (4318 is HTTP's, 4317 gRPC's)?");
  }

  private static Findings.EndpointAnswer bad(String url, String said) {
    return new Findings.EndpointAnswer(url, false, said);
  }

  private static String connect(String url) {
    var uri = URI.create(url);
    int port = uri.getPort() != -1 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    var host = uri.getHost();
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), CONNECT_MILLIS);
      return "";
    } catch (UnknownHostException e) {
      return "no host of the name " + host + "; is the endpoint written correctly?";
    } catch (SocketTimeoutException e) {
      return "no answer from port " + port + " within 3 s; is a firewall in between?";
    } catch (IOException e) {
      return "cannot connect to port "
          + port
          + ": "
          + Printable.of(String.valueOf(e.getMessage()))
          + "; is the Collector running, and does it listen there?";
    }
  }
}
