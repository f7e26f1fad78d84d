package dev.ringside.config.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostResourceTest {
  @TempDir private Path root;

  private void file(String name, String content) throws IOException {
    Files.createDirectories(root.resolve(name).getParent());
    Files.writeString(root.resolve(name), content);
  }

  private static String value(Resource resource, String key) {
    return resource.getAttribute(AttributeKey.stringKey(key));
  }

  @Test
  void describesTheObservedHost() throws IOException {
    file("etc/machine-id", "0123456789abcdef0123456789abcdef\n");
    file("etc/os-release", "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID=\"12\"\n");
    file("proc/sys/kernel/hostname", "vega\n");
    file("proc/sys/kernel/osrelease", "6.1.0-30-amd64\n");

    var host = new HostResource(root, "1.2").host(Resource.empty());

    assertThat(value(host, "host.id")).isEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(value(host, "host.name")).isEqualTo("vega");
    assertThat(value(host, "os.type")).isEqualTo("linux");
    assertThat(value(host, "os.name")).isEqualTo("Debian GNU/Linux");
    assertThat(value(host, "os.version")).isEqualTo("12");
    assertThat(value(host, "os.build_id")).isEqualTo("6.1.0-30-amd64");
    assertThat(value(host, "telemetry.distro.name")).isEqualTo("ringside");
    assertThat(value(host, "telemetry.distro.version")).isEqualTo("1.2");
  }

  @Test
  void doesNotTakeTheAgentForTheHost() {
    var host = new HostResource(root, "1.2").host(Resource.empty());

    assertThat(host.getAttributes().asMap().keySet())
        .extracting(AttributeKey::getKey)
        .noneMatch(key -> key.startsWith("service.") || key.startsWith("process."))
        .noneMatch(key -> key.startsWith("telemetry.sdk."));
  }

  @Test
  void letsTheUserWin() {
    var configured = Resource.create(Attributes.of(AttributeKey.stringKey("host.arch"), "arm64"));

    var host = new HostResource(root, "1.2").host(configured);

    assertThat(value(host, "host.arch")).isEqualTo("arm64");
  }

  @Test
  void describesTheAgentByItself() {
    var agent = new HostResource(root, "1.2").agent(Resource.empty());

    assertThat(value(agent, "service.name")).isEqualTo("ringside");
    assertThat(value(agent, "service.version")).isEqualTo("1.2");
    assertThat(value(agent, "service.instance.id")).isNotBlank();
    assertThat(value(agent, "telemetry.sdk.language")).isEqualTo("java");
  }
}
