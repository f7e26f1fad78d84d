package dev.ringside.semconv;

/// How surely a signal carries an attribute; OpenTelemetry's attribute requirement levels.
public enum Level {
  /// Always.
  REQUIRED,
  /// Whenever the condition in the registry holds.
  CONDITIONALLY_REQUIRED,
  /// Whenever it is known.
  RECOMMENDED,
  /// Only when somebody asks for it.
  OPT_IN
}
