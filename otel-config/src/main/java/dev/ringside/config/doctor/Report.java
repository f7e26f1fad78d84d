package dev.ringside.config.doctor;

import dev.ringside.bpf.AttachPlan;
import dev.ringside.bpf.Capabilities;
import dev.ringside.config.console.Columns;
import dev.ringside.config.console.Lengths;
import dev.ringside.config.console.Style;
import dev.ringside.config.tree.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Findings for a person, and for a program.
public final class Report {
  private static final List<String> WANTED = List.of("CAP_BPF", "CAP_PERFMON");

  private final Findings findings;
  private final Style style;

  public Report(Findings findings, Style style) {
    this.findings = findings;
    this.style = style;
  }

  /// Many lines, each ending in a newline.
  public String text() {
    var text = new StringBuilder().append(host()).append('\n');
    for (var receiver : findings.receivers()) receiver(text, receiver);
    return text.toString();
  }

  private Columns host() {
    var host = findings.host();
    var table = new Columns();
    table.row("kernel", "Linux " + host.kernel() + ", " + host.architecture() + lockdown(host));
    table.row(
        "types (BTF)",
        host.btfBytes() > 0
            ? "/sys/kernel/btf/vmlinux, " + host.btfBytes() / 1024 + " KiB"
            : bad("none; a kernel built with CONFIG_DEBUG_INFO_BTF=y is needed"));
    table.row(
        "libbpf",
        host.libbpf().isEmpty()
            ? bad("cannot be loaded: " + Printable.of(host.libbpfFailure()))
            : host.libbpf());
    table.row("privileges", privileges(host));
    table.row(
        "tracefs",
        host.tracefs()
            ? "mounted"
            : "not mounted, so classic tracepoints cannot be used; mount -t tracefs tracefs"
                + " /sys/kernel/tracing");
    table.row("clocks", clocks(host.clocks()));
    for (var answer : findings.endpoints())
      table.row(
          "endpoint", answer.url() + " " + (answer.isGood() ? answer.said() : bad(answer.said())));
    return table;
  }

  private static String lockdown(Findings.Host host) {
    return host.lockdown().isEmpty() || host.lockdown().equals("none")
        ? ""
        : ", locked down for " + host.lockdown();
  }

  private String privileges(Findings.Host host) {
    var who = host.user() == 0 ? "root" : "user " + host.user();
    var has = host.capabilities();
    var needed = WANTED.stream().filter(c -> !has.contains(c)).toList();
    if (!needed.isEmpty() && !has.contains("CAP_SYS_ADMIN"))
      return bad(who + " without " + String.join(" ", needed) + "; run as root, or grant them");
    var lacks = new ArrayList<>(Capabilities.known());
    lacks.removeAll(has);
    if (lacks.isEmpty()) return who + " with all capabilities";
    return lacks.size() < has.size()
        ? who + " with all capabilities but " + String.join(" ", lacks)
        : who + " with " + String.join(" ", has);
  }

  private String clocks(Findings.Clocks clocks) {
    var up = "up " + Lengths.of(clocks.uptimeNs() / 1e9);
    var source = clocks.source().isEmpty() ? "" : ", clock source " + clocks.source();
    return clocks.isShifted()
        ? bad(up + source + "; in a time namespace, so event times will be off")
        : up + source;
  }

  private void receiver(StringBuilder text, Findings.ReceiverFinding receiver) {
    var verdict = receiver.canRun() ? style.green("can run") : bad("cannot run");
    text.append(style.bold(receiver.name())).append(": ").append(verdict).append('\n');
    if (!receiver.canRun() && receiver.plan().isEmpty())
      text.append("    ").append(Printable.of(receiver.failure())).append('\n');
    receiver.plan().ifPresent(plan -> plan.steps().forEach(step -> step(text, step)));
    receiver.plan().ifPresent(plan -> functions(text, plan));
    if (!receiver.canRun()
        && receiver.plan().isPresent()
        && receiver.plan().get().steps().isEmpty())
      text.append("    ").append(Printable.of(receiver.failure())).append('\n');
    text.append('\n');
  }

  /// How many are watched by each mechanism, and each that is not.
  private void functions(StringBuilder text, AttachPlan plan) {
    plan.functionsByMechanism()
        .forEach((mechanism, count) ->
            text.append("    %d functions: by %s\n".formatted(count, mechanism)));
    plan.functions().stream().filter(f -> f.holds().isEmpty()).forEach(f -> step(text, f));
  }

  private void step(StringBuilder text, AttachPlan.Step step) {
    var holds =
        step.holds()
            .map(way ->
                "by " + way.mechanism() + (way.note().isEmpty() ? "" : " (" + way.note() + ")"))
            .orElse(
                step.need().required()
                    ? bad("no way left")
                    : style.yellow("left out, no way left"));
    text.append("    ").append(step.need().name()).append(": ").append(holds).append('\n');
    for (var refusal : step.refusals())
      text.append(style.dim("        not by " + Printable.of(refusal.toString()))).append('\n');
  }

  private String bad(String text) {
    return style.red(text);
  }

  /// The same as JSON; names are stable.
  public String json() {
    var host = findings.host();
    var json = new LinkedHashMap<String, Object>();
    json.put("can_run", findings.isGood());
    json.put("kernel", host.kernel());
    json.put("architecture", host.architecture());
    json.put("btf_bytes", host.btfBytes());
    json.put("libbpf", host.libbpf());
    json.put("user_id", host.user());
    json.put("capabilities", host.capabilities());
    json.put("lockdown", host.lockdown());
    json.put("tracefs", host.tracefs());
    json.put("uptime_ns", host.clocks().uptimeNs());
    json.put("clock_source", host.clocks().source());
    json.put("time_namespace", host.clocks().isShifted());
    json.put("endpoints", findings.endpoints().stream().map(Report::json).toList());
    json.put("receivers", findings.receivers().stream().map(Report::json).toList());
    return Json.of(json);
  }

  private static Map<String, Object> json(Findings.EndpointAnswer answer) {
    var json = new LinkedHashMap<String, Object>();
    json.put("url", answer.url());
    json.put("answers", answer.isGood());
    json.put("said", answer.said());
    return json;
  }

  private static Map<String, Object> json(Findings.ReceiverFinding receiver) {
    var json = new LinkedHashMap<String, Object>();
    json.put("name", receiver.name());
    json.put("can_run", receiver.canRun());
    json.put("failure", receiver.failure().isEmpty() ? null : receiver.failure());
    var steps = receiver.plan().map(AttachPlan::steps).orElse(List.of());
    json.put("needs", steps.stream().map(Report::json).toList());
    var functions = receiver.plan().map(AttachPlan::functions).orElse(List.of());
    json.put("functions", functions.stream().map(Report::json).toList());
    return json;
  }

  private static Map<String, Object> json(AttachPlan.Step step) {
    var json = new LinkedHashMap<String, Object>();
    json.put("need", step.need().name());
    json.put("required", step.need().required());
    json.put("mechanism", step.holds().map(way -> way.mechanism()).orElse(null));
    json.put("refusals", step.refusals().stream().map(Report::json).toList());
    return json;
  }

  private static Map<String, Object> json(AttachPlan.Refusal refusal) {
    var json = new LinkedHashMap<String, Object>();
    json.put("mechanism", refusal.way().mechanism());
    json.put("what", refusal.what());
    json.put("errno", refusal.errno());
    json.put("kernel_said", refusal.kernelSaid());
    json.put("advice", refusal.advice());
    return json;
  }
}
