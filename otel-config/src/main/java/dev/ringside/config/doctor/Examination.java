package dev.ringside.config.doctor;

import dev.ringside.config.agent.Agent;
import dev.ringside.config.agent.ReceiverAccount;
import dev.ringside.config.export.Exporters;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// Tries everything out and takes it down again.
public final class Examination {
  private Examination() {}

  /// @param setup what would run; nothing of what it sees is exported
  /// @param exporters those whose endpoints are asked; shut down afterwards
  /// @param endpoint an exporter's URL, or null when it has none
  public static Findings of(Agent.Setup setup, Exporters exporters, Function<Object, String> endpoint) {
    List<ReceiverAccount> accounts;
    try (var agent = Agent.start(setup)) {
      accounts = agent.accounts();
    }
    var receivers =
        accounts.stream()
            .map(a -> new Findings.ReceiverFinding(a.name(), a.isNamed(), a.plan(), a.failure()))
            .toList();
    try (exporters) {
      var answers =
          emptyExports(exporters, endpoint).entrySet().stream()
              .map(e -> EndpointExamination.ask(e.getKey(), e.getValue()))
              .toList();
      return new Findings(new HostExamination(Path.of("/")).examine(), receivers, answers);
    }
  }

  private static Map<String, Supplier<CompletableResultCode>> emptyExports(
      Exporters exporters, Function<Object, String> endpoint) {
    var exports = new LinkedHashMap<String, Supplier<CompletableResultCode>>();
    for (var log : exporters.logs()) put(exports, endpoint.apply(log), () -> log.export(List.of()));
    for (var metric : exporters.metrics())
      put(exports, endpoint.apply(metric.exporter()), () -> metric.exporter().export(List.of()));
    for (var span : exporters.spans())
      put(exports, endpoint.apply(span), () -> span.export(List.of()));
    return exports;
  }

  private static void put(
      Map<String, Supplier<CompletableResultCode>> exports,
      String url,
      Supplier<CompletableResultCode> export) {
    if (url != null) exports.putIfAbsent(url, export);
  }
}
