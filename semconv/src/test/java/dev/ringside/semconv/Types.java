package dev.ringside.semconv;

import io.opentelemetry.api.common.AttributeKey;

/// What the registry calls the type of a key.
final class Types {

  static String of(AttributeKey<?> key) {
    return switch (key.getType()) {
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case LONG -> "int";
      case DOUBLE -> "double";
      case STRING_ARRAY -> "string[]";
      case BOOLEAN_ARRAY -> "boolean[]";
      case LONG_ARRAY -> "int[]";
      case DOUBLE_ARRAY -> "double[]";
      default -> key.getType().toString();
    };
  }

  private Types() {}
}
