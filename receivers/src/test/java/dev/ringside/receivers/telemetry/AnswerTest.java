package dev.ringside.receivers.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.DebugInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.ringside.receivers.telemetry.Answer.Meaning;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void anHttpStatusThatSaysLaterIsNoRefusal(int status) {
    var failure = Failures.http(status, "Later");

    var answer = of(failure);

    assertThat(answer).isEqualTo(later("HTTP " + status + " Later"));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 500})
  void everyOtherHttpStatusIsARefusal(int status) {
    var failure = Failures.http(status, "No");

    var answer = of(failure);

    assertThat(answer.meaning()).isEqualTo(Meaning.REFUSED);
    assertThat(answer.said()).isEqualTo("HTTP " + status + " No");
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

    assertThat(answer).isEqualTo(later("gRPC " + status + " later"));
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
    var failure = Failures.grpc(GrpcStatusCode.RESOURCE_EXHAUSTED, "no room");

    var answer = of(failure);

    assertThat(answer.meaning()).isEqualTo(Meaning.DOUBTFUL);
  }

  @Test
  void noAnswerIsNoRefusalAndNamesTheCause() {
    var failure = Failures.connectionRefused();

    var answer = of(failure);

    assertThat(answer).isEqualTo(later("ConnectException: Connection refused"));
  }

  @Test
  void aFailureWithoutAReasonIsNoRefusal() {
    var failure = CompletableResultCode.ofFailure();

    var answer = of(failure);

    assertThat(answer.meaning()).isEqualTo(Meaning.LATER);
  }

  @Test
  void anExhaustedServerThatSaysWhenMeansItself() {
    var delay = Duration.newBuilder().setSeconds(2).setNanos(500_000_000);
    var details =
        Status.newBuilder()
            .setCode(8)
            .addDetails(Any.pack(DebugInfo.newBuilder().setDetail("queue").build()))
            .addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(delay).build()))
            .build();

    var answer =
        Answer.grpc(
            GrpcStatusCode.RESOURCE_EXHAUSTED, "no room", details.toByteArray(), new byte[0]);

    assertThat(answer.meaning()).isEqualTo(Meaning.LATER);
    assertThat(answer.retryAfter()).hasMillis(2500);
  }

  @ParameterizedTest
  @CsvSource({
    "413, Request Entity Too Large",
    "400, http: request body too large",
  })
  void anHttpServerSaysThatTheMessageIsTooLarge(int status, String message) {
    var body = Status.newBuilder().setMessage(message).build().toByteArray();

    var answer = Answer.http(status, "", null, body);

    assertThat(answer.meaning()).isEqualTo(Meaning.TOO_LARGE);
    assertThat(answer.said()).isEqualTo("HTTP " + status + " " + message);
  }

  @Test
  void aGrpcServerSaysThatTheMessageIsTooLarge() {
    var failure =
        Failures.grpc(
            GrpcStatusCode.RESOURCE_EXHAUSTED,
            "grpc: received message larger than max (5000000 vs. 4194304)");

    assertThat(of(failure).meaning()).isEqualTo(Meaning.TOO_LARGE);
  }

  @Test
  void retryAfterIsSecondsOrADate() {
    var date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(90));

    var seconds = Answer.http(429, "", "17", new byte[0]).retryAfter();
    var until = Answer.http(503, "", date, new byte[0]).retryAfter();

    assertThat(seconds).hasSeconds(17);
    assertThat(until.toSeconds()).isBetween(80L, 90L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "soon", "", "Fri, 99 Foo 2026", "9999999999999999999"})
  void aRetryAfterThatCannotBeReadSaysNothing(String header) {
    assertThat(Answer.http(503, "", header, new byte[0]).retryAfter()).isZero();
  }

  @Test
  void aPauseOfAgesIsCutToAnHour() {
    assertThat(Answer.http(503, "", "999999999", new byte[0]).retryAfter()).hasHours(1);
  }

  @Test
  void partialSuccessSaysHowManyWereRejectedAndWhy() {
    var response =
        ExportLogsServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportLogsPartialSuccess.newBuilder()
                    .setRejectedLogRecords(3)
                    .setErrorMessage("too old"))
            .build();

    var answer = Answer.http(200, "OK", null, response.toByteArray());

    assertThat(answer).isEqualTo(new Answer(Meaning.TAKEN, "too old", java.time.Duration.ZERO, 3));
  }

  @Test
  void bytesThatAreNoProtobufSayNothing() {
    var random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      var bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);

      assertThatCode(() -> Answer.http(random.nextBoolean() ? 200 : 500, "", null, bytes))
          .doesNotThrowAnyException();
      assertThatCode(() -> Answer.grpc(GrpcStatusCode.UNAVAILABLE, "", bytes, bytes))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void aServersWordsAreSafeForATerminal() {
    var evil = "\033[2J\u009b2J\u202egone\u2028\n";
    var body = Status.newBuilder().setMessage(evil + "x".repeat(999)).build();

    var said = Answer.http(500, "", null, body.toByteArray()).said();

    assertThat(said).startsWith("HTTP 500  [2J 2J gone xxx").hasSizeLessThan(310);
  }

  private static Answer later(String said) {
    return new Answer(Meaning.LATER, said, java.time.Duration.ZERO, 0);
  }

  private static Answer of(CompletableResultCode failed) {
    return Answer.of(failed.getFailureThrowable());
  }
}
