package dev.ringside.receivers.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringside.receivers.telemetry.Answer.Meaning;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void anHttpStatusThatSaysLaterIsNoRefusal(int status) {
    var failure = Failures.http(status, "Later");

    var answer = of(failure);

    assertThat(answer).isEqualTo(new Answer(Meaning.LATER, "HTTP " + status + " Later"));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 413, 500})
  void everyOtherHttpStatusIsARefusal(int status) {
    var failure = Failures.http(status, "No");

    var answer = of(failure);

    assertThat(answer).isEqualTo(new Answer(Meaning.REFUSED, "HTTP " + status + " No"));
  }

  @ParameterizedTest
  @EnumSource(
      value = GrpcStatusCode.class,
      names = {
        "CANCELLED",
        "DEADLINE_EXCEEDED",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNAVAILABLE",
        "DATA_LOSS"
      })
  void aGrpcStatusThatSaysLaterIsNoRefusal(GrpcStatusCode status) {
    var failure = Failures.grpc(status, "later");

    var answer = of(failure);

    assertThat(answer).isEqualTo(new Answer(Meaning.LATER, "gRPC " + status + " later"));
  }

  @ParameterizedTest
  @EnumSource(
      value = GrpcStatusCode.class,
      names = {"UNKNOWN", "INVALID_ARGUMENT", "UNAUTHENTICATED", "UNIMPLEMENTED", "INTERNAL"})
  void everyOtherGrpcStatusIsARefusal(GrpcStatusCode status) {
    var failure = Failures.grpc(status, "no");

    var answer = of(failure);

    assertThat(answer.meaning()).isEqualTo(Meaning.REFUSED);
  }

  @Test
  void anExhaustedServerMayMeanItselfOrThisBatch() {
    var failure =
        Failures.grpc(GrpcStatusCode.RESOURCE_EXHAUSTED, "received message larger than max");

    var answer = of(failure);

    assertThat(answer.meaning()).isEqualTo(Meaning.DOUBTFUL);
  }

  @Test
  void noAnswerIsNoRefusalAndNamesTheCause() {
    var failure = Failures.connectionRefused();

    var answer = of(failure);

    assertThat(answer).isEqualTo(new Answer(Meaning.LATER, "ConnectException: Connection refused"));
  }

  @Test
  void aFailureWithoutAReasonIsNoRefusal() {
    var failure = CompletableResultCode.ofFailure();

    var answer = of(failure);

    assertThat(answer.meaning()).isEqualTo(Meaning.LATER);
  }

  private static Answer of(CompletableResultCode failed) {
    return Answer.of(failed.getFailureThrowable());
  }
}
