package dev.ringside.config.doctor;

import dev.ringside.config.agent.Agent;
import dev.ringside.config.agent.DirectReporting;
import dev.ringside.config.agent.Kernel;
import dev.ringside.config.agent.ReceiverAccount;
import dev.ringside.config.export.Exporters;
import dev.ringside.config.options.ChosenReceiver;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Tries everything out and takes it down again.
public final class Examination {
  private Examination() {}

  /// @param chosen what would run; nothing of what it sees is exported
  /// @param exporters those whose endpoints are asked; shut down afterwards
  /// @param endpoint an exporter's URL, or null when it has none
  public static Findings of(
      List<ChosenReceiver<?>> chosen,
      Kernel kernel,
      Exporters exporters,
      Function<Object, String> endpoint) {
    var receivers = receivers(chosen, kernel);
    try (exporters) {
      var answers =
          emptyExports(exporters, endpoint).entrySet().stream()
              .map(e -> EndpointExamination.ask(e.getKey(), e.getValue()))
              .distinct()
              .toList();
      return new Findings(new HostExamination(Path.of("/")).examine(), receivers, answers);
    }
  }

  private static List<Findings.ReceiverFinding> receivers(
      List<ChosenReceiver<?>> chosen, Kernel kernel) {
    try {
      var nowhere =
          new DirectReporting(Exporters.NONE, Resource.empty(), Resource.empty(), "", line -> {});
      try (var agent = Agent.start(chosen, nowhere, kernel, line -> {})) {
        return agent.accounts().stream().map(Examination::finding).toList();
      }
    } catch (RuntimeException | LinkageError e) {
      // Without libbpf not even the polling thread can be made.
      var why = String.valueOf(e.getMessage());
      return chosen.stream()
          .map(c -> new Findings.ReceiverFinding(c.name(), c.isNamed(), Optional.empty(), why))
          .toList();
    }
  }

  private static Findings.ReceiverFinding finding(ReceiverAccount account) {
    return new Findings.ReceiverFinding(
        account.name(), account.isNamed(), account.plan(), account.failure());
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
