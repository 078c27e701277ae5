/** Runs containerd on one node. Images come from archives instead of a registry. */
import { mkdir, writeFile } from "node:fs/promises";
import type { Daemons } from "../daemons.ts";
import type { Layout } from "../layout.ts";
import { run } from "../run.ts";
import type { NodeHandle } from "./node.ts";

const START_TIMEOUT_MS = 20_000;
/** Name of the containerd namespace that the kubelet uses. */
const KUBERNETES = "k8s.io";

export const containerdSocket = (node: Pick<NodeHandle, "folder">): string =>
  `${node.folder}/containerd.sock`;

export async function startContainerd(daemons: Daemons, node: NodeHandle, pauseImage: string): Promise<void> {
  const { folder } = node;
  const file = `${folder}/containerd.toml`;
  await mkdir(`${folder}/cni/net.d`, { recursive: true });
  await writeFile(
    file,
    `version = 2
root = "${folder}/containerd/root"
state = "${folder}/containerd/state"
[grpc]
  address = "${containerdSocket(node)}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  # Otherwise, runc fails without CAP_SYS_RESOURCE: "can't get final child's PID from pipe".
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${folder}/cni/bin"
    conf_dir = "${folder}/cni/net.d"
`,
  );
  const name = `containerd-${node.name}`;
  daemons.start(node.name, name, node.inside(["containerd", "-c", file]));
  await daemons.until(`${name} answers`, START_TIMEOUT_MS, name, () =>
    run(["ctr", "-a", containerdSocket(node), "version"]),
  );
}

/** Imports an OCI archive on a node. */
export async function importImage(layout: Layout, node: string, archive: string): Promise<void> {
  const socket = containerdSocket({ folder: layout.path(node) });
  await run(["ctr", "-a", socket, "-n", KUBERNETES, "image", "import", archive]);
}
