import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `java OneShape.java Libbpf.java`: has the functions that jextract generated called by
/// `Downcall`, which links once, where jextract's own code has the JVM link each shape of a
/// signature, which takes longer than starting the JVM. Names, types and comments stay.
final class OneShape {
  private static final Pattern FUNCTION =
      Pattern.compile(
          "    private static class (\\w+) \\{\n        public static final FunctionDescriptor.*?"
              + "    (/\\*\\*\n     \\* \\{@snippet lang=c :\n[^/]*?\\*/)\n"
              + "    public static (\\w+) \\1\\(([^)]*)\\) \\{\n.*?\n    }\n",
          Pattern.DOTALL);
  private static final Pattern VARIADIC =
      Pattern.compile(
          "    /\\*\\*\n     \\* Variadic invoker class for:\n([^/]*?\\*/)\n"
              + "    public static class (\\w+) \\{\n.*?"
              + "        public (\\w+) apply\\((.*?), Object\\.\\.\\. \\w+\\) \\{\n.*?\n    }\n",
          Pattern.DOTALL);

  private OneShape() {}

  public static void main(String... arguments) throws IOException {
    var file = Path.of(arguments[0]);
    var text =
        FUNCTION
            .matcher(Files.readString(file))
            .replaceAll(m -> function(m.group(1), m.group(2), m.group(3), m.group(4), false));
    text =
        VARIADIC
            .matcher(text)
            .replaceAll(m ->
                function(m.group(2), "/**\n" + m.group(1), m.group(3), m.group(4), true));
    if (text.contains("MethodHandle ")) throw new IOException("a function was not recognized");
    text = text.replace("import java.lang.invoke.*;", "import java.lang.ref.Reference;");
    Files.writeString(file, text);
  }

  private static String function(
      String name, String comment, String type, String parameters, boolean isVariadic) {
    var values = new ArrayList<String>();
    var pointers = new ArrayList<String>();
    for (var parameter : parameters.isBlank() ? List.<String>of() : split(parameters)) {
      var words = parameter.split(" ");
      switch (words[0]) {
        case "MemorySegment" -> {
          values.add("Downcall.address(" + words[1] + ")");
          pointers.add(words[1]);
        }
        case "boolean" -> values.add(words[1] + " ? 1 : 0");
        default -> values.add(words[1]);
      }
    }
    var arguments = String.join("", values.stream().map(value -> ", " + value).toList());
    if (isVariadic) {
      parameters += ", long... more";
      arguments = ", Downcall.arguments(more" + arguments + ")";
    }
    var call = "Downcall.call(" + name + ".ADDR" + arguments + ")";
    var statement =
        switch (type) {
          case "void" -> call + ";";
          case "long" -> "return " + call + ";";
          case "MemorySegment" -> "return MemorySegment.ofAddress(" + call + ");";
          default -> "return (" + type + ") " + call + ";";
        };
    var body = new StringBuilder();
    if (pointers.isEmpty()) body.append("        ").append(statement).append('\n');
    else {
      body.append("        try {\n            ").append(statement).append("\n        } finally {\n");
      for (var pointer : pointers)
        body.append("            Reference.reachabilityFence(").append(pointer).append(");\n");
      body.append("        }\n");
    }
    var lines =
        List.of(
            "    private static class " + name + " {",
            "        static final MemorySegment ADDR = SYMBOL_LOOKUP.findOrThrow(\"" + name + "\");",
            "    }",
            "",
            "    " + comment,
            "    public static " + type + " " + name + "(" + parameters + ") {",
            body + "    }",
            "");
    return Matcher.quoteReplacement(String.join("\n", lines));
  }

  private static List<String> split(String parameters) {
    return List.of(parameters.split(", "));
  }
}
