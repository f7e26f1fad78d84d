package dev.ringside.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  @Test
  void readsTheContextOfTheCaller() {
    var context = TraceParent.parse("00-" + TRACE + "-" + SPAN + "-01");

    assertThat(context.getTraceId()).isEqualTo(TRACE);
    assertThat(context.getSpanId()).isEqualTo(SPAN);
    assertThat(context.isSampled()).isTrue();
    assertThat(context.isRemote()).isTrue();
  }

  @Test
  void knowsWhenTheCallerIsNotRecorded() {
    var context = TraceParent.parse("00-" + TRACE + "-" + SPAN + "-00");

    assertThat(context.isValid()).isTrue();
    assertThat(context.isSampled()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"01-TRACE-SPAN-01", "01-TRACE-SPAN-01-more", "cc-TRACE-SPAN-01-"})
  void readsWhatItKnowsOfALaterVersion(String value) {
    assertThat(TraceParent.parse(filled(value)).getTraceId()).isEqualTo(TRACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-TRACE-SPAN",
        "00-TRACE-SPAN-",
        "00-TRACE-SPAN-1",
        "00-TRACE-SPAN-01-",
        "00-TRACE-SPAN-01-more",
        "00-TRACE-SPAN-011",
        "01-TRACE-SPAN-01more",
        "ff-TRACE-SPAN-01",
        " 00-TRACE-SPAN-01",
        "00-TRACE-SPAN-01 ",
        "00-TRACE-SPAN-0G",
        "00_TRACE_SPAN_01",
        "0x-TRACE-SPAN-01",
        "00-0AF7651916CD43DD8448EB211C80319C-SPAN-01",
        "00-TRACE-B7AD6B7169203331-01",
        "00-00000000000000000000000000000000-SPAN-01",
        "00-TRACE-0000000000000000-01",
        "00-TRACE1-SPAN-01",
        "00-TRACE-SPAN1-01",
        "\\xff0-TRACE-SPAN-01"
      })
  void refusesEverythingElse(String value) {
    assertThat(TraceParent.parse(filled(value)).isValid()).isFalse();
  }

  private static String filled(String value) {
    return value.replace("TRACE", TRACE).replace("SPAN", SPAN);
  }
}
