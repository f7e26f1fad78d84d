package dev.ringside.semconv;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.incubating.ProcessIncubatingAttributes;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// OpenTelemetry's conventions as its own Java constants say them.
///
/// @param types of attributes, by key, as the registry writes types
/// @param constants strings such as `PROCESS_CPU_TIME_UNIT`, by name
record Upstream(Map<String, String> types, Map<String, String> constants) {

  static Upstream read() {
    var upstream = new Upstream(new TreeMap<>(), new TreeMap<>());
    try {
      upstream.add(ErrorAttributes.class);
      upstream.add(ProcessIncubatingAttributes.class);
    } catch (IOException | URISyntaxException | ReflectiveOperationException e) {
      throw new IllegalStateException("read the constants of opentelemetry-semconv", e);
    }
    return upstream;
  }

  /// Name, unit and description of a metric.
  List<String> metric(String name) {
    String constant = name.toUpperCase(Locale.ROOT).replace('.', '_');
    return Stream.of("_NAME", "_UNIT", "_DESCRIPTION")
        .map(s -> constants.get(constant + s))
        .toList();
  }

  // A whole jar, since an attribute's class cannot be told from its key.
  private void add(Class<?> inJar)
      throws IOException, URISyntaxException, ReflectiveOperationException {
    var jar = Path.of(inJar.getProtectionDomain().getCodeSource().getLocation().toURI());
    String folder = inJar.getPackageName().replace('.', '/') + "/";
    try (var file = new JarFile(jar.toFile())) {
      for (var entry : file.stream().toList()) {
        String name = entry.getName();
        if (!name.startsWith(folder) || !name.endsWith(".class")) continue;
        var type =
            Class.forName(
                name.replace('/', '.').substring(0, name.length() - 6),
                false,
                inJar.getClassLoader());
        for (Field field : type.getFields()) add(field);
      }
    }
  }

  private void add(Field field) throws IllegalAccessException {
    if (field.getType() == AttributeKey.class) {
      var key = (AttributeKey<?>) field.get(null);
      types.put(key.getKey(), Types.of(key));
    } else if (field.getType() == String.class) {
      constants.put(field.getName(), (String) field.get(null));
    }
  }
}
