package dev.ringside.receivers.elf;

import dev.ringside.bpf.NearestNames;
import dev.ringside.bpf.UserFunction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds pairs of static probes in one file.
record ProbeSearch(FunctionName wanted, Path path, ElfFile file) {

  List<UserFunction> find() throws NotFoundException {
    var names = names();
    var pairs = new LinkedHashSet<ProbePair>();
    if (wanted.isPattern()) {
      var matches = FunctionSearch.glob(wanted.name());
      for (var name : names)
        if (matches.test(name)) ProbePair.of(name, names).ifPresent(pairs::add);
    } else {
      ProbePair.of(wanted.name(), names).ifPresent(pairs::add);
    }
    if (pairs.isEmpty()) throw new NotFoundException(reason(names));
    var found = new ArrayList<UserFunction>();
    for (var pair : pairs)
      found.add(
          new UserFunction(
              wanted.provider() + ":" + pair.name(),
              path.toString(),
              places(pair.begin()),
              places(pair.end())));
    return found;
  }

  private Set<String> names() {
    return file.probes().stream()
        .filter(p -> p.provider().equals(wanted.provider()))
        .map(StaticProbe::name)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private String reason(Set<String> names) {
    if (names.contains(wanted.name()))
      return "a probe by itself is a moment and takes no time; there have to be two, such as x__begin and x__end";
    if (!names.isEmpty())
      return "%s has no pair of probes like that of %s%s"
          .formatted(path, wanted.provider(), NearestNames.hint(wanted.name(), names));
    var providers = file.probes().stream().map(StaticProbe::provider).distinct().sorted().toList();
    if (providers.isEmpty()) return path + " has no static probes (USDT)";
    return path + " has no such provider of static probes; it has " + String.join(", ", providers);
  }

  private List<UserFunction.Place> places(String name) throws NotFoundException {
    var places = new ArrayList<UserFunction.Place>();
    for (var probe : file.probes()) {
      if (!probe.provider().equals(wanted.provider()) || !probe.name().equals(name)) continue;
      var offset = file.instruction(probe.address());
      long semaphore = probe.semaphore() == 0 ? 0 : file.data(probe.semaphore()).orElse(0);
      if (offset.isPresent()) places.add(new UserFunction.Place(offset.getAsLong(), semaphore));
    }
    if (places.isEmpty()) throw new NotFoundException(path + " has no code for " + name);
    return places;
  }
}
