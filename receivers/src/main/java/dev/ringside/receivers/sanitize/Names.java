package dev.ringside.receivers.sanitize;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Tells from its name whether an option, a variable or a field holds a secret.
///
/// A name is taken apart where its words meet (`MYSQL_ROOT_PASSWORD`, `keyStorePassword`,
/// `--access-token`). One word must say that it is a secret; a word behind may say that it is only
/// about one (`--password-file`, `AWS_ACCESS_KEY_ID`, `--token-ttl`), and one in front that there
/// is none (`--no-password`, `--max-tokens`).
final class Names {
  private static final Set<String> SECRETS =
      words(
          """
          pass password passwords passwd passphrase passcode pwd pw secret secrets token tokens credential
          credentials creds cred otp totp psk jwt bearer authorization cookie sessionid jsessionid phpsessid
          masterauth bindpw userpw rootpw adminpw dbpw pin
          """);

  // For words written together: dbpassword, apikey, storepass, authtoken.
  private static final List<String> ENDINGS =
      List.of(
          "password",
          "passwd",
          "passphrase",
          "pass",
          "pwd",
          "secret",
          "token",
          "cookie",
          "apikey",
          "secretkey",
          "privatekey",
          "accesskey",
          "authkey",
          "accountkey",
          "credentials");

  private static final Set<String> NOT_PASS =
      words(
          "askpass bypass compass trespass encompass multipass onepass renderpass surpass overpass underpass");

  /// What makes a secret of a `key`.
  private static final Set<String> KEYS =
      words(
          """
          api access secret private priv encryption encrypt signing account master shared license
          subscription storage auth authentication app application admin deploy client session service
          hmac aes webhook function ingest write encoding
          """);

  /// Keys that are often given by the name of their file.
  private static final Set<String> FILE_KEYS =
      words("private priv client deploy encryption encrypt signing service session");

  private static final Set<String> BEHIND =
      words(
          """
          file files filename path paths stdin type ttl id ids name names env dir directory length len policy
          prompt prompts url uri endpoint expiry expiration expires expire duration lifetime timeout count
          min max limit algorithm alg store stores ref arn field fields provider class format encoding mode
          method hint manager helper command cmd program fd fds from only required enabled disabled check
          change age days version rotation budget bucket usage bytes size source src namespace label labels
          server port host user username role scope scopes auth authentication template generator mount
          volume prefix suffix separator regex pattern column table strength score less lines through jar
          management audience issuer list exists digits chars characters
          """);

  private static final Set<String> BEFORE =
      words(
          """
          no without ask prompt skip disable require requires permit empty show hide max min num number
          count generate public next starting page continuation pull with use one two first second multi
          eos bos pad unk sep mask special stop
          """);

  private static final Set<String> NO_SECRETS =
      words("true false yes no none null on off nil undefined");

  private static final String ACCESS_TOKEN = "_PAT"; // personal

  private Names() {}

  /// Whether a text may have a name in it of which [#isSecret] or [#isUserAndPassword] says yes.
  static boolean maySaySecret(String text) {
    return hasRoot(text) || text.contains(ACCESS_TOKEN);
  }

  /// Whether `name` holds a secret. The name may have its dashes in front.
  static boolean isSecret(String name) {
    if (name.equals("PWD") || name.equals("OLDPWD")) return false; // working directories
    if (name.endsWith(ACCESS_TOKEN)) return true;
    // Vault's; but the --secret-id of others only names a secret.
    if (name.regionMatches(true, name.length() - 9, "secret_id", 0, 9)) return true;
    if (!hasRoot(name)) return false;
    List<String> words = split(name);
    int secret = -1;
    for (int i = 0; i < words.size(); i++) {
      if (isSecretWord(words, i)) secret = i;
    }
    if (secret < 0) return false;
    for (int i = 0; i < secret; i++) {
      if (BEFORE.contains(words.get(i))) return false;
    }
    for (int i = secret + 1; i < words.size(); i++) {
      if (BEHIND.contains(words.get(i))) return false;
    }
    return true;
  }

  /// Whether the value of such a name is one that gives nothing away: a switch, a number of passes,
  /// the name of a key's file.
  static boolean isHarmless(String name, String value) {
    if (value.isEmpty() || NO_SECRETS.contains(value.toLowerCase(Locale.ROOT))) return true;
    List<String> words = split(name);
    String last = words.getLast();
    return switch (last) {
      case "pass", "passes", "tokens" ->
          value.length() < 2 || last.equals("tokens") && isNumber(value);
      case "pwd" -> value.startsWith("/") || value.startsWith("$") || value.startsWith(".");
      case "secret" -> // docker build --secret id=…,src=…
          value.startsWith("id=") || value.startsWith("type=") || value.startsWith("source=");
      case "credentials", "credential", "creds", "cred", "cookie" -> isFile(value);
      case "key" ->
          words.size() > 1 && FILE_KEYS.contains(words.get(words.size() - 2)) && isFile(value);
      case "privatekey" -> isFile(value);
      default -> false;
    };
  }

  /// Whether `name` holds `user:password`.
  static boolean isUserAndPassword(String name) {
    if (name.length() < 4 || !hasRoot(name)) return false;
    return switch (split(name).getLast()) {
      case "auth", "basicauth", "userpwd", "creds" -> true;
      default -> false;
    };
  }

  /// Whether `name` holds the address of a proxy, which may have credentials but no scheme.
  static boolean isProxy(String name) {
    return name.regionMatches(true, name.length() - 5, "proxy", 0, 5);
  }

  /// Whether `name` is secret as a parameter of a URL, where short names are in use.
  static boolean isSecretParameter(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "key", "sig", "signature", "x-amz-signature", "x-goog-signature" -> true;
      default -> isSecret(name);
    };
  }

  /// Whether there is a beginning of any secret word in it: a quick no for nearly all names.
  private static boolean hasRoot(String name) {
    for (int i = 0; i + 1 < name.length(); i++) {
      int second = name.charAt(i + 1) | 0x20; // in lower case
      int third = i + 2 < name.length() ? name.charAt(i + 2) | 0x20 : 0;
      boolean root =
          switch (name.charAt(i) | 0x20) {
            case 'p' -> second == 'w' || second == 'a' && third == 's' || isPskOrPin(second, third);
            case 's' -> second == 'e' && (third == 'c' || third == 's') || second == 'i';
            case 't' -> second == 'o' && (third == 'k' || third == 't');
            case 'k' -> second == 'e' && third == 'y';
            case 'c' -> second == 'r' && third == 'e' || second == 'o' && third == 'o';
            case 'a' -> second == 'u' && third == 't' && isAt(name, i + 3, 'h'); // not "auto"
            case 'o' -> second == 't' && third == 'p';
            case 'j' -> second == 'w';
            case 'b' -> second == 'e' && third == 'a';
            default -> false;
          };
      if (root) return true;
    }
    return false;
  }

  private static boolean isAt(String name, int i, char lowerCase) {
    return i < name.length() && (name.charAt(i) | 0x20) == lowerCase;
  }

  private static boolean isPskOrPin(int second, int third) {
    return second == 's' && third == 'k' || second == 'i' && third == 'n';
  }

  private static boolean isSecretWord(List<String> words, int i) {
    String word = words.get(i);
    if (SECRETS.contains(word)) return !word.equals("pin") || words.size() <= 2;
    String before = i == 0 ? "" : words.get(i - 1);
    if (word.equals("key") || word.equals("keys")) return KEYS.contains(before);
    if (word.equals("signature")) return before.equals("access");
    if (word.length() < 5 || NOT_PASS.contains(word)) return false;
    for (String ending : ENDINGS) {
      if (word.endsWith(ending)) return true;
    }
    return false;
  }

  /// The words of a name in lower case, without digits at their ends.
  private static List<String> split(String name) {
    var words = new ArrayList<String>(4);
    int from = 0;
    for (int i = 0; i <= name.length(); i++) {
      boolean separator = i == name.length() || !Character.isLetterOrDigit(name.charAt(i));
      if (!separator && !(i > from && isCamelHump(name, i))) continue;
      int end = i;
      while (end > from && Character.isDigit(name.charAt(end - 1))) end--;
      if (end > from) words.add(name.substring(from, end).toLowerCase(Locale.ROOT));
      from = separator ? i + 1 : i;
    }
    if (words.isEmpty()) words.add("");
    return words;
  }

  /// Whether a word begins at `i`: `accessToken`, `APIKey`.
  private static boolean isCamelHump(String name, int i) {
    if (!Character.isUpperCase(name.charAt(i))) return false;
    boolean afterLower = Character.isLowerCase(name.charAt(i - 1));
    boolean beforeLower = i + 1 < name.length() && Character.isLowerCase(name.charAt(i + 1));
    return afterLower || beforeLower && Character.isUpperCase(name.charAt(i - 1));
  }

  private static boolean isFile(String value) {
    return value.startsWith("/")
        || value.startsWith("./")
        || value.startsWith("../")
        || value.startsWith("~")
        || value.startsWith("@")
        || value.endsWith(".json")
        || value.endsWith(".pem")
        || value.endsWith(".key")
        || value.endsWith(".txt");
  }

  /// Whether it says where the password is, in openssl's way.
  private static boolean isElsewhere(String value) {
    return value.startsWith("env:")
        || value.startsWith("file:")
        || value.startsWith("fd:")
        || value.equals("stdin");
  }

  private static boolean isNumber(String value) {
    return value.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Set<String> words(String words) {
    return Set.of(words.strip().split("\\s+"));
  }
}
