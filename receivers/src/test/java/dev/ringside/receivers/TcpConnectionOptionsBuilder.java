package dev.ringside.receivers;

import dev.ringside.receivers.TcpConnectionOptions.Family;
import dev.ringside.receivers.TcpConnectionOptions.Role;
import java.time.Duration;
import java.util.List;

/// Options of `tcp_connection`, each said only by a test that it matters to: everything of all
/// connections but changes of state and dropped segments, less what is said.
final class TcpConnectionOptionsBuilder {
  private String cgroup = "";
  private Role role = Role.ANY;
  private Family family = Family.ANY;
  private int port;
  private String peer = "";
  private Duration slowHandshake = Duration.ofMillis(500);
  private boolean failedOnly;
  private Duration minDuration = Duration.ZERO;
  private double spanRatio = 1;
  private int pid;
  private boolean states;
  private boolean drops;
  private int dropsPerSecond;
  private List<String> attributes = List.of();

  private TcpConnectionOptionsBuilder() {}

  static TcpConnectionOptionsBuilder everything() {
    return new TcpConnectionOptionsBuilder();
  }

  TcpConnectionOptionsBuilder in(OwnCgroup cgroup) {
    this.cgroup = cgroup.path();
    return this;
  }

  TcpConnectionOptionsBuilder only(Role role) {
    this.role = role;
    return this;
  }

  TcpConnectionOptionsBuilder only(Family family) {
    this.family = family;
    return this;
  }

  TcpConnectionOptionsBuilder onlyPort(int port) {
    this.port = port;
    return this;
  }

  TcpConnectionOptionsBuilder onlyPeer(String peer) {
    this.peer = peer;
    return this;
  }

  TcpConnectionOptionsBuilder failedOnly() {
    failedOnly = true;
    return this;
  }

  TcpConnectionOptionsBuilder lasting(Duration minDuration) {
    this.minDuration = minDuration;
    return this;
  }

  TcpConnectionOptionsBuilder slowHandshake(Duration slowHandshake) {
    this.slowHandshake = slowHandshake;
    return this;
  }

  TcpConnectionOptionsBuilder ofProcess(long pid) {
    this.pid = (int) pid;
    return this;
  }

  TcpConnectionOptionsBuilder withStates() {
    states = true;
    return this;
  }

  /// Dropped segments, too, whose names of functions only root is told.
  TcpConnectionOptionsBuilder withDrops(int dropsPerSecond) {
    drops = true;
    this.dropsPerSecond = dropsPerSecond;
    return this;
  }

  TcpConnectionOptionsBuilder spanRatio(double spanRatio) {
    this.spanRatio = spanRatio;
    return this;
  }

  TcpConnectionOptionsBuilder withAttributes(String... attributes) {
    this.attributes = List.of(attributes);
    return this;
  }

  TcpConnectionOptionsBuilder withAllAttributes() {
    attributes = FlowGroups.ATTRIBUTES;
    return this;
  }

  TcpConnectionOptions build() {
    return new TcpConnectionOptions(
        pid,
        -1,
        cgroup,
        "",
        role,
        family,
        port,
        peer,
        true,
        true,
        states,
        drops,
        dropsPerSecond,
        slowHandshake,
        failedOnly,
        minDuration,
        true,
        spanRatio,
        attributes,
        32_768,
        4 << 20);
  }
}
