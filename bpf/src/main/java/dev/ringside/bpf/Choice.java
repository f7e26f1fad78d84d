package dev.ringside.bpf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where the search for ways stands: for each need the way that is tried now, and those refused
/// before.
final class Choice {
  private final List<Candidate> candidates;
  private final Set<String> unlessMentioned;

  private static final class Candidate {
    private final Need need;
    private final List<AttachPlan.Refusal> refusals = new ArrayList<>();
    private int at;
    private int tried = -1;

    private Candidate(Need need) {
      this.need = need;
    }

    private Optional<Way> way() {
      return at < need.ways().size() ? Optional.of(need.ways().get(at)) : Optional.empty();
    }
  }

  /// @param unlessMentioned programs that stay out unless a way says where they attach
  Choice(List<Need> needs, Set<String> unlessMentioned) {
    this.unlessMentioned = unlessMentioned;
    candidates = needs.stream().map(Candidate::new).toList();
  }

  /// The ways that are tried now.
  List<Way> ways() {
    return candidates.stream().flatMap(c -> c.way().stream()).toList();
  }

  /// A way that is tried now and was not returned here before. Never the last one of a required
  /// need: if that is refused too, nothing is left to be saved.
  Optional<Way> nextUntried() {
    for (var c : candidates) {
      int after = c.need.ways().size() - c.at - 1;
      if (c.tried == c.at || after < 0 || after == 0 && c.need.required()) continue;
      c.tried = c.at;
      return c.way();
    }
    return Optional.empty();
  }

  /// Programs that some way mentions but none of the current ones, or that none mentions and that
  /// have no place of their own or were left out: they stay out of the object.
  Set<String> programsLeftOut() {
    var out = new HashSet<>(unlessMentioned);
    candidates.forEach(
        c -> c.need.ways().forEach(w -> w.attachments().forEach(a -> out.add(a.program()))));
    ways().forEach(w -> w.attachments().forEach(a -> out.remove(a.program())));
    return out;
  }

  /// The same for maps.
  Set<String> mapsLeftOut() {
    var out = new HashSet<String>();
    candidates.forEach(c -> c.need.ways().forEach(w -> out.addAll(w.maps())));
    ways().forEach(w -> out.removeAll(w.maps()));
    return out;
  }

  /// Gives up the way that uses a program or map and goes on to the next one.
  ///
  /// @return false when nothing that could be given up uses it, or a required need has no way left
  boolean giveUp(String what, int errno, String said) {
    for (var c : candidates) {
      var way = c.way();
      if (way.isEmpty() || !uses(way.get(), what)) continue;
      var advice = Advice.on(way.get(), errno);
      c.refusals.add(new AttachPlan.Refusal(way.get(), what, errno, said, advice));
      c.at++;
      return c.way().isPresent() || !c.need.required();
    }
    return false;
  }

  private static boolean uses(Way way, String what) {
    return way.maps().contains(what)
        || way.attachments().stream().anyMatch(a -> a.program().equals(what));
  }

  AttachPlan plan() {
    return new AttachPlan(
        candidates.stream().map(c -> new AttachPlan.Step(c.need, c.way(), c.refusals)).toList());
  }
}
