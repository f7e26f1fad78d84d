package dev.ringside.receivers.sanitize;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Programs that take a secret in a way of their own, and programs that run others.
final class Clients {
  // A program may have several lines; each begins with names and has behind the sign =
  //   -x    an option whose value is secret, in the next word or, if it is short, in the same
  //   -x!   the same, but only in the same word
  //   -x:   what is secret of the value begins behind the first colon; so with , % and =
  //   -x+   only in the next word
  //   -x@   its value is user:password@host
  //   -x*   its value is openssl's: pass:SECRET, env:NAME, file:PATH
  //   &abc  short options without a value, which may be in front in the same word
  //   ?w    only when there is a word w
  //   $w    the last word is secret when there is a word w before it; -w is an option with that
  // letter
  //   ~     a word may be a secret's name, and the next one is the secret
  //   /     a word may be user/password@database
  //   @     a word may be user:password@host
  private static final String TABLE =
      """
      mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mysqlpump mysqlslap = -p! &ABCEGHINLbfnoqrstvVwWiX
      mysqlbinlog mycli mariadb mariadb-dump mariadb-admin mariadb-import = -p! &ABCEGHINLbfnoqrstvVwWiX
      mariadb-show mariadb-check mariadb-slap mariadb-binlog = -p! &ABCEGHINLbfnoqrstvVwWiX
      mysqlsh = -p! @
      mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat mongotop = -p
      redis-cli valkey-cli keydb-cli redis-benchmark = -a $auth $AUTH
      redis-cli valkey-cli keydb-cli = ?set ~
      cqlsh twine rdesktop useradd usermod groupadd ncftp ncftpget ncftpput = -p
      sqlcmd bcp osql tsql mosquitto_pub mosquitto_sub ipmitool unzip zip = -P
      sqlplus sqlldr expdp impdp rman = /
      7z 7za 7zr 7zz rar unrar = -p! -hp!
      sshpass = -p &ve
      smbclient smbget smbcacls smbcquotas smbtree rpcclient net = -U% --user% &NkPE
      lftp open = -u, --user,
      curl = -u: --user: -U: --proxy-user: -x@ --proxy@ -E: --cert: -b= --oauth2-bearer &0123456#aBfgGiIjJklLMnNOpqRsSvVZ
      http https xh = -a: &fjphbvdcFS
      etcdctl influx = --user:
      ldapsearch ldapadd ldapmodify ldapdelete ldapmodrdn ldapwhoami = -w &acCnNvxLMQIZu
      ldapcompare ldapexop = -w &acCnNvxLMQIZu
      ldappasswd = -w -a -s &nvxMQIZ
      docker podman nerdctl buildah skopeo helm crane regctl oc cf ibmcloud az = ?login -p
      skopeo buildah podman = --creds: --src-creds: --dest-creds:
      xfreerdp xfreerdp3 wlfreerdp = /p:!
      ssh-keygen = -N -P
      snmpget snmpwalk snmpset snmpbulkwalk snmptrap = -A -X -c
      openssl = -pass* -passin* -passout* -password* -k+ -K+ -psk+ -hmac+ $passwd
      kubectl oc = ?create --from-literal=
      gh = ?secret -b --body
      aws = ?put-parameter --value
      az = ?secret --value
      glab doctl vercel = -t
      aws gcloud git npm yarn pnpm pulumi heroku = ?set ~
      git npm yarn pnpm = ?config ~
      nmcli pdftk = ~
      htpasswd mosquitto_passwd = $-b
      wpa_passphrase = $wpa_passphrase
      mkpasswd = $mkpasswd
      chpasswd = $chpasswd
      virsh = $secret-set-value
      rabbitmqctl = $add_user $change_password $authenticate_user
      vault cargo = $login
      ngrok = $authtoken $add-authtoken
      ipmitool = $password
      mc mcli = $set
      """;

  /// How one line says that a secret is given.
  ///
  /// @param when a word that must be there; null when there is no such condition
  /// @param options options and which part of their value is secret, by the sign behind them
  /// @param flags short options that may be in front of another in one word
  /// @param last words that make the last word a secret
  /// @param words the signs for words that are no options
  record Client(
      String when, Map<String, Character> options, String flags, List<String> last, String words) {}

  private static final Set<String> WRAPPERS =
      Set.of(
          """
          sudo doas env nohup timeout nice ionice time stdbuf setsid exec command builtin chroot unshare
          nsenter chrt taskset numactl setarch linux64 strace ltrace gdb perf flock su runuser sg gosu su-exec
          setpriv capsh tini dumb-init catatonit s6-setuidgid chpst start-stop-daemon systemd-run
          systemd-inhibit systemd-cat fakeroot xvfb-run dbus-run-session firejail bwrap proot busybox toybox
          xargs parallel find watch entr hyperfine npx ip tmux screen script sshpass ssh winpty torsocks
          proxychains proxychains4 aws-vault doppler chamber then do else if while until ! {
          """
              .strip()
              .split("\\s+"));

  /// Programs that run others in containers, after options of their own that look like the others'.
  private static final Set<String> CONTAINER_WRAPPERS =
      Set.of("docker", "podman", "nerdctl", "kubectl", "oc", "crictl", "ctr", "lxc", "lxc-attach");

  private static final Set<String> SHELLS =
      Set.of(
          """
          sh bash dash zsh ksh mksh ash fish csh tcsh busybox su runuser script flock watch eval ssh
          python python3 perl ruby node php
          """
              .strip()
              .split("\\s+"));

  private static final Map<String, List<Client>> CLIENTS = parse();

  private static final Set<String> ALL = all();

  private Clients() {}

  /// Whether anything is known of such a program.
  static boolean isKnown(String program) {
    return ALL.contains(program);
  }

  /// @param program the name of a program, without its directory
  static List<Client> of(String program) {
    return CLIENTS.getOrDefault(program, List.of());
  }

  static boolean isWrapper(String program) {
    return WRAPPERS.contains(program);
  }

  static boolean isContainerWrapper(String program) {
    return CONTAINER_WRAPPERS.contains(program);
  }

  /// Whether it takes a command string or a program's text behind `-c`.
  static boolean isShell(String program) {
    return SHELLS.contains(program);
  }

  private static Set<String> all() {
    var all = new HashSet<>(CLIENTS.keySet());
    all.addAll(WRAPPERS);
    all.addAll(CONTAINER_WRAPPERS);
    all.addAll(SHELLS);
    return all;
  }

  private static Map<String, List<Client>> parse() {
    var clients = new HashMap<String, List<Client>>();
    for (String line : TABLE.split("\n")) {
      int sign = line.indexOf(" = ");
      Client client = client(line.substring(sign + 3).split(" "));
      for (String program : line.substring(0, sign).split(" ")) {
        clients.computeIfAbsent(program, p -> new ArrayList<>(1)).add(client);
      }
    }
    return clients;
  }

  private static Client client(String[] signs) {
    String when = null;
    String flags = "";
    var options = new HashMap<String, Character>();
    var last = new ArrayList<String>(0);
    var words = new StringBuilder();
    for (String sign : signs) {
      char first = sign.charAt(0);
      String rest = sign.substring(1);
      switch (first) {
        case '?' -> when = rest;
        case '&' -> flags = rest;
        case '$' -> last.add(rest);
        case '~', '@' -> words.append(first);
        case '/' -> {
          if (rest.isEmpty()) words.append(first);
          else option(sign, options);
        }
        default -> option(sign, options);
      }
    }
    return new Client(when, options, flags, last, words.toString());
  }

  private static void option(String sign, Map<String, Character> options) {
    char part = sign.charAt(sign.length() - 1);
    if (Character.isLetterOrDigit(part)) options.put(sign, ' ');
    else options.put(sign.substring(0, sign.length() - 1), part);
  }
}
