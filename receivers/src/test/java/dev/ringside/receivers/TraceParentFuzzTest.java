package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ringside.bpf.Text;

/// Any bytes as the value of a process's TRACEPARENT.
class TraceParentFuzzTest {
  @FuzzTest
  void takesAnything(byte[] bytes) {
    var value = new Text(bytes, false).toString();

    var context = TraceParent.parse(value);

    if (context.isValid())
      assertThat(value.substring(2))
          .startsWith("-" + context.getTraceId() + "-" + context.getSpanId() + "-");
  }
}
