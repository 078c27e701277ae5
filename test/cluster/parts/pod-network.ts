/** Pod networking with the standard CNI plugins: one veth pair for each pod, routed by its node. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { hosts, inNetwork, type Layout, type Node, POD_RANGE, podRanges } from "../layout.ts";
import { run } from "../run.ts";
import type { NodeHandle } from "./node.ts";

/** Where Debian's containernetworking-plugins are. */
const CNI_PLUGINS = "/usr/lib/cni";

/** The bit by which kube-proxy marks packets that shall get the node's address. */
const PROXY_MARK = "0x4000";

/**
 * Source addresses. Pods reach the outside clients, which have no route to a pod, with their node's address; the plugin's own
 * masquerading would also hide a pod from the pods of the other node. What kube-proxy masquerades would get the address of the
 * veth, which is no address of the node to Kubernetes.
 */
const sourceAddresses = (node: Node): string => `table ip pods {
  chain postrouting {
    type nat hook postrouting priority srcnat - 1
    meta mark & ${PROXY_MARK} == ${PROXY_MARK} ip daddr ${podRanges[node]} snat to ${hosts[node]}
    ip saddr ${POD_RANGE} ip daddr != ${POD_RANGE} masquerade
  }
}
`;

/** Puts the CNI plugins and their configuration where containerd looks for them. */
export async function configurePodNetwork(layout: Layout, { name, folder }: NodeHandle): Promise<void> {
  await mkdir(`${folder}/cni/bin`, { recursive: true });
  await mkdir(`${folder}/cni/net.d`, { recursive: true });
  for (const plugin of ["ptp", "host-local", "portmap", "loopback"]) {
    await symlink(`${CNI_PLUGINS}/${plugin}`, `${folder}/cni/bin/${plugin}`);
  }
  const ptp = {
    type: "ptp",
    mtu: 1500,
    ipam: {
      type: "host-local",
      dataDir: `${folder}/cni/data`,
      ranges: [[{ subnet: podRanges[name] }]],
      routes: [{ dst: "0.0.0.0/0" }],
    },
  };
  const portmap = { type: "portmap", snat: true, capabilities: { portMappings: true } };
  const list = { name: "pods", cniVersion: "0.4.0", plugins: [ptp, portmap] };
  await writeFile(`${folder}/cni/net.d/10-pods.conflist`, JSON.stringify(list, null, 2));
  await run(inNetwork(layout, name, ["nft", "-f", "-"]), { stdin: sourceAddresses(name) });
}
