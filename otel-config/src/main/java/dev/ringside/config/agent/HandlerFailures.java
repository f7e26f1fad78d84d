package dev.ringside.config.agent;

import dev.ringside.config.tree.Printable;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Says a handler's exception once per kind, since it would come with every event. How many there
/// were is counted per ring and ends up in the closing lines.
record HandlerFailures(Set<String> said, Consumer<String> say)
    implements BiConsumer<String, Throwable> {

  HandlerFailures(Consumer<String> say) {
    this(ConcurrentHashMap.newKeySet(), say);
  }

  @Override
  public void accept(String ring, Throwable failure) {
    var at = failure.getStackTrace().length == 0 ? "" : " at " + failure.getStackTrace()[0];
    if (!said.add(ring + " " + failure.getClass().getName() + at)) return;
    var what = Printable.of(String.valueOf(failure));
    say.accept(
        ring
            + ": an event could not be handled: "
            + what
            + at
            + "; the others go on, more of the"
            + " same are only counted");
  }
}
