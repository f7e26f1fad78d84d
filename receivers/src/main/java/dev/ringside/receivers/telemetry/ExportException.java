package dev.ringside.receivers.telemetry;

/// An export that failed, with what the server answered.
final class ExportException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Answer answer;

  ExportException(Answer answer) {
    super(answer.said());
    this.answer = answer;
  }

  Answer answer() {
    return answer;
  }
}
