package dev.ringside.receivers.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Any bytes as what a server answers, which may be anybody who has the port.
class AnswerFuzzTest {
  @FuzzTest
  void takesAnything(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.UTF_8);

    check(Answer.http(200, text, text, bytes));
    check(Answer.http(503, text, text, bytes));
    check(Answer.grpc(GrpcStatusCode.OK, text, bytes, bytes));
    check(Answer.grpc(GrpcStatusCode.RESOURCE_EXHAUSTED, text, bytes, bytes));
  }

  private static void check(Answer answer) {
    assertThat(answer.retryAfter()).isBetween(Duration.ZERO, Duration.ofHours(1));
    assertThat(answer.rejected()).isNotNegative();
    assertThat(answer.said())
        .hasSizeLessThan(310)
        .doesNotContainPattern(
            "[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]");
  }
}
