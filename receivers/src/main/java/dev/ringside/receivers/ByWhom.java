package dev.ringside.receivers;

/// What histograms of functions tell apart besides the functions and their errors: `enum by_whom`.
public enum ByWhom {
  FUNCTION,
  EXECUTABLE,
  CONTAINER
}
