/** Pod networking with the standard CNI plugins: one veth pair for each pod, routed by the node. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { type Family, NETWORKS } from "../families.ts";
import { inNetwork, type Layout, type Node } from "../layout.ts";
import { run } from "../run.ts";
import type { NodeHandle } from "./node.ts";

/** Folder in which the Debian package containernetworking-plugins installs the plugins. */
const CNI_PLUGINS = "/usr/lib/cni";

/**
 * Runs the CNI plugin `ptp` without IPv6 duplicate address detection. The detection would take up to 2 seconds for each
 * pod. The plugin `tuning` runs after `ptp`, which is too late to disable the detection.
 */
const PTP_WITHOUT_DETECTION = `#!/bin/sh
detection=/proc/sys/net/ipv6/conf/default/accept_dad
[ "$CNI_COMMAND" != ADD ] || nsenter --net="$CNI_NETNS" sh -c "[ ! -e $detection ] || echo 0 > $detection" <&-
exec ${CNI_PLUGINS}/ptp
`;

/** Packet mark that kube-proxy sets to request source NAT. */
const PROXY_MARK = "0x4000";

/**
 * Returns the source NAT rules of a node. Outside hosts have no route to pods. Connections from pods to outside hosts
 * therefore come from the node address. Masquerading in the CNI plugin would also change the source address of packets
 * to pods on the other node. Without a rule, packets that kube-proxy marks would get the address of the veth interface,
 * which is not a Kubernetes node address.
 */
function sourceAddresses(node: Node, family: Family): string {
  const { nftables: ip, hosts, pods, podsOf } = NETWORKS[family];
  return `table ${ip} pods {
  chain postrouting {
    type nat hook postrouting priority srcnat - 1
    meta mark & ${PROXY_MARK} == ${PROXY_MARK} ${ip} daddr ${podsOf[node]} snat to ${hosts[node]}
    ${ip} saddr ${pods} ${ip} daddr != ${pods} masquerade
  }
}
`;
}

/** Installs the CNI plugins and their configuration for containerd. */
export async function configurePodNetwork(
  layout: Layout,
  { name, folder }: NodeHandle,
  families: readonly Family[],
): Promise<void> {
  await mkdir(`${folder}/cni/bin`, { recursive: true });
  await mkdir(`${folder}/cni/net.d`, { recursive: true });
  for (const plugin of ["host-local", "portmap", "loopback"]) {
    await symlink(`${CNI_PLUGINS}/${plugin}`, `${folder}/cni/bin/${plugin}`);
  }
  await writeFile(`${folder}/cni/bin/ptp`, PTP_WITHOUT_DETECTION, { mode: 0o755 });
  const ptp = {
    type: "ptp",
    mtu: 1500,
    ipam: {
      type: "host-local",
      dataDir: `${folder}/cni/data`,
      ranges: families.map((family) => [{ subnet: NETWORKS[family].podsOf[name] }]),
      routes: families.map((family) => ({ dst: NETWORKS[family].anywhere })),
    },
  };
  const portmap = { type: "portmap", snat: true, capabilities: { portMappings: true } };
  const list = { name: "pods", cniVersion: "0.4.0", plugins: [ptp, portmap] };
  await writeFile(`${folder}/cni/net.d/10-pods.conflist`, JSON.stringify(list, null, 2));
  const rules = families.map((family) => sourceAddresses(name, family));
  await run(inNetwork(layout, name, ["nft", "-f", "-"]), { stdin: rules.join("") });
}
