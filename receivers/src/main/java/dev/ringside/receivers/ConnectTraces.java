package dev.ringside.receivers;

import dev.ringside.receivers.telemetry.ThreadContexts;
import io.opentelemetry.api.trace.SpanContext;
import java.util.LinkedHashMap;
import java.util.Map;

/// In which spans connections were opened. Most end long after anybody could still say it, so the
/// kernel tells each connect of those processes whose threads are known when it begins. For the
/// polling thread.
final class ConnectTraces {
  /// Of connections that are open; those that were opened first are forgotten first.
  static final int MOST = 16_384;

  private record Connect(int tid, long beginTime) {
    static Connect of(Flow flow) {
      return new Connect(flow.owner().process().tid(), flow.beginTime());
    }
  }

  private final ThreadContexts contexts;
  private final Map<Connect, SpanContext> open =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Connect, SpanContext> eldest) {
          return size() > MOST;
        }
      };

  ConnectTraces(ThreadContexts contexts) {
    this.contexts = contexts;
  }

  void began(Flow flow) {
    var span = lookUp(flow);
    if (span.isValid()) open.put(Connect.of(flow), span);
  }

  /// An invalid context where there was no span, and where nobody knows.
  SpanContext of(Flow flow) {
    var span = open.get(Connect.of(flow));
    // A connect that failed at once is not told before.
    return span == null ? lookUp(flow) : span;
  }

  void ended(Flow flow) {
    open.remove(Connect.of(flow));
  }

  private SpanContext lookUp(Flow flow) {
    boolean isKnown = flow.role() == Flow.CLIENT && flow.owned() == Flow.OPENER;
    return isKnown
        ? contexts.at(flow.owner().process().pid(), flow.owner().process().tid(), flow.beginTime())
        : SpanContext.getInvalid();
  }
}
