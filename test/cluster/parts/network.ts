/** Creates the network namespaces of all hosts. A bridge in a separate namespace connects the hosts. */
import { type Family, NETWORKS } from "../families.ts";
import {
  type Host,
  hostNames,
  inNetwork,
  type Layout,
  namespaceOwners,
  type NamespaceOwner,
  type Node,
  nodes,
} from "../layout.ts";
import { run } from "../run.ts";

/**
 * Settings for interfaces that are created later. Disables duplicate address detection, because all addresses are
 * unique. Disables router advertisements, because the network has no router.
 */
const IPV6_SETTINGS = [
  "net.ipv6.conf.all.disable_ipv6=0",
  "net.ipv6.conf.default.disable_ipv6=0",
  "net.ipv6.conf.default.accept_dad=0",
  "net.ipv6.conf.default.accept_ra=0",
];

export async function createNetwork(layout: Layout, families: readonly Family[]): Promise<void> {
  await run(["ip", "netns", "add", layout.namespace("lan")]);
  await ip(layout, "lan", ["link add br0 type bridge", "link set br0 up"]);
  await Promise.all(hostNames.map((host) => createHost(layout, host, families)));
  for (const node of nodes) {
    for (const family of families) await routeNode(layout, node, family);
  }
}

async function createHost(layout: Layout, host: Host, families: readonly Family[]): Promise<void> {
  const namespace = layout.namespace(host);
  await run(["ip", "netns", "add", namespace]);
  if (families.includes("IPv6")) await run(inNetwork(layout, host, ["sysctl", "-qw", ...IPV6_SETTINGS]));
  await ip(layout, "lan", [
    `link add to-${host} type veth peer name eth0 netns ${namespace}`,
    `link set to-${host} master br0 up`,
  ]);
  const addresses = families.map((family) => {
    const { hosts, hostPrefix } = NETWORKS[family];
    return `addr add ${hosts[host]}/${hostPrefix} dev eth0`;
  });
  await ip(layout, host, ["link set lo up", ...addresses, "link set eth0 up"]);
}

/** Configures a node to forward pod packets, and adds a route to the pods on the other node. */
async function routeNode(layout: Layout, node: Node, family: Family): Promise<void> {
  const { hosts, podsOf, forwarding } = NETWORKS[family];
  const peers = nodes.filter((peer) => peer !== node);
  // The kubelet requires a default route, although no network is reachable through this route.
  const routes = peers.map((peer) => `route add ${podsOf[peer]} via ${hosts[peer]}`);
  await ip(layout, node, [`route add default via ${hosts.client}`, ...routes]);
  await run(inNetwork(layout, node, ["sysctl", "-qw", `${forwarding}=1`]));
}

/** Runs several `ip` commands in one process. */
async function ip(layout: Layout, host: NamespaceOwner, commands: readonly string[]): Promise<void> {
  await run(inNetwork(layout, host, ["ip", "-batch", "-"]), { stdin: `${commands.join("\n")}\n` });
}

export async function removeNetwork(layout: Layout): Promise<void> {
  const existing = await run(["ip", "netns", "list"]);
  const names = new Set(existing.split("\n").map((line) => line.split(" ")[0]));
  for (const host of namespaceOwners) {
    const namespace = layout.namespace(host);
    if (names.has(namespace)) await run(["ip", "netns", "delete", namespace]);
  }
}
