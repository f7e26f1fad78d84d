package dev.ringside.bpf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a receiver declared about its object, kept so that loading can begin anew with the next
/// way.
final class Declarations {
  final Map<String, Long> numbers = new LinkedHashMap<>();
  final Map<String, byte[]> bytes = new LinkedHashMap<>();
  final Map<String, Long> sizes = new LinkedHashMap<>();
  final Map<String, RecordSink> rings = new LinkedHashMap<>();
  final List<Need> needs = new ArrayList<>();
  final Set<String> leftOut = new HashSet<>();
  Optional<FunctionsNeed> functions = Optional.empty();
  Optional<UserFunctionsNeed> userFunctions = Optional.empty();
}
