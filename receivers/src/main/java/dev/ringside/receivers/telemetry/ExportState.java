package dev.ringside.receivers.telemetry;

import java.nio.file.Path;
import java.time.Duration;

/// What changed between us and an exporter. Told once for each change, not for each attempt.
public sealed interface ExportState {

  /// The endpoint, where the exporter says it, or the exporter's class.
  String exporter();

  /// One line for a person.
  String message();

  /// There is no answer, or one that asks to try again. The batch is kept and tried again.
  ///
  /// @param cause what the system said
  /// @param kept records in the batch
  record Unanswered(String exporter, String cause, int kept) implements ExportState {
    @Override
    public String message() {
      return exporter
          + " does not answer: "
          + cause
          + "; keeping "
          + kept
          + (kept == 1 ? " record" : " records")
          + ", the rings absorb more; retrying";
    }
  }

  /// There is no answer, or one that asks to try again. Until there is one, records go to disk.
  ///
  /// @param cause what the system said
  /// @param directory of the buffer
  record Buffering(String exporter, String cause, Path directory) implements ExportState {
    @Override
    public String message() {
      return exporter + " does not answer: " + cause + "; keeping records in " + directory;
    }
  }

  /// There is no answer, and no room in the buffer. The batch is lost, and counted.
  ///
  /// @param cause why there is none
  /// @param lost records in the batch
  record Full(String exporter, String cause, int lost) implements ExportState {
    @Override
    public String message() {
      return exporter
          + " does not answer and "
          + cause
          + "; lost "
          + lost
          + (lost == 1 ? " record" : " records")
          + ", more if it goes on; give the buffer more room (max_size), or the disk";
    }
  }

  /// A file in the buffer cannot be read, and was removed. How many records it held is not known.
  record Damaged(String exporter, Path directory, long number, String cause)
      implements ExportState {
    @Override
    public String message() {
      return "skipped batch " + number + " in " + directory + ": " + cause;
    }
  }

  /// At the end there are batches in the buffer that the server did not take.
  record Left(String exporter, int batches, Path directory) implements ExportState {
    @Override
    public String message() {
      return batches
          + (batches == 1 ? " batch stays" : " batches stay")
          + " in "
          + directory
          + " for the next start";
    }
  }

  /// The server answered that it does not want the batch, or the exporter cannot write it. It is
  /// lost, and counted.
  ///
  /// @param cause what the server said
  /// @param lost records in the batch
  record Refused(String exporter, String cause, int lost) implements ExportState {
    @Override
    public String message() {
      return exporter
          + " refuses what we send: "
          + cause
          + "; lost "
          + lost
          + (lost == 1 ? " record" : " records")
          + ", more if it goes on; check the endpoint, its protocol and its credentials";
    }
  }

  /// It takes records again.
  ///
  /// @param after since the first failure
  record Restored(String exporter, Duration after) implements ExportState {
    @Override
    public String message() {
      return exporter + " answers again after " + after.toSeconds() + " s";
    }
  }
}
