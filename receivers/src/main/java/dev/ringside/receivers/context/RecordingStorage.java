package dev.ringside.receivers.context;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;

/// Another storage, whose changes are recorded.
record RecordingStorage(ContextStorage storage, ContextRecorder recorder)
    implements ContextStorage {

  @Override
  public Scope attach(Context context) {
    var scope = storage.attach(context);
    if (scope == Scope.noop()) return scope;
    recorder.changed(context);
    return () -> {
      scope.close();
      // Not what was there before: a scope that is closed out of turn, or elsewhere, changes
      // nothing.
      recorder.changed(storage.current());
    };
  }

  @Override
  public Context current() {
    return storage.current();
  }

  @Override
  public Context root() {
    return storage.root();
  }
}
