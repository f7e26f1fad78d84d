package dev.ringside.receivers.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerIdTest {
  private static final String ID =
      "4f9a1b6f9ad2b8d0d27f4f8d5c6f34e1c3d1b2a4958670f1e2d3c4b5a6978869";
  private static final String OTHER =
      "0c5e7d3a0c5e7d3a0c5e7d3a0c5e7d3a0c5e7d3a0c5e7d3a0c5e7d3a0c5e7d3a";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/docker/ID",
        "/docker/ID/init.scope",
        "/system.slice/docker-ID.scope",
        "/system.slice/docker-ID.scope/supervised",
        "/user.slice/user-1000.slice/user@1000.service/user.slice/docker-ID.scope",
        "/system.slice/containerd.service/default/ID",
        "/system.slice/nerdctl-ID.scope",
        "/system.slice/cri-containerd-ID.scope",
        "/kubepods/burstable/pod31dd0274-bb43-4975-bdbc-7e10047a23f8/ID",
        "/kubepods.slice/kubepods-pod31dd0274_bb43_4975_bdbc_7e10047a23f8.slice/docker-ID.scope",
        "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podc4b2.slice/"
            + "cri-containerd-ID.scope",
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podc4b2.slice/crio-ID.scope",
        "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/"
            + "kubelet-kubepods-besteffort-pod1a2b.slice:cri-containerd:ID",
        "/machine.slice/libpod-ID.scope",
        "/machine.slice/libpod-ID.scope/container",
        "/libpod_parent/libpod-ID",
        "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope/libpod-payload-ID",
        "/ecs/b5d6c7e8f9a04b1c8d2e3f4a5b6c7d8e/ID",
        "/docker/OTHER/kubelet/kubepods/besteffort/pod1a2b/ID",
        "/docker/OTHER/docker/ID",
        "/../../docker/ID"
      })
  void findsTheInnermostContainer(String path) {
    assertThat(ContainerId.of(path.replace("OTHER", OTHER).replace("ID", ID))).isEqualTo(ID);
  }

  @Test
  void findsAFargateContainer() {
    String task = "09f5a4c1b6f94b5e8b0c2d3e4f5a6b7c";

    assertThat(ContainerId.of("/ecs/" + task + "/" + task + "-1234567890"))
        .isEqualTo(task + "-1234567890");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/init.scope",
        "/system.slice/ssh.service",
        "/user.slice/user-1000.slice/session-3.scope",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-firefox-2087.scope",
        "/lxc/web01",
        "/lxc.payload.web01/system.slice/nginx.service",
        "/machine.slice/systemd-nspawn@trixie.service/payload",
        "/machine.slice/libpod-conmon-ID.scope",
        "/machine.slice/crio-conmon-ID.scope",
        "/kubepods/burstable/pod31dd0274-bb43-4975-bdbc-7e10047a23f8",
        "/process_api/ebb2317d0e887d59abdc76bf8ca9ee66",
        "/build/IDa",
        "/build/xID",
        "/jobs/09f5a4c1b6f94b5e8b0c2d3e4f5a6b7c-1234567890"
      })
  void saysNothingWhereThereIsNoContainer(String path) {
    assertThat(ContainerId.of(path.replace("ID", ID))).isNull();
  }
}
