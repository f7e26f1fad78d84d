package dev.ringside.receivers.telemetry;

import io.opentelemetry.api.trace.SpanContext;

/// In which span threads were when the kernel saw them do something, as far as that is known for
/// certain. Safe on any thread.
public interface ThreadContexts {

  /// Nothing is known of any thread.
  ThreadContexts NONE =
      new ThreadContexts() {
        @Override
        public int pid() {
          return 0;
        }

        @Override
        public SpanContext at(int pid, int tid, long bootTimeNs) {
          return SpanContext.getInvalid();
        }
      };

  /// The process whose threads are known, by its id in the initial pid namespace; 0 for none.
  int pid();

  /// The span that was current in a thread at a moment.
  ///
  /// @param pid the thread's process, in the initial pid namespace, and so `tid`
  /// @param bootTimeNs nanoseconds of CLOCK_BOOTTIME, as events of the kernel carry them
  /// @return an invalid context when there was none, and when nobody knows
  SpanContext at(int pid, int tid, long bootTimeNs);
}
