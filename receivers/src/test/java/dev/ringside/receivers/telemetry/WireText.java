package dev.ringside.receivers.telemetry;

import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// What OTLP messages hold, to be compared.
final class WireText {
  private WireText() {}

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  static String text(List<KeyValue> attributes) {
    return attributes.stream().map(WireText::text).collect(Collectors.joining(", "));
  }

  static String text(KeyValue attribute) {
    var value = attribute.getValue();
    var text =
        switch (value.getValueCase()) {
          case STRING_VALUE -> value.getStringValue();
          case INT_VALUE -> Long.toString(value.getIntValue());
          case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
          case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
          case ARRAY_VALUE ->
              value.getArrayValue().getValuesList().stream()
                  .map(v -> v.getStringValue())
                  .toList()
                  .toString();
          default -> value.getValueCase().toString();
        };
    return attribute.getKey() + "=" + text;
  }
}
