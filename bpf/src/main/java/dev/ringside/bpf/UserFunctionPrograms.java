package dev.ringside.bpf;

/// The programs that watch user functions, by their names in the object.
///
/// @param enter where a function begins
/// @param leave where it returns
/// @param begin at the first of a pair of static probes
/// @param end at the second
public record UserFunctionPrograms(String enter, String leave, String begin, String end) {

  /// As a way of the whole object: whether they are loaded at all.
  Way way(String mechanism) {
    var nowhere = new Hook.Pattern("");
    return Way.by(mechanism)
        .attach(enter, nowhere)
        .attach(leave, nowhere)
        .attach(begin, nowhere)
        .attach(end, nowhere);
  }
}
